-- Asks for the targets of a file, one after the other: wrk … -s cycle.lua -- FILE
local requests, at = {}, 0

function init(args)
  for target in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format(nil, target)
  end
  at = math.random(#requests)
end

function request()
  at = at % #requests + 1
  return requests[at]
end
