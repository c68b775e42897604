-- wrk -s get.lua URL -- KEY PATHS: gets each line of the file PATHS in turn.
require("report")
local requests, i = {}, 0

function init(args)
  for n, path in ipairs(lines(args[2])) do
    requests[n] = wrk.format("GET", path, { ["x-api-key"] = args[1] })
  end
end

function request()
  i = i % #requests + 1
  return requests[i]
end
