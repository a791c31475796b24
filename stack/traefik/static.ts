import type { Addresses } from "#stack/addresses.ts";
import type { Ports } from "#stack/settings.ts";

/** Refused in a path of a guarded entry point: router, ForwardAuth and upstream could read them differently. */
const NO_ENCODED_CHARACTERS = {
  allowEncodedSlash: false,
  allowEncodedBackSlash: false,
  allowEncodedNullCharacter: false,
  allowEncodedSemicolon: false,
  allowEncodedPercent: false,
  allowEncodedQuestionMark: false,
  allowEncodedHash: false,
};
/**
 * `Remote_User` and its like never pass as `Remote-User`. Heads end where ForwardAuth can still read them: over
 * HTTP/2 that is 64 KiB, each line counted as 32 bytes longer than it is, and Traefik takes 4 KiB more than it says.
 */
const HTTP = { aliasHeadersStrategy: "delete", maxHeaderBytes: 49_152 };
/** Nothing is written of a request that no router took: its path may be a secret that was mistyped (dynamic.ts). */
const UNSEEN = { accessLogs: false, tracing: false };
/** A request's id is ours, not the client's. */
const WITHOUT_CLIENT_ID = { middlewares: ["no-request-id@file"] };
const LOGGED_FIELDS = [
  "ClientHost",
  "DownstreamContentSize",
  "DownstreamStatus",
  "Duration",
  "OriginStatus",
  "RequestHost",
  "RequestMethod",
  "RequestPath",
  "RouterName",
  "StartUTC",
  "entryPointName",
  "trace_id",
];

export type TraefikTracing = { endpoint: string; sampleRatio: number };
export type TraefikPaths = {
  dynamicDirectory: string;
  accessLog: string;
  /** Its own words; left out: stdout. */
  log?: string;
};

/** Entry points and what Traefik says about itself; the routes are in dynamic.ts. */
export function traefikStatic(
  ports: Ports,
  { innerHost }: Addresses,
  paths: TraefikPaths,
  tracing: TraefikTracing | null = null,
  hasDirectDoors = false,
) {
  const inside = (port: number) => `${innerHost}:${port}`;
  const transport = { lifeCycle: { graceTimeOut: "2s" } };
  return {
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    entryPoints: {
      web: {
        address: `:${ports.http}`,
        transport,
        http: {
          ...HTTP,
          redirections: { entryPoint: { to: `:${ports.https}`, scheme: "https", permanent: true } },
        },
        observability: UNSEEN,
      },
      websecure: {
        address: `:${ports.https}`,
        transport,
        http: { ...HTTP, ...WITHOUT_CLIENT_ID, tls: {} },
        observability: UNSEEN,
      },
      ...(!hasDirectDoors && {
        httpproxy: { address: `:${ports.httpProxy}`, transport },
        socksproxy: { address: `:${ports.socksProxy}`, transport },
      }),
      dashboard: {
        address: `:${ports.dashboard}`,
        transport,
        http: { ...HTTP, ...WITHOUT_CLIENT_ID, tls: {}, encodedCharacters: NO_ENCODED_CHARACTERS },
        observability: UNSEEN,
      },
      reality: {
        address: inside(ports.reality),
        transport,
        http: { ...HTTP, tls: {} },
        observability: UNSEEN,
      },
      traefik: {
        address: inside(ports.traefikMetrics),
        transport,
        http: HTTP,
        observability: UNSEEN,
      },
    },
    providers: { file: { directory: paths.dynamicDirectory, watch: true } },
    api: { dashboard: true, insecure: false },
    ping: { entryPoint: "traefik" },
    metrics: { prometheus: { entryPoint: "traefik", addRoutersLabels: true }, addInternals: true },
    ...(tracing === null ? {} : { tracing: traefikTracing(tracing) }),
    log: {
      level: "INFO",
      format: "json",
      noColor: true,
      ...(paths.log === undefined ? {} : { filePath: paths.log }),
    },
    accessLog: {
      filePath: paths.accessLog,
      format: "json",
      addInternals: true,
      fields: {
        defaultMode: "drop",
        names: Object.fromEntries(LOGGED_FIELDS.map((name) => [name, "keep"])),
        headers: { defaultMode: "drop", names: { "X-Request-Id": "keep" } },
        queryParameters: { defaultMode: "drop" },
      },
    },
  };
}

/** Query values are redacted by Traefik itself; routes with a secret in their path have tracing off (dynamic.ts). */
const traefikTracing = ({ endpoint, sampleRatio }: TraefikTracing) => ({
  serviceName: "causeway-traefik",
  sampleRate: sampleRatio,
  // Its dashboard stands behind ForwardAuth like any other.
  addInternals: true,
  otlp: { http: { endpoint: `${endpoint.replace(/\/+$/, "")}/v1/traces` } },
});
