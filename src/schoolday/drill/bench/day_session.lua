-- Joins with a day session: the students of the file in turn, each time with a new event id.
dofile(os.getenv("BENCH_LUA") .. "/numbers.lua")
local lines, at, run = {}, 0, tonumber(os.getenv("BENCH_RUN"))
for line in io.lines(os.getenv("BENCH_FILE")) do lines[#lines + 1] = line end
local sent_at = os.time() * 1000
local count = 0

function request()
  at = at % #lines + 1
  count = count + 1
  local section, meeting, session = lines[at]:match("(%S+) (%S+) (%S+)")
  local body = string.format(
    '{"meeting":"%s","section":"%s","event":"%08x-%04x-7000-8000-%012x","sent_at":%.0f}',
    meeting, section, os.time(), run, count, sent_at)
  return "POST /join HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nAuthorization: Day " .. session ..
    "\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
end
