import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { GRAFANA_DASHBOARDS } from "#lib/grafana-dashboards.ts";
import { ROOT } from "#stack/paths.ts";
import { dashboards, fileNameOf, renderDashboard } from "./dashboards.ts";
import type { DashboardFile, DashboardPanel } from "./schema.ts";

const DIRECTORY = join(ROOT, "docker/grafana/dashboards");
const files = readdirSync(DIRECTORY).sort();
const read = (file: string) => readFileSync(join(DIRECTORY, file), "utf8");
const panelsOf = ({ panels }: DashboardFile) =>
  panels.filter((panel): panel is DashboardPanel => panel.type !== "row");

describe("dashboards' files", () => {
  it("are what the code writes (npm run generate:grafana)", () => {
    expect(files).toEqual(dashboards.map(fileNameOf).sort());
    for (const dashboard of dashboards) expect(read(fileNameOf(dashboard))).toBe(renderDashboard(dashboard));
  });

  it("are those that the panel offers, in its order", () => {
    expect(dashboards.map(({ uid }) => uid)).toEqual(GRAFANA_DASHBOARDS.map((name) => `causeway-${name}`));
  });

  describe("as text", () => {
    const directory = mkdtempSync(join(tmpdir(), "dashboards-"));
    afterAll(() => rmSync(directory, { recursive: true }));

    /** The compiler's complaints about these files against Grafana's types. */
    const complaints = (texts: Record<string, string>): string => {
      const schema = JSON.stringify(join(ROOT, "stack/grafana/schema.ts"));
      for (const [name, text] of Object.entries(texts)) {
        const line = `import type { DashboardFile } from ${schema};\nexport const file: DashboardFile = ${text};`;
        writeFileSync(join(directory, `${name}.ts`), line);
      }
      const config = {
        extends: join(ROOT, "tsconfig.json"),
        compilerOptions: { incremental: false, typeRoots: [join(ROOT, "node_modules/@types")] },
        include: [],
        files: Object.keys(texts).map((name) => join(directory, `${name}.ts`)),
      };
      writeFileSync(join(directory, "tsconfig.json"), JSON.stringify(config));
      const tsc = join(ROOT, "node_modules/typescript-native/lib/tsc.js");
      try {
        return execFileSync(process.execPath, [tsc, "-p", directory], { encoding: "utf8" });
      } catch (error) {
        return (error as { stdout: string }).stdout;
      }
    };

    it("fit the types that Grafana publishes, and a wrong one would not", () => {
      expect(
        complaints(Object.fromEntries(files.map((file) => [file.replace(".json", ""), read(file)]))),
      ).toBe("");
      const text = read("overview.json");
      const wrong = {
        option: text.replace('"graphMode": "none"', '"graphMode": "nothing"'),
        field: text.replace('"drawStyle": "line"', '"drawnStyle": "line"'),
        panel: text.replace('"type": "stat"', '"type": "stats"'),
      };
      const said = complaints(wrong);
      for (const name of Object.keys(wrong)) expect(said).toContain(`${name}.ts`);
    }, 30_000);
  });
});

describe.each(dashboards.map((dashboard) => [dashboard.title, dashboard] as const))(
  "%s",
  (_title, dashboard) => {
    const panels = panelsOf(dashboard);
    const queries = panels.flatMap(({ targets }) => targets);
    const texts = queries.map((query) => ("expr" in query ? query.expr : query.rawSql));

    it("says of every panel what it shows, in which unit, from where", () => {
      for (const { title, description, targets, datasource, fieldConfig } of panels) {
        expect(description?.length ?? 0, title).toBeGreaterThan(10);
        expect(fieldConfig.defaults.unit, title).toBeTruthy();
        expect(targets.length, title).toBeGreaterThan(0);
        for (const target of targets) expect(target.datasource.uid).toBe(datasource.uid);
        expect(["causeway-prometheus", "causeway-postgres"]).toContain(datasource.uid);
      }
    });

    it("puts every panel on the grid, none over another", () => {
      const taken = new Map<string, string>();
      for (const { title, gridPos } of dashboard.panels) {
        const { x, y, w, h } = gridPos ?? { x: 0, y: 0, w: 0, h: 0 };
        expect(x + w).toBeLessThanOrEqual(24);
        for (let column = x; column < x + w; column++)
          for (let line = y; line < y + h; line++) {
            expect(taken.get(`${column},${line}`), title).toBeUndefined();
            taken.set(`${column},${line}`, title ?? "");
          }
      }
      expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    });

    it("uses the variables it has, and has those it uses", () => {
      const used = new Set(texts.join(" ").match(/\$(?!__)\w+/g) ?? []);
      expect([...used].sort()).toEqual(dashboard.templating.list.map(({ name }) => `$${name}`).sort());
    });

    it("asks for metrics and rules that the programs have", () => {
      const known = ["docs/metrics.md", "docker/prometheus/rules.yml"].map((file) =>
        readFileSync(join(ROOT, file), "utf8"),
      );
      const asked = texts.join(" ").match(/\bcauseway[_:][a-z0-9_:]+/g) ?? [];
      const metrics = new Set(asked.map((name) => name.replace(/_(bucket|count|sum)$/, "")));
      const unknown = [...metrics].filter(
        (name) => !known.some((text) => text.includes(`\`${name}\``) || text.includes(`record: ${name}\n`)),
      );
      expect(unknown.filter((name) => !name.startsWith("causeway_grafana"))).toEqual([]);
    });

    it("reads of the database only the views, and asks Prometheus for no label of a person", () => {
      for (const text of texts) {
        for (const [, table] of text.matchAll(/\b(?:FROM|JOIN)\s+(\S+)/g))
          expect(table).toMatch(/^reporting\./);
        expect(text).not.toMatch(/\b(user|user_name|user_id|email|ip)\s*=~?\s*"/);
      }
    });
  },
);
