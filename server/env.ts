import { readFileSync } from "node:fs";
import { z } from "zod";

/**
 * The only reader of process.env. Secrets come as files (`*_FILE`, mode 0600): an environment is inherited by
 * children and shows in /proc. A wrong value stops the start with one line that names the variable.
 */
const port = z.coerce.number().int().min(1).max(65535);
const secretFile = z.string().transform((path, ctx) => {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    ctx.addIssue({ code: "custom", message: `cannot be read: ${(error as Error).message}` });
    return z.NEVER;
  }
});
/** Comma-separated list, empty = none. */
const list = z
  .string()
  .default("")
  .transform((text) =>
    text
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== ""),
  );

const tracing = {
  /** A collector of traces, OTLP over HTTP (http://127.0.0.1:4318); empty = no tracing. */
  OTLP_ENDPOINT: z.union([z.literal(""), z.url({ protocol: /^https?$/ })]).default(""),
  /** Share of traces that are kept, 0–1. */
  TRACE_SAMPLE_RATIO: z.coerce.number().min(0).max(1).default(1),
};
/** Comma-separated name=value pairs. */
const pairs = list.transform((items) =>
  Object.fromEntries(
    items.map((item) => {
      const at = item.indexOf("=");
      return [item.slice(0, at), item.slice(at + 1)] as const;
    }),
  ),
);

const flag = z.enum(["0", "1"]);
/** Where log lines go and how long they stay (server/logger.ts, server/log-files/). */
const logs = {
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace"]).default("info"),
  /** Files, one a program; empty = none. */
  LOG_DIR: z.string().optional(),
  /** 0: in files only. */
  LOG_STDOUT: flag.optional(),
  /** 1: `<program>-<hostname>.log`, for replicas that share a directory. */
  LOG_PER_HOST: flag.optional(),
  LOG_FILE_MB: z.coerce.number().positive().optional(),
  LOG_TOTAL_MB: z.coerce.number().positive().optional(),
  LOG_KEEP_DAYS: z.coerce.number().positive().optional(),
  /** 1: keep what people visit through the VPN and the proxies. Off unless the law or an incident asks for it. */
  LOG_DESTINATIONS: flag.optional(),
  /** 1: this process puts aside what programs that are not ours write (one per directory). */
  LOG_KEEPER: flag.optional(),
};
const common = {
  ...logs,
  ...tracing,
};

