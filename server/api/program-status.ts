import { z } from "zod";
import { PROGRAMS, type ProgramName, type programStatusSchema } from "#lib/schemas/status.ts";
import { describeMissing } from "./describe-missing.ts";
import { readReadiness } from "./health.ts";
import type { WebRuntime } from "./web-runtime.ts";

export type ProgramStatus = z.infer<typeof programStatusSchema>;

/** A readyz asks its own servers for up to 700 ms, on a busy machine longer. */
const TIMEOUT_MS = 1_500;
/** 503 of our programs' readyz: they live and say what they lack. */
const notReadySchema = z.object({ isReady: z.literal(false), missing: z.array(z.string().max(40)).max(20) });
const CACHE_MS = 1_000;
let cached: { at: number; asked: Promise<ProgramStatus[]> } | undefined;

/** Asks every program at once; many open panels ask once a second. */
export function readProgramStatuses(runtime: WebRuntime): Promise<ProgramStatus[]> {
  const now = runtime.clock.now();
  if (!cached || now - cached.at >= CACHE_MS) cached = { at: now, asked: askAll(runtime) };
  return cached.asked;
}

async function askAll(runtime: WebRuntime): Promise<ProgramStatus[]> {
  const urls = runtime.env.PROGRAM_HEALTH.flatMap((pair) => {
    const at = pair.indexOf("=");
    const name = PROGRAMS.find((program) => program === pair.slice(0, at));
    return name ? [{ name, url: pair.slice(at + 1) }] : [];
  });
  const [missing, ...asked] = await Promise.all([
    readReadiness(runtime),
    ...urls.map(({ name, url }) => askProgram(name, url)),
  ]);
  const own: ProgramStatus[] = [
    { name: "web", isUp: true, detail: describeMissing(missing) },
    ...(["postgres", "redis"] as const).map((name) => {
      const isUp = !missing.includes(name);
      return { name, isUp, detail: isUp ? null : "It does not answer." };
    }),
  ];
  const all = [...own, ...asked];
  return PROGRAMS.flatMap((name) => all.filter((status) => status.name === name).slice(0, 1));
}

async function askProgram(name: ProgramName, url: string): Promise<ProgramStatus> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: "manual" });
    const text = await response.text();
    if (response.ok) return { name, isUp: true, detail: null };
    const lacking = notReadySchema.safeParse(parseJson(text));
    if (lacking.success) return { name, isUp: true, detail: describeMissing(lacking.data.missing) };
    return { name, isUp: false, detail: `Its health check answers ${response.status}.` };
  } catch {
    return { name, isUp: false, detail: "It does not answer." };
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
