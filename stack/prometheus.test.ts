import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { prometheusConfig, prometheusRules } from "#stack/prometheus.ts";

const ROOT = join(import.meta.dirname, "..");
const directory = mkdtempSync(join(tmpdir(), "causeway-prometheus-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const run = promisify(execFile);
/** Its own words when it refuses. */
async function promtool(...args: string[]): Promise<string> {
  try {
    return (await run("promtool", args, { cwd: ROOT })).stdout;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`promtool ${args.join(" ")}:\n${stdout}${stderr}`, { cause: error });
  }
}

function write(files: Record<string, string>): string[] {
  return Object.entries(files).map(([name, text]) => {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  });
}

type Alert = {
  alert: string;
  for: string;
  labels: { severity: string };
  annotations: Record<string, string>;
};
const alerts = (): Alert[] => {
  const { groups } = parse(readFileSync(join(ROOT, "docker/prometheus/alerts.yml"), "utf8")) as {
    groups: { rules: Alert[] }[];
  };
  return groups.flatMap(({ rules }) => rules);
};

describe("Prometheus's configuration", () => {
  it("is accepted for the embedded run and for compose, with the rules in it", async () => {
    const ruleFiles = write(prometheusRules());
    const here = prometheusConfig({ targets: { web: "127.0.0.1:9006" }, areNames: false, ruleFiles });
    const compose = prometheusConfig({
      targets: { web: "web:9006", "proxy-auth": "proxy-auth:9001" },
      areNames: true,
      ruleFiles,
      alertmanagers: ["alertmanager:9093"],
    });
    for (const path of write({ "here.yml": here, "compose.yml": compose }))
      expect(await promtool("check", "config", path)).toContain("SUCCESS");
    expect(parse(compose)).toMatchObject({
      scrape_configs: [
        { job_name: "web", dns_sd_configs: [{ names: ["web"], port: 9006 }] },
        { job_name: "proxy-auth", dns_sd_configs: [{ names: ["proxy-auth"], port: 9001 }] },
      ],
    });
  });

  it("lets the alerts' patience follow another scrape interval", async () => {
    const rules = prometheusRules(2);
    const ruleFiles = write(rules);
    const config = prometheusConfig({
      targets: { web: "127.0.0.1:1" },
      areNames: false,
      ruleFiles,
      scrapeSeconds: 2,
    });
    const [path = ""] = write({ "quick.yml": config });
    expect(await promtool("check", "config", path)).toContain("SUCCESS");
    expect(rules["alerts.yml"]).toContain("for: 6s");
    expect(rules["alerts.yml"]).not.toMatch(/for: \d+m$/m);
  });
});

describe("alerts", () => {
  it("have a test that fires and one that does not, each of them", () => {
    const tests = readFileSync(join(ROOT, "docker/prometheus/alerts.test.yml"), "utf8");
    for (const { alert } of alerts()) {
      expect(tests).toMatch(new RegExp(`- name: ${alert} fires`));
      expect(tests).toMatch(new RegExp(`- name: ${alert} (stays silent|leaves)`));
    }
  });

  it("say what to do, and lead to a section that exists", () => {
    const text = readFileSync(join(ROOT, "docs/operations.md"), "utf8");
    const anchors = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) => anchorOf(title));
    for (const { alert, labels, annotations } of alerts()) {
      expect(["critical", "warning"], alert).toContain(labels.severity);
      expect(annotations.summary?.length, alert).toBeGreaterThan(10);
      expect(annotations.description?.length, alert).toBeGreaterThan(60);
      expect(annotations.runbook, alert).toMatch(/^docs\/operations\.md#/);
      expect(anchors, alert).toContain(annotations.runbook?.split("#")[1]);
    }
  });
});

/** As GitHub makes them. */
const anchorOf = (title: string) =>
  title
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
