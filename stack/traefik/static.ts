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
/** `Remote_User` and its like never pass as `Remote-User`. */
const HTTP = { aliasHeadersStrategy: "delete" };

export type TraefikTracing = { endpoint: string; sampleRatio: number };
export type TraefikPaths = { dynamicDirectory: string; accessLog: string };

/** Entry points and what Traefik says about itself; the routes are in dynamic.ts. */
export function traefikStatic(
  ports: Ports,
  { innerHost }: Addresses,
  paths: TraefikPaths,
  tracing: TraefikTracing | null = null,
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
        // It only redirects, and a subscription's address typed without https would stand in the log.
        observability: { accessLogs: false },
      },
      websecure: { address: `:${ports.https}`, transport, http: { ...HTTP, tls: {} } },
      httpproxy: { address: `:${ports.httpProxy}`, transport },
      socksproxy: { address: `:${ports.socksProxy}`, transport },
      dashboard: {
        address: `:${ports.dashboard}`,
        transport,
        http: { ...HTTP, tls: {}, encodedCharacters: NO_ENCODED_CHARACTERS },
      },
      reality: { address: inside(ports.reality), transport, http: { ...HTTP, tls: {} } },
      traefik: {
        address: inside(ports.traefikMetrics),
        transport,
        http: HTTP,
        observability: { accessLogs: false },
      },
    },
    providers: { file: { directory: paths.dynamicDirectory, watch: true } },
    api: { dashboard: true, insecure: false },
    ping: { entryPoint: "traefik" },
    metrics: { prometheus: { entryPoint: "traefik", addRoutersLabels: true }, addInternals: true },
    ...(tracing === null ? {} : { tracing: traefikTracing(tracing) }),
    log: { level: "INFO", format: "json", noColor: true },
    accessLog: {
      filePath: paths.accessLog,
      format: "json",
      addInternals: true,
      fields: { headers: { defaultMode: "drop" }, queryParameters: { defaultMode: "drop" } },
    },
  };
}

/** Query values are redacted by Traefik itself; routes with a secret in their path have tracing off (dynamic.ts). */
const traefikTracing = ({ endpoint, sampleRatio }: TraefikTracing) => ({
  serviceName: "causeway-traefik",
  sampleRate: sampleRatio,
  otlp: { http: { endpoint: `${endpoint.replace(/\/+$/, "")}/v1/traces` } },
});
