-- First contacts: each line of the file is the body of one join, sent once. Where one run stopped, the next goes on.
dofile(os.getenv("BENCH_LUA") .. "/numbers.lua")
local file = io.open(os.getenv("BENCH_FILE"), "r")
local head = "POST /join HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: "
offset = tonumber(os.getenv("BENCH_OFFSET"))  -- global: numbers.lua reads it at the end
file:seek("set", offset)

function request()
  local body = file:read("*l")
  if body == nil then
    wrk.thread:stop()  -- the requests ran out: the run is shorter, and its rate is right
    return "GET /plain HTTP/1.1\r\nHost: bench\r\n\r\n"
  end
  offset = offset + #body + 1
  return head .. #body .. "\r\n\r\n" .. body
end