const programs = {
  web: z.object({
    ...common,
    WEB_PORT: port.default(9002),
    WEB_INTERNAL_HOST: z.string().default("127.0.0.1"),
    WEB_INTERNAL_PORT: port.default(9006),
    /** https://host[:port] as people type it; the only accepted Origin. */
    PANEL_URL: z.url(),
    /** 0: the HTTP proxy's port speaks no TLS. */
    HTTP_PROXY_TLS: flag.default("1"),
    /** host:port as clients dial them. */
    HTTP_PROXY_ADDRESS: z.string(),
    SOCKS_PROXY_ADDRESS: z.string(),
    DATABASE_URL_FILE: secretFile,
    REDIS_URL_FILE: secretFile,
    /** Path, not content: the key itself stays out of every environment and is read by server/crypto.ts. */
    MASTER_KEY_FILE: z.string(),
    /** next-auth's own secret (CSRF cookie of its sign-in route). */
    NEXTAUTH_SECRET_FILE: secretFile,
    /** What signs the panel's certificate, for people and machines to compare; left out: a public CA. */
    WEB_CA_FILE: z.string().optional(),
    /** Program tokens for /internal. */
    PROXY_AUTH_TOKEN_FILE: secretFile,
    /** Who may set X-Forwarded-*: Traefik. */
    TRUSTED_PROXIES: list,
    /** name=url pairs of health endpoints for the status page: `traefik=http://127.0.0.1:8082/ping,…` */
    PROGRAM_HEALTH: list,
    /** http://127.0.0.1:9090; empty = this installation has none. */
    PROMETHEUS_URL: z.union([z.url(), z.literal("")]).default(""),
    /** http://grafana:3000 as web dials it; empty = this installation has none. */
    GRAFANA_URL: z.union([z.url(), z.literal("")]).default(""),
    /** Jaeger's query API as web dials it (http://127.0.0.1:16686, http://jaeger:16686/jaeger); empty = none. */
    JAEGER_QUERY_URL: z.union([z.url(), z.literal("")]).default(""),
  }),
  /** Run once by every `up`, on the server: owner, local node, CLI token. */
  provision: z.object({
    ...common,
    PANEL_URL: z.url(),
    HTTP_PROXY_ADDRESS: z.string(),
    SOCKS_PROXY_ADDRESS: z.string(),
    DATABASE_URL_FILE: secretFile,
    REDIS_URL_FILE: secretFile.optional(),
    MASTER_KEY_FILE: z.string(),
  }),
  controller: z.object({
    ...common,
    CONTROLLER_HOST: z.string().default("127.0.0.1"),
    CONTROLLER_PORT: port.default(9003),
    DATABASE_URL_FILE: secretFile,
    REDIS_URL_FILE: secretFile,
    MASTER_KEY_FILE: z.string(),
    NODE_CA_FILE: z.string(),
    /** Read by the controller alone: signs for machines that join. Left out: none can. */
    NODE_CA_KEY_FILE: z.string().optional(),
    CONTROLLER_CERT_FILE: z.string(),
    CONTROLLER_KEY_FILE: z.string(),
    /** name=path pairs of certificates whose end is watched. */
    CERTIFICATE_FILES: pairs,
    /** What users opened and were refused at the doors, and the addresses they came from, are kept this long. */
    CONNECTION_HISTORY_DAYS: z.coerce.number().int().min(1).max(366).default(90),
  }),
  "proxy-auth": z.object({
    ...common,
    PROXY_AUTH_HOST: z.string().default("127.0.0.1"),
    FORWARD_AUTH_PORT: port.default(9001),
    /** ForwardAuth alone once more, over TLS and HTTP/2; without the files it is off. */
    FORWARD_AUTH_TLS_PORT: port.default(9007),
    FORWARD_AUTH_CERT_FILE: secretFile.optional(),
    FORWARD_AUTH_KEY_FILE: secretFile.optional(),
    /** Proxy listeners behind Traefik's :8888 and :1080; both require PROXY protocol v2. */
    HTTP_PROXY_LISTEN_PORT: port.default(9011),
    SOCKS_PROXY_LISTEN_PORT: port.default(9012),
    /** 1: clients come straight to both proxies, on every address: no PROXY header, no TLS on the HTTP proxy's port. */
    DOORS_DIRECT: flag.default("0"),
    /** UDP ports of SOCKS5's UDP ASSOCIATE, public and bound by proxy-auth itself: `10800-10899`; empty = no UDP. */
    SOCKS_UDP_PORTS: z.string().default(""),
    SOCKS_UDP_HOST: z.string().default("0.0.0.0"),
    /** The IP address that clients send to; a name or empty = the one they know the proxy by. */
    SOCKS_UDP_ADDRESS: z.string().default(""),
    PANEL_URL: z.url(),
    WEB_INTERNAL_URL: z.url(),
    INTERNAL_TOKEN_FILE: secretFile,
    REDIS_URL_FILE: secretFile,
    TRUSTED_PROXIES: list,
    ALLOWED_PRIVATE_TARGETS: list,
    /** Ports of our own listeners on this machine: refused unless ALLOWED_PRIVATE_TARGETS names address and port. */
    OWN_PORTS: list.transform((items) => items.map((item) => port.parse(item))),
    /** Journal and replica live here. `slot-N`: its siblings are other replicas' (docker/claim-slot.sh). */
    STATE_DIR: z.string(),
    /** Processes that share the listeners; left out: one a processor, at most 4. */
    PROXY_AUTH_WORKERS: z.coerce.number().int().min(1).max(64).optional(),
    /** Set by the first process for the others: which of them this is. */
    PROXY_AUTH_WORKER: z.coerce.number().int().min(0).optional(),
    /** Tunnels and requests one process carries at once; above it new ones are refused early. */
    DOORS_MAX_TUNNELS: z.coerce.number().int().min(10).default(20_000),
    /** Per installation, over all processes; left out: no limit. A user's own limit goes first. */
    DOORS_USER_MAX_TUNNELS: z.coerce.number().int().positive().optional(),
    DOORS_USER_TUNNELS_PER_SECOND: z.coerce.number().positive().optional(),
    DOORS_IP_MAX_TUNNELS: z.coerce.number().int().positive().optional(),
    DOORS_IP_TUNNELS_PER_SECOND: z.coerce.number().positive().optional(),
    /** How long a stage of a connection may take. The handshake: PROXY header, and all of SOCKS before its request. */
    DOORS_HANDSHAKE_SECONDS: z.coerce.number().positive().default(15),
    /** The head of an HTTP request. */
    DOORS_HEADER_SECONDS: z.coerce.number().positive().default(20),
    DOORS_CONNECT_SECONDS: z.coerce.number().positive().default(10),
    /** Silence on both sides of a tunnel; of a plain request at most 5 minutes, of a half-closed tunnel 2. */
    DOORS_IDLE_SECONDS: z.coerce.number().positive().default(1_800),
    /** A tunnel, request or UDP association is ended at this age, however busy; empty = never. */
    DOORS_LIFETIME_SECONDS: z
      .union([z.literal("").transform(() => null), z.coerce.number().positive()])
      .default(86_400),
    /** After SIGTERM, how long open tunnels may go on while no new ones come. */
    DRAIN_SECONDS: z.coerce.number().int().min(0).max(600).default(0),
  }),
  "node-agent": z.object({
    ...common,
    AGENT_HOST: z.string().default("127.0.0.1"),
    AGENT_PORT: port.default(9004),
    AGENT_HEALTH_PORT: port.default(9005),
    /** Left out: AGENT_HOST. A node elsewhere listens for the controller on every address, for this on its own only. */
    AGENT_HEALTH_HOST: z.string().optional(),
    /** Traefik's public port for inbounds behind it: clients' sockets are ended there. */
    EDGE_PUBLIC_PORT: port.default(443),
    /** Unix socket of the edge helper, where Traefik is in another network namespace; empty: it is in this one. */
    EDGE_SOCKET: z.string().default(""),
    /** host:port that answers while Traefik runs. */
    EDGE_TRAEFIK: z.string().default("traefik:8082"),
    NODE_CA_FILE: z.string(),
    AGENT_CERT_FILE: z.string(),
    AGENT_KEY_FILE: z.string(),
    XRAY_BIN: z.string(),
    ALLOWED_PRIVATE_TARGETS: list,
    OWN_PORTS: list.transform((items) => items.map((item) => port.parse(item))),
    /** Snapshot, journal, Xray's config, sockets and `xray.pid` live here. */
    STATE_DIR: z.string(),
    LOG_DIR: z.string(),
  }),
  /** Beside Traefik in compose: docs/decisions/012-containers.md. */
  edge: z.object({
    ...common,
    EDGE_SOCKET: z.string(),
    EDGE_PUBLIC_PORT: port.default(443),
    /** Traefik's services by name, and where the same with addresses are written for Traefik. */
    EDGE_SERVICES_FILE: z.string(),
    EDGE_ROUTES_FILE: z.string(),
  }),
  /** Run once on a machine that becomes a node. */
  "node-join": z.object({
    ...common,
    STATE_DIR: z.string().default("/etc/xray"),
    /** The rest is for a container that is a node by itself (docker/Dockerfile). */
    JOIN_TOKEN: z.string().optional(),
    PATH: z.string().default("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
    LOG_DIR: z.string().default("/var/log/vpn"),
    XRAY_BIN: z.string().default("/usr/local/bin/xray"),
    AGENT_HEALTH_PORT: port.default(9005),
    ALLOWED_PRIVATE_TARGETS: list,
  }),
  /** `npm run up` and its kin: what an operator may set. */
  stack: z.object({
    PATH: z.string().default("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
    HOME: z.string().default("/root"),
    ...logs,
    ...tracing,
    /** State of this installation; a second one beside it takes another directory. */
    CAUSEWAY_DATA_DIR: z.string().default(".data"),
    /** Built and fetched tools, shared by all checkouts of this machine. */
    CAUSEWAY_CACHE_DIR: z.string().optional(),
    /** How often Prometheus asks; alerts' patience scales with it (tests). A program with a silent server needs 1 s. */
    CAUSEWAY_SCRAPE_SECONDS: z.coerce.number().int().min(2).max(300).default(10),
    CAUSEWAY_SKIP_SELF_CHECK: z.enum(["0", "1"]).default("0"),
    ALLOWED_PRIVATE_TARGETS: list,
    /** Of proxy-auth (see there). */
    SOCKS_UDP_PORTS: z.string().optional(),
    PROXY_AUTH_WORKERS: z.string().optional(),
    DOORS_DIRECT: flag.default("0"),
    /** Of the controller (see there). */
    CONNECTION_HISTORY_DAYS: z.string().optional(),
    DOORS_MAX_TUNNELS: z.string().optional(),
    DOORS_USER_MAX_TUNNELS: z.string().optional(),
    DOORS_USER_TUNNELS_PER_SECOND: z.string().optional(),
    DOORS_IP_MAX_TUNNELS: z.string().optional(),
    DOORS_IP_TUNNELS_PER_SECOND: z.string().optional(),
    DOORS_HANDSHAKE_SECONDS: z.string().optional(),
    DOORS_HEADER_SECONDS: z.string().optional(),
    DOORS_CONNECT_SECONDS: z.string().optional(),
    DOORS_IDLE_SECONDS: z.string().optional(),
    DOORS_LIFETIME_SECONDS: z.string().optional(),
    /** host:port of a foreign TLS site for Reality; default is our own entry point. */
    REALITY_TARGET: z.string().optional(),
    /** An own Grafana (docker/grafana) or Jaeger to show at /grafana and /jaeger: http://host:port */
    GRAFANA_URL: z.union([z.url(), z.literal("")]).optional(),
    JAEGER_URL: z.union([z.url(), z.literal("")]).optional(),
  }),
} as const;

export type ProgramEnv<P extends keyof typeof programs> = z.infer<(typeof programs)[P]>;

export function readEnv<P extends keyof typeof programs>(program: P): ProgramEnv<P> {
  const parsed = programs[program].safeParse(process.env);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new Error(`${program} cannot start, wrong settings: ${lines.join("; ")}`);
  }
  return parsed.data as ProgramEnv<P>;
}
