import { defineConfig } from "vitest/config";
import { ByName } from "./by-name.ts";

/** The whole product on real programs: one stack for all files, one file after another. */
export default defineConfig({
  test: {
    include: ["e2e/**/*.e2e.ts"],
    globalSetup: ["e2e/global-setup.ts"],
    fileParallelism: false,
    maxWorkers: 1,
    // Times are promised, and the machine may be busy. What is tried again begins anew: names, clients and all.
    retry: 2,
    testTimeout: 180_000,
    hookTimeout: 240_000,
    sequence: { concurrent: false, sequencer: ByName },
    reporters: ["default"],
  },
});
