-- Books a night at a time, each free: wrk … -s book.lua -- ROOMS GUESTS FIRST_DAY THREADS
-- FIRST_DAY is in days since 1970; ids are 1 to ROOMS and GUESTS.
-- `own`, the number of a thread, is a global: that is how setup hands it over.
local rooms, guests, first, threads, count, started = 1, 1, 0, 1, 0, 0
local day = 86400

function setup(thread)
  thread:set("own", started)
  started = started + 1
end

function init(args)
  rooms, guests, first, threads = tonumber(args[1]), tonumber(args[2]), tonumber(args[3]), tonumber(args[4])
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
end

function request()
  local number = count * threads + own
  count = count + 1
  local night = first + math.floor(number / rooms)
  local body = string.format(
    '{"guest_id":%d,"room_id":%d,"check_in_date":"%s","check_out_date":"%s","adults":1}',
    number % guests + 1, number % rooms + 1, os.date("!%Y-%m-%d", night * day), os.date("!%Y-%m-%d", (night + 1) * day))
  return wrk.format(nil, nil, nil, body)
end
