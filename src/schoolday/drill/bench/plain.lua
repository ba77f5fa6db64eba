-- The ceiling: the same server, nothing to do.
dofile(os.getenv("BENCH_LUA") .. "/numbers.lua")
wrk.path = "/plain"
