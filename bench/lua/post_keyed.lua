-- wrk -s post_keyed.lua URL -- KEY PATH BODIES SEED: the same, each with a fresh random Idempotency-Key.
require("report")
local MARK = "00000000000000000000000000000000"
local heads, tails, i = {}, {}, 0
local random, form = math.random, string.format

function init(args)
  math.randomseed(tonumber(args[4]))
  local headers = {
    ["x-api-key"] = args[1], ["content-type"] = "application/json", ["idempotency-key"] = MARK,
  }
  for n, body in ipairs(lines(args[3])) do
    local whole = wrk.format("POST", args[2], headers, body)
    local from, to = whole:find(MARK, 1, true)
    heads[n], tails[n] = whole:sub(1, from - 1), whole:sub(to + 1)
  end
end

local function word()
  return random(0, 4294967295)
end

function request()
  i = i % #heads + 1
  return heads[i] .. form("%08x%08x%08x%08x", word(), word(), word(), word()) .. tails[i]
end
