import { mkdirSync } from "node:fs";
import { sha256, writeIfChanged } from "#stack/files.ts";
import { inData } from "#stack/paths.ts";
import { REDIS_USERS, type RedisUser, readSecret } from "#stack/secrets.ts";

const EVERYDAY = "+@all -@admin -@dangerous +info";
/** What each program may do. Nobody may administer; the doors, which face strangers, read sessions, listen, and keep counts. */
const RIGHTS: Record<RedisUser, string> = {
  web: `~session:* ~handoff:* ~limit:* ~lease:* ~bull:* ~doors:answer:* &changes &doors &nodes ${EVERYDAY}`,
  controller: `~lease:* ~bull:* ~doors:answer:* &changes &nodes ${EVERYDAY}`,
  "proxy-auth":
    "%R~session:* ~doors:* &changes &doors +@connection -@admin -@dangerous +get +hset +hdel +hgetall +hmget +pexpire +time +eval +subscribe +unsubscribe +info",
};

/** Paths as Redis sees them. */
export type RedisPlaces = { bind: string; port: number; directory: string; aclFile: string };

/** Redis holds only what may be lost: no persistence, loopback, one user a program. Answers its arguments. */
export function prepareRedis(port: number): string[] {
  mkdirSync(inData("redis"), { recursive: true, mode: 0o700 });
  const aclFile = inData("redis", "users.acl");
  const path = inData("redis", "redis.conf");
  writeIfChanged(aclFile, redisAcl());
  writeIfChanged(path, redisConfig({ bind: "127.0.0.1", port, directory: inData("redis"), aclFile }));
  return [path];
}

export function redisAcl(): string {
  const users = REDIS_USERS.map((name) => {
    const hash = sha256(readSecret(`redis-password-${name}`));
    return `user ${name} on #${hash} resetkeys resetchannels -@all ${RIGHTS[name]}`;
  });
  return `user default off\n${users.join("\n")}\n`;
}

export function redisConfig({ bind, port, directory, aclFile }: RedisPlaces): string {
  const lines = [
    `bind ${bind}`,
    `port ${port}`,
    "protected-mode yes",
    "daemonize no",
    'save ""',
    "appendonly no",
    // BullMQ needs its keys to stay.
    "maxmemory-policy noeviction",
    `dir ${JSON.stringify(directory)}`,
    `aclfile ${JSON.stringify(aclFile)}`,
  ];
  return `${lines.join("\n")}\n`;
}
