import { mkdirSync } from "node:fs";
import { stringify } from "yaml";
import type { Addresses } from "#stack/addresses.ts";
import { onLoopback } from "#stack/addresses.ts";
import { writeIfChanged } from "#stack/files.ts";
import { inData } from "#stack/paths.ts";
import type { Ports } from "#stack/settings.ts";

/** Some 100 MB of spans; the oldest traces go first. */
const MAX_TRACES = 10_000;

/** Where its memory ends: it looks at nobody's traces so well that others may starve. */
export const JAEGER_ENVIRONMENT = { GOMEMLIMIT: "400MiB" };

type JaegerOptions = {
  /** Path of its pages and query API behind a proxy, e.g. /jaeger; empty = none. */
  basePath: string;
  /** A directory that keeps traces for three days; null = in memory. */
  directory: string | null;
};

/**
 * Jaeger takes spans by OTLP (ours) and by its own thrift over HTTP (the brief's :14268), and answers queries. Nothing
 * of it has a password: its listeners are inner ones. Its own metrics would sit on the HTTP proxy's port: off.
 */
export function jaegerConfig(ports: Ports, { innerHost }: Addresses, options: JaegerOptions) {
  const inside = (port: number) => `${innerHost}:${port}`;
  const { basePath, directory } = options;
  const store =
    directory === null
      ? { memory: { max_traces: MAX_TRACES } }
      : {
          badger: {
            directories: { keys: `${directory}/keys`, values: `${directory}/values` },
            ephemeral: false,
            ttl: { spans: "72h" },
          },
        };
  return {
    service: {
      extensions: ["jaeger_storage", "jaeger_query"],
      pipelines: {
        traces: {
          receivers: ["otlp", "jaeger"],
          processors: ["batch"],
          exporters: ["jaeger_storage_exporter"],
        },
      },
      telemetry: { metrics: { level: "none" }, logs: { level: "warn", encoding: "json" } },
    },
    extensions: {
      jaeger_storage: { backends: { store } },
      jaeger_query: {
        storage: { traces: "store" },
        // It would trace its own queries, to a port of its own choice.
        enable_tracing: false,
        ...(basePath === "" ? {} : { base_path: basePath }),
        http: { endpoint: inside(ports.jaegerUi) },
        // Its second listener, which nobody asks: any free port of this machine.
        grpc: { endpoint: "127.0.0.1:0" },
      },
    },
    receivers: {
      otlp: { protocols: { http: { endpoint: inside(ports.jaegerOtlp) } } },
      jaeger: { protocols: { thrift_http: { endpoint: inside(ports.jaegerCollector) } } },
    },
    processors: { batch: { timeout: "500ms" } },
    exporters: { jaeger_storage_exporter: { trace_storage: "store" } },
  };
}

/** Writes the configuration of the embedded one, which keeps traces in memory. Answers its arguments. */
export function prepareJaeger(ports: Ports): string[] {
  mkdirSync(inData("jaeger"), { recursive: true, mode: 0o700 });
  const path = inData("jaeger", "jaeger.yml");
  const config = jaegerConfig(ports, onLoopback(ports), { basePath: "", directory: null });
  writeIfChanged(path, stringify(config));
  return ["--config", `file:${path}`];
}
