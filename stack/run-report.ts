import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { z } from "zod";

const MOST_CHARACTERS = 300;
/** More than this is one cause with many faces; the log above has them all. */
const MOST_LINES = 60;

/** A test that did not pass at once; `errors`: one line for each attempt that failed. */
const troubledSchema = z.object({ test: z.string(), errors: z.array(z.string()) });

/** What `report-run.ts` writes down about a Vitest run. */
export const runReportSchema = z.object({
  passed: z.number(),
  failed: z.number(),
  /** Tests, and files and groups whose set-up broke. */
  failures: z.array(troubledSchema),
  /** Passed, but not at the first attempt. */
  retried: z.array(troubledSchema),
  /** Outside of any test, such as a promise that nobody waited for. */
  unhandled: z.array(z.string()),
});

export type RunReport = z.infer<typeof runReportSchema>;
type Failure = {
  name?: string;
  message?: string;
  stacks?: readonly { file: string; line: number }[] | undefined;
};

/** The first line of an error and where it was thrown. */
export function firstLine({ name, message, stacks }: Failure, root: string): string {
  const [text = ""] = stripVTControlCharacters(message ?? "")
    .trim()
    .split("\n");
  const words = [name, text].filter(Boolean).join(": ").slice(0, MOST_CHARACTERS);
  const [at] = stacks ?? [];
  return at === undefined ? words : `${words} (${relative(root, at.file)}:${at.line})`;
}

/** For the last lines of a log: what failed, what needed another attempt, and what went wrong beside the tests. */
export function describeTrouble(reports: readonly RunReport[]): string[] {
  const part = (title: string, lines: string[]) => {
    const left = lines.length - MOST_LINES;
    const rest = left > 0 ? [`  … ${left} more lines`] : [];
    return lines.length === 0 ? [] : ["", title, ...lines.slice(0, MOST_LINES), ...rest];
  };
  const told = (kind: "failures" | "retried", mark: string) =>
    reports.flatMap((report) =>
      report[kind].flatMap(({ test, errors }) => [
        `${mark} ${test}`,
        ...errors.map((error, index) => `    ${errors.length > 1 ? `attempt ${index + 1}: ` : ""}${error}`),
      ]),
    );
  return [
    ...part("Passed only when tried again:", told("retried", "↻")),
    ...part(
      "Errors outside of tests:",
      reports.flatMap(({ unhandled }) => unhandled.map((error) => `✗ ${error}`)),
    ),
    ...part("Failed:", told("failures", "✗")),
  ];
}
