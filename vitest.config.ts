import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{app,cli,components,lib,prisma,server,stack,test}/**/*.test.{ts,tsx}"],
    globalSetup: ["test/services.ts"],
    setupFiles: ["test/console-guard.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 15_000,
    hookTimeout: 60_000,
  },
});
