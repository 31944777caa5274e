-- Counts one more of an address, in microseconds of Redis' own clock: instances need not agree on the time.
-- KEYS[1]: the address in its budget. ARGV: how long until one more is free, how many at once.
-- Kept is the moment at which all of the budget is free again. Answers how long to wait (0: not at all), and how many are left.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval = tonumber(ARGV[1])
local whole = interval * tonumber(ARGV[2])
local free = tonumber(redis.call('GET', KEYS[1]) or now)
-- A clock that was set back must not lock anybody out.
free = math.min(math.max(free, now), now + whole) + interval
local wait = free - now - whole
if wait > 0 then
  return { wait, 0 }
end
-- As a plain number Lua would write only fourteen of its sixteen digits.
redis.call('SET', KEYS[1], string.format('%.0f', free), 'PX', math.ceil((free - now) / 1000))
return { 0, math.floor(-wait / interval) }
