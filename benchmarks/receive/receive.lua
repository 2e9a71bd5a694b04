-- wrk script: posts the requests of the file named by REQUESTS from the byte OFFSET on, each once. For one thread.
-- A record is four digits, which say how long the request is, and the request. It is read as it is needed, so that a long run
-- takes no memory. Nothing is done with an answer: wrk counts those that are no success by itself.
local file

function setup(thread)
  running = thread
end

function init()
  file = io.open(os.getenv("REQUESTS"), "rb")
  file:setvbuf("full", 1048576)
  file:seek("set", tonumber(os.getenv("OFFSET") or "0"))
  at = file:seek()
end

function request()
  local length = file:read(4)
  if length then
    last = file:read(tonumber(length))
    at = at + 4 + #last
  else
    ended = true -- what follows are duplicates: the caller does not count such a run
  end
  return last
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"seconds":%.6f,"refused":%d,"broken":%d,"p50":%.3f,"p99":%.3f,"most":%.3f,"offset":%d,"ended":%s}\n',
    summary.requests, summary.duration / 1e6, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000,
    running:get("at"), tostring(running:get("ended") == true)))
end
