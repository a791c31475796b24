import type { Redis } from "ioredis";

/** What other processes have said counts this long: a process that was killed holds nothing after it. */
const BELIEVED_MS = 3_000;

/**
 * Judges and books in one step, so that processes cannot both take the last place. A check is a count (each process's
 * own number in a hash, as "number moment") or a rate (a token bucket). Answers 0, or which check fails (from 1).
 */
const SCRIPT = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local process, believed = ARGV[1], tonumber(ARGV[2])
local writes = {}
for i, key in ipairs(KEYS) do
  local kind, own, limit = ARGV[i * 3], tonumber(ARGV[i * 3 + 1]), tonumber(ARGV[i * 3 + 2])
  if kind == 'count' then
    local total = own
    local all = redis.call('HGETALL', key)
    for f = 1, #all, 2 do
      if all[f] ~= process then
        local n, at = string.match(all[f + 1], '^(%d+) (%d+)$')
        if tonumber(at) > now - believed then total = total + tonumber(n) else redis.call('HDEL', key, all[f]) end
      end
    end
    if total > limit then return i end
    writes[#writes + 1] = { believed * 4, key, process, own .. ' ' .. now }
  else
    local state = redis.call('HMGET', key, 'tokens', 'at')
    local tokens = math.min(own, (tonumber(state[1]) or own) + (now - (tonumber(state[2]) or now)) * limit / 1000)
    if tokens < 1 then return i end
    local full = math.ceil(own / limit * 1000)
    writes[#writes + 1] = { math.max(believed * 4, full), key, 'tokens', tostring(tokens - 1), 'at', tostring(now) }
  end
end
for _, write in ipairs(writes) do
  redis.call('HSET', unpack(write, 2))
  redis.call('PEXPIRE', write[2], write[1])
end
return 0`;

/** Says what each of these users does here and answers what all processes together do: "own total" a user. */
const SHARE_SCRIPT = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local process, believed = ARGV[1], tonumber(ARGV[2])
local totals = {}
for i, key in ipairs(KEYS) do
  redis.call('HSET', key, process, ARGV[i + 2] .. ' ' .. now)
  redis.call('PEXPIRE', key, believed * 4)
  local total = 0
  local all = redis.call('HGETALL', key)
  for f = 1, #all, 2 do
    local n, at = string.match(all[f + 1], '^(%d+) (%d+)$')
    if tonumber(at) > now - believed then total = total + tonumber(n) else redis.call('HDEL', key, all[f]) end
  end
  totals[i] = total
end
return totals`;

export type Check =
  | { kind: "count"; key: string; own: number; limit: number }
  | { kind: "rate"; key: string; burst: number; perSecond: number };

/** What the processes of one installation tell each other through Redis. Throws while it is away. */
export class Ledger {
  readonly #redis: Redis;
  readonly #process: string;

  constructor(redis: Redis, process: string) {
    this.#redis = redis;
    this.#process = process;
  }

  /** Null: booked. Otherwise the check that fails; then nothing was booked. */
  async book(checks: readonly Check[]): Promise<Check | null> {
    const args = checks.flatMap((check) =>
      check.kind === "count"
        ? [check.kind, check.own, check.limit]
        : [check.kind, check.burst, check.perSecond],
    );
    const keys = checks.map(({ key }) => `doors:${key}`);
    const failing = await this.#redis.eval(SCRIPT, keys.length, ...keys, this.#process, BELIEVED_MS, ...args);
    return checks[Number(failing) - 1] ?? null;
  }

  /** Totals over all processes, in the order asked. */
  async share(numbers: readonly { key: string; own: number }[]): Promise<number[]> {
    if (numbers.length === 0) return [];
    const keys = numbers.map(({ key }) => `doors:${key}`);
    const own = numbers.map((number) => number.own);
    const totals = await this.#redis.eval(
      SHARE_SCRIPT,
      keys.length,
      ...keys,
      this.#process,
      BELIEVED_MS,
      ...own,
    );
    return (totals as unknown[]).map(Number);
  }
}
