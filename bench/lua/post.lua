-- wrk -s post.lua URL -- KEY PATH BODIES: posts each line of the file BODIES in turn.
require("report")
local requests, i = {}, 0

function init(args)
  local headers = { ["x-api-key"] = args[1], ["content-type"] = "application/json" }
  for n, body in ipairs(lines(args[3])) do
    requests[n] = wrk.format("POST", args[2], headers, body)
  end
end

function request()
  i = i % #requests + 1
  return requests[i]
end
