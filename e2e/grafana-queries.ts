import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";

const DIRECTORY = join(import.meta.dirname, "../docker/grafana/dashboards");

type Source = { type: string; uid: string };
type Target = { refId: string; datasource: Source; expr?: string; rawSql?: string; instant?: boolean };
type Variable = {
  name: string;
  type: string;
  datasource?: Source;
  query: string | { query: string };
  regex?: string;
  allValue?: string;
};
type Dashboard = {
  title: string;
  panels: { title: string; type: string; targets?: Target[] }[];
  templating: { list: Variable[] };
  annotations: { list: { name: string; target?: Target }[] };
};
/** A query of a dashboard's file, as Grafana would send it but for its variables. */
export type DashboardQuery = { where: string; dashboard: string; target: Target };
/** What Grafana fills in: when, and what is chosen. */
type Choice = { fromMs: number; toMs: number; values: Readonly<Record<string, string>> };

export const readDashboards = (): Dashboard[] =>
  readdirSync(DIRECTORY).map((file) => JSON.parse(readFileSync(join(DIRECTORY, file), "utf8")) as Dashboard);

/** Every target of every panel and every annotation. */
export function readQueries(): DashboardQuery[] {
  return readDashboards().flatMap(({ title, panels, annotations }) => [
    ...panels.flatMap((panel) =>
      (panel.targets ?? []).map((target) => ({
        where: `${title} / ${panel.title} / ${target.refId}`,
        dashboard: title,
        target,
      })),
    ),
    ...annotations.list.flatMap(({ name, target }) =>
      target ? [{ where: `${title} / annotation ${name}`, dashboard: title, target }] : [],
    ),
  ]);
}

/** $__rate_interval at a scrape interval of ten seconds, and what else Grafana replaces. */
function fill(text: string, { fromMs, toMs, values }: Choice): string {
  const [from, to] = [fromMs, toMs].map((ms) => new Date(ms).toISOString());
  const rangeSeconds = Math.round((toMs - fromMs) / 1_000);
  const known: Record<string, string> = {
    __rate_interval: "40s",
    __interval: "10s",
    __range: `${rangeSeconds}s`,
    ...values,
  };
  const filled = text
    .replaceAll(
      /\$__timeFilter\(([\w.]+)\)/g,
      (_all, column: string) => `${column} BETWEEN '${from}' AND '${to}'`,
    )
    .replaceAll("$__timeFrom()", `'${from}'`)
    .replaceAll("$__timeTo()", `'${to}'`)
    .replaceAll(
      /\$(\w+)|\$\{(\w+)\}/g,
      (all, bare?: string, braced?: string) => known[bare ?? braced ?? ""] ?? all,
    );
  if (filled.includes("$__")) throw new Error(`something in it was not replaced: ${filled}`);
  return filled;
}

export class DataSources {
  readonly #prometheus: string;
  readonly #reader: pg.Client;
  /** A connection answers one question at a time. */
  #asked: Promise<unknown> = Promise.resolve();

  constructor(options: { prometheus: string; reader: pg.Client }) {
    this.#prometheus = options.prometheus;
    this.#reader = options.reader;
  }

  /** How many finite values the query answers. Throws what the data source says against it. */
  async count(target: Target, choice: Choice): Promise<number> {
    if (target.rawSql !== undefined) return this.#countRows(fill(target.rawSql, choice));
    const query = fill(target.expr ?? "", choice);
    const seconds = (ms: number) => String(Math.floor(ms / 1_000));
    const parameters: Record<string, string> = target.instant
      ? { query, time: seconds(choice.toMs) }
      : { query, start: seconds(choice.fromMs), end: seconds(choice.toMs), step: "10" };
    const { result } = await this.#ask<{ result: Result[] }>(
      target.instant ? "query" : "query_range",
      parameters,
    );
    const samples = result.flatMap(({ value, values }) => values ?? (value ? [value] : []));
    return samples.filter(([, text]) => Number.isFinite(Number(text))).length;
  }

  #countRows(sql: string): Promise<number> {
    const answer = this.#asked.then(async () => (await this.#reader.query(sql)).rowCount ?? 0);
    this.#asked = answer.catch(() => undefined);
    return answer;
  }

  /** The values a variable offers. */
  async valuesOf({ type, query, regex }: Variable): Promise<string[]> {
    if (type === "custom") return String(query).split(",");
    const asked = typeof query === "string" ? query : query.query;
    const [, metric = "", label = ""] = /^label_values\((.+), (\w+)\)$/.exec(asked) ?? [];
    const found = await this.#ask<string[]>(`label/${label}/values`, { "match[]": metric });
    const [, pattern = ""] = /^\/(.*)\/$/.exec(regex ?? "") ?? [];
    return found.filter((value) => new RegExp(pattern).test(value));
  }

  async #ask<T>(path: string, parameters: Record<string, string>): Promise<T> {
    const response = await fetch(`${this.#prometheus}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    const answer = (await response.json()) as { status: string; error?: string; data: T };
    if (answer.status !== "success")
      throw new Error(`Prometheus says: ${answer.error} (${parameters.query})`);
    return answer.data;
  }
}

type Result = { value?: [number, string]; values?: [number, string][] };
