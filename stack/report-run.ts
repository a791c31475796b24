import { writeFileSync } from "node:fs";
import type { Reporter, TestCase, TestModule, TestSuite, Vitest } from "vitest/node";
import { firstLine, type RunReport } from "#stack/run-report.ts";

/** A Vitest reporter: writes `RunReport` to `--outputFile`. The JSON of Vitest's own knows no unhandled errors. */
// biome-ignore lint/style/noDefaultExport: Vitest takes the default export of `--reporter`'s module.
export default class RunReporter implements Reporter {
  #file = "";
  #root = "";

  onInit({ config }: Vitest): void {
    this.#file = typeof config.outputFile === "string" ? config.outputFile : "";
    this.#root = config.root;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly { message: string }[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const groups = modules.flatMap((module) => [module, ...module.children.allSuites()]);
    const inState = (state: "passed" | "failed") => tests.filter((test) => test.result().state === state);
    const failed = inState("failed");
    const passed = inState("passed");
    const broken = groups.filter((group) => group.errors().length > 0);
    const report: RunReport = {
      passed: passed.length,
      failed: failed.length + broken.length,
      failures: [
        ...broken.map((group) => this.#tell(group, group.errors())),
        ...failed.map((test) => this.#tell(test, test.result().errors ?? [])),
      ],
      retried: passed.flatMap((test) => {
        const errors = test.result().errors ?? [];
        return errors.length > 0 ? [this.#tell(test, errors)] : [];
      }),
      unhandled: unhandled.map((error) => firstLine(error, this.#root)),
    };
    if (this.#file !== "") writeFileSync(this.#file, JSON.stringify(report));
  }

  #tell(task: TestCase | TestModule | TestSuite, errors: readonly { message: string }[]) {
    const file = task.type === "module" ? task.relativeModuleId : task.module.relativeModuleId;
    const test = task.type === "module" ? `${file} (the file itself)` : `${file} > ${task.fullName}`;
    return { test, errors: errors.map((error) => firstLine(error, this.#root)) };
  }
}
