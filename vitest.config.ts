import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{app,cli,components,lib,prisma,server,stack,test}/**/*.test.{ts,tsx}"],
    globalSetup: ["test/services.ts"],
    setupFiles: ["test/console-guard.ts"],
    pool: "forks",
    maxWorkers: 2,
    // Some guarantees are in milliseconds, and a neighbour's build may take both cores for as long: the end of the report says so.
    retry: 2,
    testTimeout: 15_000,
    hookTimeout: 60_000,
  },
});
