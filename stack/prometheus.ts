import { mkdirSync } from "node:fs";
import { stringify } from "yaml";
import { writeIfChanged } from "#stack/files.ts";
import { inData } from "#stack/paths.ts";
import type { Ports } from "#stack/settings.ts";

/** Prometheus scrapes every program of the stack on loopback. Answers its arguments. */
export function preparePrometheus(ports: Ports): string[] {
  mkdirSync(inData("prometheus", "data"), { recursive: true, mode: 0o700 });
  const targets = {
    traefik: ports.traefikMetrics,
    web: ports.webInternal,
    controller: ports.controller,
    "proxy-auth": ports.forwardAuth,
    "node-agent": ports.agentHealth,
    prometheus: ports.prometheus,
  };
  const config = {
    global: { scrape_interval: "10s", scrape_timeout: "5s" },
    scrape_configs: Object.entries(targets).map(([job_name, port]) => ({
      job_name,
      static_configs: [{ targets: [`127.0.0.1:${port}`] }],
    })),
  };
  const path = inData("prometheus", "prometheus.yml");
  writeIfChanged(path, stringify(config), 0o644);
  return [
    `--config.file=${path}`,
    `--storage.tsdb.path=${inData("prometheus", "data")}`,
    "--storage.tsdb.retention.time=15d",
    "--storage.tsdb.retention.size=2GB",
    `--web.listen-address=127.0.0.1:${ports.prometheus}`,
  ];
}
