import type { Finding } from "#lib/schemas/doctor.ts";

type Said = { detail: string; meaning?: string; action?: string };
type Bad = Required<Said>;

/** Makes the findings of one group. */
export function createReport(group: string) {
  const findings: Finding[] = [];
  const add = (name: string, state: Finding["state"], { detail, meaning, action }: Said) => {
    findings.push({ group, name, state, detail, meaning: meaning ?? null, action: action ?? null });
  };
  return {
    findings,
    ok: (name: string, detail: string) => add(name, "ok", { detail }),
    skipped: (name: string, detail: string) => add(name, "skipped", { detail }),
    warning: (name: string, bad: Bad) => add(name, "warning", bad),
    failure: (name: string, bad: Bad) => add(name, "failure", bad),
  };
}
export type Report = ReturnType<typeof createReport>;

export const reasonOf = (error: unknown): string => {
  const { code, message } = error as { code?: string; message?: string };
  return message !== undefined && message !== "" ? message : (code ?? String(error));
};
