import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readEnv } from "#server/env.ts";

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const env = readEnv("stack");

/** Everything this installation keeps; absolute. */
export const DATA = resolve(ROOT, env.CAUSEWAY_DATA_DIR);
export const CACHE = env.CAUSEWAY_CACHE_DIR
  ? resolve(ROOT, env.CAUSEWAY_CACHE_DIR)
  : join(env.HOME, ".cache/causeway");

export const inData = (...parts: string[]) => join(DATA, ...parts);
export const secretPath = (name: string) => inData("secrets", name);
export const pkiPath = (name: string) => inData("pki", name);
export const logPath = (program: string) => inData("logs", `${program}.log`);
/** What a program that keeps its own log prints besides: its last words. */
export const outPath = (program: string) => inData("logs", `${program}.out`);
