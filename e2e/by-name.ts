import { BaseSequencer, type TestSpecification } from "vitest/node";

/** By name, on every machine: the files share a stack and its rate limits, and the numbers say what comes first. */
export class ByName extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => a.moduleId.localeCompare(b.moduleId));
  }
}
