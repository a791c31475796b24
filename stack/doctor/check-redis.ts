import { Redis } from "ioredis";
import { type Report, reasonOf } from "#stack/doctor/report.ts";
import { REDIS_USERS, type RedisUser, readSecret } from "#stack/secrets.ts";

/** Redis: each program's own user gets in, the doors cannot write, and nothing is evicted. */
export async function checkRedis(report: Report): Promise<void> {
  const again = "npm run down, then npm run up: it writes the users anew";
  const entered: string[] = [];
  for (const user of REDIS_USERS) {
    const redis = connect(user);
    try {
      await redis.connect();
      await redis.ping();
      entered.push(user);
      if (user === "proxy-auth") await checkDoorRights(report, redis, again);
      if (user === "web") checkMemory(report, await redis.info("memory"), again);
    } catch (error) {
      report.failure(`user ${user}`, {
        detail: reasonOf(error),
        meaning: /WRONGPASS|NOAUTH/.test(reasonOf(error))
          ? "Redis runs with other users than this installation's: perhaps it is another one."
          : "Redis is away: changes take up to 2 s instead of milliseconds, and sign-ins are asked from the database.",
        action: /WRONGPASS|NOAUTH/.test(reasonOf(error)) ? again : "./vpn logs redis, then npm run up",
      });
    } finally {
      redis.disconnect();
    }
  }
  if (entered.length === REDIS_USERS.length)
    report.ok("users", `${entered.join(", ")} get in with their own passwords`);
}

function connect(user: RedisUser): Redis {
  const redis = new Redis(readSecret(`redis-url-${user}`), {
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: 2_000,
    commandTimeout: 2_000,
    maxRetriesPerRequest: 0,
  });
  // What goes wrong is told by the call that failed.
  redis.on("error", () => undefined);
  return redis;
}

async function checkDoorRights(report: Report, redis: Redis, again: string): Promise<void> {
  const answer = await redis.set("session:doctor", "1", "EX", 1).catch((error: Error) => error.message);
  if (String(answer).includes("NOPERM"))
    return void report.ok("rights", "the doors may read sessions and write nothing");
  report.failure("rights", {
    detail: "proxy-auth may write sessions",
    meaning: "The program that faces strangers could make itself a session.",
    action: again,
  });
}

function checkMemory(report: Report, info: string, again: string): void {
  const field = (name: string) => new RegExp(`^${name}:(.*)$`, "m").exec(info)?.[1]?.trim() ?? "";
  const policy = field("maxmemory_policy");
  if (policy === "noeviction")
    return void report.ok("memory", `${field("used_memory_human")} in use, nothing is evicted`);
  report.failure("memory", {
    detail: `maxmemory-policy is ${policy}, not noeviction`,
    meaning: "Jobs could vanish when memory is short.",
    action: again,
  });
}
