-- Counts answers by status and prints one line that bench/load.py reads.
local threads = {}
ok, other = 0, 0

function setup(thread)
  table.insert(threads, thread)
end

function response(status)
  if status >= 200 and status < 300 then ok = ok + 1 else other = other + 1 end
end

function done(summary, latency)
  local good, bad = 0, 0
  for _, thread in ipairs(threads) do
    good, bad = good + thread:get("ok"), bad + thread:get("other")
  end
  local e = summary.errors
  print(string.format(
    'BENCH {"ok":%d,"other":%d,"broken":%d,"seconds":%.6f,"mean_us":%.1f,"p50_us":%d,"p99_us":%d}',
    good, bad, e.connect + e.read + e.write + e.timeout, summary.duration / 1e6,
    latency.mean, latency:percentile(50), latency:percentile(99)))
end

function lines(path)
  local found = {}
  for line in io.lines(path) do table.insert(found, line) end
  return found
end
