import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { readEnv } from "#server/env.ts";
import { type Addresses, onLoopback } from "#stack/addresses.ts";
import { writeIfChanged } from "#stack/files.ts";
import { inData, ROOT } from "#stack/paths.ts";
import type { Ports } from "#stack/settings.ts";

/** What `for` in the alert rules is written for. */
const USUAL_SCRAPE_SECONDS = 10;
const RULE_FILES = ["rules.yml", "alerts.yml"] as const;

type PrometheusOptions = {
  /** host:port by job, which is the program's name. */
  targets: Readonly<Record<string, string>>;
  /** A target's host is a name that may stand for several containers. */
  areNames: boolean;
  ruleFiles: readonly string[];
  scrapeSeconds?: number;
  /** host:port of Alertmanagers; without one, alerts show in the panel, `./vpn status` and Grafana. */
  alertmanagers?: readonly string[];
};

/** prometheus.yml, for the embedded run and compose alike. */
export function prometheusConfig(options: PrometheusOptions): string {
  const { targets, areNames, ruleFiles, scrapeSeconds = USUAL_SCRAPE_SECONDS, alertmanagers = [] } = options;
  const interval = `${scrapeSeconds}s`;
  return stringify({
    global: {
      scrape_interval: interval,
      scrape_timeout: `${Math.min(scrapeSeconds, 5)}s`,
      evaluation_interval: interval,
    },
    rule_files: ruleFiles,
    ...(alertmanagers.length > 0 && {
      alerting: { alertmanagers: [{ static_configs: [{ targets: alertmanagers }] }] },
    }),
    scrape_configs: Object.entries(targets).map(([job_name, target]) => ({
      job_name,
      ...(areNames ? { dns_sd_configs: [dnsLookup(target)] } : { static_configs: [{ targets: [target] }] }),
      // The agent beside the panel is the node `local` (stack/provision.ts): the node's page asks by name.
      ...(job_name === "node-agent" && {
        relabel_configs: [{ target_label: "node", replacement: "local" }],
      }),
    })),
  });
}

/** Every address behind the name: each replica is a target of its own. */
function dnsLookup(target: string) {
  const colon = target.lastIndexOf(":");
  return {
    names: [target.slice(0, colon)],
    type: "A",
    port: Number(target.slice(colon + 1)),
    refresh_interval: "10s",
  };
}

/** The programs that are scraped. */
export const prometheusTargets = ({ of }: Addresses) => ({
  traefik: of("traefikMetrics"),
  web: of("webInternal"),
  controller: of("controller"),
  "proxy-auth": of("forwardAuth"),
  "node-agent": of("agentHealth"),
  prometheus: of("prometheus"),
});

/** Recording and alert rules by file name; at another scrape interval the alerts' patience scales with it. */
export function prometheusRules(scrapeSeconds = USUAL_SCRAPE_SECONDS): Record<string, string> {
  const scale = (duration: string) =>
    `${Math.max(1, Math.round((toSeconds(duration) * scrapeSeconds) / USUAL_SCRAPE_SECONDS))}s`;
  const read = (name: string) => readFileSync(join(ROOT, "docker/prometheus", name), "utf8");
  return Object.fromEntries(
    RULE_FILES.map((name) => [
      name,
      scrapeSeconds === USUAL_SCRAPE_SECONDS
        ? read(name)
        : read(name).replace(
            /^(\s+for: )(\d+[sm])$/gm,
            (_line, key: string, duration: string) => key + scale(duration),
          ),
    ]),
  );
}

const toSeconds = (duration: string) => Number.parseInt(duration, 10) * (duration.endsWith("m") ? 60 : 1);

/** Prometheus scrapes every program of the stack on loopback. Answers its arguments. */
export function preparePrometheus(ports: Ports): string[] {
  mkdirSync(inData("prometheus", "data"), { recursive: true, mode: 0o700 });
  const { CAUSEWAY_SCRAPE_SECONDS: scrapeSeconds } = readEnv("stack");
  const rules = Object.entries(prometheusRules(scrapeSeconds)).map(([name, text]) => {
    const path = inData("prometheus", name);
    writeIfChanged(path, text, 0o644);
    return path;
  });
  const path = inData("prometheus", "prometheus.yml");
  const targets = prometheusTargets(onLoopback(ports));
  writeIfChanged(
    path,
    prometheusConfig({ targets, areNames: false, ruleFiles: rules, scrapeSeconds }),
    0o644,
  );
  return [
    `--config.file=${path}`,
    `--storage.tsdb.path=${inData("prometheus", "data")}`,
    "--storage.tsdb.retention.time=15d",
    "--storage.tsdb.retention.size=2GB",
    `--web.listen-address=127.0.0.1:${ports.prometheus}`,
  ];
}
