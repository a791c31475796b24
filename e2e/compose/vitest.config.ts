import { defineConfig } from "vitest/config";
import { ByName } from "../by-name.ts";

/** The compose stack on a real Docker engine; skipped, in words, where none can run. */
export default defineConfig({
  test: {
    // The product's own guarantee is held here too: the doors of containers are ended as well.
    include: ["e2e/compose/**/*.compose.ts", "e2e/30-switch-off.e2e.ts"],
    globalSetup: ["e2e/compose/global-setup.ts"],
    fileParallelism: false,
    maxWorkers: 1,
    retry: 2,
    testTimeout: 180_000,
    hookTimeout: 600_000,
    sequence: { concurrent: false, sequencer: ByName },
    reporters: ["default"],
  },
});
