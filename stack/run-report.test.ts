import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ROOT } from "#stack/paths.ts";
import { describeTrouble, runReportSchema } from "#stack/run-report.ts";

const TESTS = `
import { beforeAll, describe, expect, it } from "vitest";
let attempts = 0;
it("passes", () => {});
it("passes when tried again", () => expect(attempts++).toBe(1));
it("fails", () => { throw new Error("bad\\nmore of it"); });
it("lets a promise go", async () => {
  void Promise.reject(new Error("nobody waited"));
  await new Promise((resolve) => setTimeout(resolve, 20));
});
describe("a group", () => {
  beforeAll(() => { throw new Error("no set-up"); });
  it("is not run", () => {});
});
`;

const directory = mkdtempSync(join(tmpdir(), "causeway-run-report-"));
beforeAll(() => {
  symlinkSync(join(ROOT, "node_modules"), join(directory, "node_modules"));
  writeFileSync(join(directory, "some.test.js"), TESTS);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it("the end of a log names what failed and why, what needed another attempt, and errors beside the tests", async () => {
  const file = join(directory, "report.json");
  const args = ["run", "--root", directory, "--retry", "1", "--reporter=default", `--outputFile=${file}`];
  const code = await new Promise((resolve) => {
    const command = join(ROOT, "node_modules/.bin/vitest");
    const reporter = `--reporter=${join(ROOT, "stack/report-run.ts")}`;
    execFile(command, [...args, reporter], { cwd: directory }, (error) => resolve(error?.code ?? 0));
  });
  expect(code).toBe(1);
  const report = runReportSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  expect(report).toMatchObject({ passed: 3, failed: 2 });
  expect(describeTrouble([report])).toEqual([
    "",
    "Passed only when tried again:",
    "↻ some.test.js > passes when tried again",
    "    AssertionError: expected +0 to be 1 // Object.is equality (some.test.js:5)",
    "",
    "Errors outside of tests:",
    "✗ Error: nobody waited (some.test.js:8)",
    "",
    "Failed:",
    "✗ some.test.js > a group",
    "    Error: no set-up (some.test.js:12)",
    "✗ some.test.js > fails",
    "    attempt 1: Error: bad (some.test.js:6)",
    "    attempt 2: Error: bad (some.test.js:6)",
  ]);
}, 60_000);
