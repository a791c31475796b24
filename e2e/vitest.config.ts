import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** By name, on every machine: the files share a stack and its rate limits, and the numbers say what comes first. */
class ByName extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => a.moduleId.localeCompare(b.moduleId));
  }
}

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
    sequence: { concurrent: false, sequencer: ByName },
    reporters: ["default"],
  },
});
