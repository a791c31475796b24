import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { GROUP, HOME, inHome, USERS } from "#stack/compose/places.ts";
import { REDIS_USERS } from "#stack/secrets.ts";

type Rule = { path: string; uid: number; gid: number; mode: number };

const own = (path: string, uid: number, mode = 0o700): Rule => ({ path, uid, gid: GROUP, mode });

/** Directories of the brief's volumes: each program writes in its own and nowhere else. */
const DIRECTORIES: Rule[] = [
  { path: "", uid: 0, gid: 0, mode: 0o755 },
  { path: "config", uid: 0, gid: 0, mode: 0o711 },
  { path: "config/secrets", uid: 0, gid: 0, mode: 0o700 },
  { path: "config/pki", uid: 0, gid: 0, mode: 0o755 },
  { path: "config/env", uid: 0, gid: 0, mode: 0o755 },
  { path: "config/redis", uid: 0, gid: GROUP, mode: 0o755 },
  { path: "config/prometheus", uid: 0, gid: 0, mode: 0o755 },
  { path: "config/jaeger", uid: 0, gid: 0, mode: 0o755 },
  { path: "config/traefik", uid: 0, gid: 0, mode: 0o755 },
  own("config/traefik/dynamic", USERS.node, 0o755),
  own("config/edge", USERS.node),
  own("config/xray", USERS.node),
  own("config/proxy", USERS["proxy-auth"]),
  own("users", USERS.web),
  { path: "logs", uid: 0, gid: GROUP, mode: 0o2770 },
  { path: "certs", uid: 0, gid: GROUP, mode: 0o750 },
  own("certs/acme", USERS.traefik),
  { path: "data", uid: 0, gid: 0, mode: 0o755 },
  own("data/postgres", USERS.postgres),
  own("data/prometheus", USERS.prometheus),
  own("data/grafana", USERS.grafana),
  own("data/jaeger", USERS.jaeger),
  { path: "data/backups", uid: 0, gid: 0, mode: 0o700 },
];

/** Mounted into containers one by one (compose `secrets`); readable by the group that only our programs are in. */
const SHARED = [
  "database-url",
  "nextauth-secret",
  "proxy-auth-token",
  "postgres-super-password",
  "postgres-password-grafana",
  "grafana-secret-key",
  ...REDIS_USERS.map((name) => `redis-url-${name}`),
];
/** The master key is read by nobody but its reader: a copy each. */
const MASTER_KEY_READERS = ["web", "controller"] as const;
/** node-ca.key: the controller signs for machines that join. */
const SHARED_KEYS = ["controller.key", "agent.key", "proxy-auth.key", "node-ca.key"];

export function makeDirectories(): void {
  for (const { path, uid, gid, mode } of DIRECTORIES) {
    const full = inHome(path);
    mkdirSync(full, { recursive: true });
    chownSync(full, uid, gid);
    chmodSync(full, mode);
  }
}

/** After everything was written: files made just now belong to root alone. */
export function setOwners(): void {
  const share = (path: string) => {
    if (!existsSync(path)) return;
    chownSync(path, 0, GROUP);
    chmodSync(path, 0o640);
  };
  for (const name of SHARED) share(join(HOME, "config/secrets", name));
  for (const reader of MASTER_KEY_READERS) {
    const copy = join(HOME, "config/secrets", `master-key-${reader}`);
    copyFileSync(join(HOME, "config/secrets/master-key"), copy);
    chownSync(copy, USERS[reader], GROUP);
    chmodSync(copy, 0o400);
  }
  for (const name of SHARED_KEYS) share(join(HOME, "config/pki", name));
  share(join(HOME, "config/redis/users.acl"));
  for (const name of readdirSync(join(HOME, "certs")))
    if (name.endsWith(".key")) share(join(HOME, "certs", name));
  for (const path of ["config/edge/services.json", "config/traefik/dynamic/replicas.yml"])
    chownSync(inHome(path), USERS.node, GROUP);
  // Traefik writes them; the controller empties them when they are large (LOG_KEEPER).
  for (const name of ["traefik.log", "traefik-access.log"]) {
    const path = join(HOME, "logs", name);
    writeFileSync(path, "", { flag: "a" });
    chownSync(path, USERS.traefik, GROUP);
    chmodSync(path, 0o660);
  }
  // Where the CLI on this machine looks for logs.
  const link = join(HOME, "config/logs");
  rmSync(link, { recursive: true, force: true });
  symlinkSync("../logs", link);
}
