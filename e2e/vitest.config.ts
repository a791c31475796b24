import { defineConfig } from "vitest/config";

/** The whole product on real programs: one stack for all files, one file after another. */
export default defineConfig({
  test: {
    include: ["e2e/**/*.e2e.ts"],
    globalSetup: ["e2e/global-setup.ts"],
    fileParallelism: false,
    maxWorkers: 1,
    // As in vitest.config.ts: times are promised, and the machine may be busy once.
    retry: 1,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    sequence: { concurrent: false },
    reporters: ["default"],
  },
});
