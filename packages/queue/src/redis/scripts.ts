// Keys are made of the prefix `ez:`, so that they stand beside BullMQ's own; one Redis, no cluster.
// Of a job: `ez:job:<id>` (what it is), `:data` (row → data), `:states` (a byte a row: w waiting, i intent, a answered,
// u unsent, d in doubt), `:lanes` (two bytes a row), `:lane:<n>` (rows of an account, in order), `:counts`,
// `:intents` (row → worker), `:attempts` (row → how often, when it was sent before), `:ended` (stream of results).

const helpers = `
local function key(id, part) return 'ez:job:' .. id .. part end
local function stateOf(id, row) return redis.call('GETRANGE', key(id, ':states'), row, row) end
local function laneOf(id, row)
  local bytes = redis.call('GETRANGE', key(id, ':lanes'), row * 2, row * 2 + 1)
  return string.byte(bytes, 1) * 256 + string.byte(bytes, 2)
end
`

/** Adds rows: id, then number, key and data of each. */
export const addRows: string = `${helpers}
local id = ARGV[1]
if redis.call('EXISTS', key(id, '')) == 0 then return 0 end
for at = 2, #ARGV, 3 do
  local row, account = tonumber(ARGV[at]), ARGV[at + 1]
  local lane = redis.call('HGET', key(id, ':accounts'), account)
  if not lane then
    lane = redis.call('HLEN', key(id, ':accounts'))
    redis.call('HSET', key(id, ':accounts'), account, lane)
  end
  lane = tonumber(lane)
  redis.call('SETRANGE', key(id, ':states'), row, 'w')
  redis.call('SETRANGE', key(id, ':lanes'), row * 2, string.char(math.floor(lane / 256), lane % 256))
  redis.call('RPUSH', key(id, ':lane:' .. lane), row)
  redis.call('HSET', key(id, ':data'), row, ARGV[at + 2])
  redis.call('HINCRBY', key(id, ':counts'), lane .. ':rows', 1)
  redis.call('HINCRBY', key(id, ''), 'rows', 1)
end
return 1`

/** Changes a job's state: id, new state, states that it may have. */
export const moveJob: string = `${helpers}
local id, state = ARGV[1], ARGV[2]
local now = redis.call('HGET', key(id, ''), 'state')
local may = false
for at = 3, #ARGV do if ARGV[at] == now then may = true end end
if not may then return 0 end
redis.call('HSET', key(id, ''), 'state', state)
if state == 'running' or state == 'cancelled' then redis.call('SADD', 'ez:open', id) else redis.call('SREM', 'ez:open', id) end
if state == 'running' then
  for _, lane in ipairs(redis.call('HVALS', key(id, ':accounts'))) do
    redis.call('HSET', key(id, ':counts'), lane .. ':fed', 0)
  end
end
return 1`

/** Rows of a lane that have not ended: id, key, position, how many. Answers the next position, then the rows. */
export const laneRows: string = `${helpers}
local id, position, limit = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4])
local lane = redis.call('HGET', key(id, ':accounts'), ARGV[2])
if not lane then return { position } end
local found = { position }
for _ = 1, 20 do
  local rows = redis.call('LRANGE', key(id, ':lane:' .. lane), position, position + limit - 1)
  if #rows == 0 then break end
  for _, row in ipairs(rows) do
    position = position + 1
    local state = stateOf(id, row)
    if state == 'w' or state == 'i' then
      found[#found + 1] = tonumber(row)
      if #found > limit then break end
    end
  end
  if #found > limit then break end
end
found[1] = position
return found`

/** Writes intents: worker, then id, row and whether it may be sent again, of each. Answers three texts for each. */
export const begin: string = `${helpers}
local worker = ARGV[1]
local told = {}
for at = 2, #ARGV, 3 do
  local id, row, repeatable = ARGV[at], tonumber(ARGV[at + 1]), ARGV[at + 2] == '1'
  local job = redis.call('HGET', key(id, ''), 'state')
  local state = job and stateOf(id, row) or ''
  local holder = state == 'i' and redis.call('HGET', key(id, ':intents'), row) or ''
  -- An intent of its own that it asks for again was never sent: its answer was lost.
  local others = state == 'i' and holder ~= worker
  local may = 'send'
  if state == '' or string.byte(state) == 0 then may = 'drop'
  elseif state ~= 'w' and state ~= 'i' then may = 'skip'
  elseif others and redis.call('EXISTS', 'ez:worker:' .. holder) == 1 then may = 'wait'
  elseif others and job == 'cancelled' then may = 'doubt'
  elseif job ~= 'running' then may = 'drop'
  elseif others and not repeatable then may = 'doubt'
  end
  told[#told + 1] = may
  if may == 'send' then
    redis.call('SETRANGE', key(id, ':states'), row, 'i')
    redis.call('HSET', key(id, ':intents'), row, worker)
    told[#told + 1] = redis.call('HGET', key(id, ':attempts'), row) or '0'
    told[#told + 1] = redis.call('HGET', key(id, ':data'), row)
  else
    told[#told + 1] = '0'
    told[#told + 1] = ''
  end
end
return told`

/** Ends rows: then id, row, letter of the end, and result, of each. */
export const finish: string = `${helpers}
local names = { a = ':answered', u = ':unsent', d = ':doubt' }
for at = 1, #ARGV, 4 do
  local id, row, ended = ARGV[at], tonumber(ARGV[at + 1]), ARGV[at + 2]
  local state = redis.call('EXISTS', key(id, '')) == 1 and stateOf(id, row) or ''
  if state == 'w' or state == 'i' or (state == 'd' and ended == 'a') then
    local lane = laneOf(id, row)
    redis.call('SETRANGE', key(id, ':states'), row, ended)
    redis.call('HDEL', key(id, ':intents'), row)
    redis.call('HDEL', key(id, ':attempts'), row)
    redis.call('HINCRBY', key(id, ':counts'), lane .. names[ended], 1)
    if state == 'd' then redis.call('HINCRBY', key(id, ':counts'), lane .. ':doubt', -1) end
    redis.call('XADD', key(id, ':ended'), '*', 'r', row, 'e', ended, 'j', ARGV[at + 3])
  end
end
return 1`

/** Ends running jobs without rows that have not ended, and forgets cancelled ones. */
export const endJobs: string = `${helpers}
for _, id in ipairs(redis.call('SMEMBERS', 'ez:open')) do
  local left = 0
  local counts = redis.call('HGETALL', key(id, ':counts'))
  for at = 1, #counts, 2 do
    local name, count = counts[at], tonumber(counts[at + 1])
    if string.match(name, ':rows$') then left = left + count
    elseif not string.match(name, ':fed$') then left = left - count end
  end
  if left <= 0 then
    if redis.call('HGET', key(id, ''), 'state') == 'running' then redis.call('HSET', key(id, ''), 'state', 'done') end
    redis.call('SREM', 'ez:open', id)
  end
end
return 1`

/** Takes intents back: worker, then id, row and whether it counts as an attempt, of each. */
export const release: string = `${helpers}
for at = 2, #ARGV, 3 do
  local id, row = ARGV[at], tonumber(ARGV[at + 1])
  if redis.call('HGET', key(id, ':intents'), row) == ARGV[1] and stateOf(id, row) == 'i' then
    redis.call('SETRANGE', key(id, ':states'), row, 'w')
    redis.call('HDEL', key(id, ':intents'), row)
    if ARGV[at + 2] == '1' then redis.call('HINCRBY', key(id, ':attempts'), row, 1) end
  end
end
return 1`
