-- wrk script: posts the deliveries of the file named by DELIVERIES, each thread its own share, each line once.
local path = os.getenv("DELIVERIES")
local threads = tonumber(os.getenv("THREADS") or "1")
local counter = 0

function setup(thread)
  thread:set("share", counter)
  counter = counter + 1
end

function init()
  lines = {}
  local number = 0
  for line in io.lines(path) do
    if number % threads == share then
      lines[#lines + 1] = line
    end
    number = number + 1
  end
  at = 0
end

function request()
  at = at + 1
  if at > #lines then
    at = 1 -- the file is used up: what follows are duplicates; make it longer
    print("deliveries used up")
  end
  local line = lines[at]
  return wrk.format("POST", "/webhooks/esimfly", {
    ["Content-Type"] = "application/json",
    ["X-eSIMfly-Signature"] = line:sub(1, 64),
    ["X-eSIMfly-Event"] = "order.created",
    ["X-eSIMfly-Delivery-ID"] = line:sub(1, 32),
  }, line:sub(66))
end

local failed = 0
function response(status)
  if status ~= 200 then
    failed = failed + 1
    if failed == 1 then
      print("first answer other than 200: " .. status)
    end
  end
end
