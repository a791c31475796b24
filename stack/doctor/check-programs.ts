import type { Report } from "#stack/doctor/report.ts";
import { inData } from "#stack/paths.ts";
import { readyUrls } from "#stack/programs.ts";
import type { Settings } from "#stack/settings.ts";
import { programsHash } from "#stack/sources.ts";
import { findSupervisor, readSources } from "#stack/supervisor/state.ts";
import { whyNotReady } from "#stack/wait-ready.ts";

/** Does each program run, and can it do its job? */
export async function checkPrograms(report: Report, settings: Settings): Promise<void> {
  if (findSupervisor() === null)
    report.failure("supervisor", {
      detail: "it does not run",
      meaning: "Nothing was started here, or what starts programs again was killed.",
      action: "npm run up",
    });
  else report.ok("supervisor", "starts again whatever ends");
  await Promise.all(
    Object.entries(readyUrls(settings)).map(async ([name, url]) => {
      const reason = await whyNotReady(url);
      if (reason === null) return void report.ok(name, "ready");
      const missing = readMissing(reason);
      const isSilent = /ECONNREFUSED|ECONNRESET|timeout|aborted/i.test(reason);
      report.failure(name, {
        detail: isSilent ? "it does not answer" : `not ready: ${missing ?? reason}`,
        meaning: isSilent
          ? "It is down or hangs. A program that ended is started again within seconds."
          : "It runs and cannot do its job until what it names is there.",
        action:
          missing === null
            ? `./vpn logs ${name} (or ${inData("logs")})`
            : `look at ${missing} first, then ./vpn logs ${name}`,
      });
    }),
  );
  if (readSources() !== null && readSources() !== programsHash())
    report.warning("code", {
      detail: "the checkout is newer than what runs",
      meaning: "Changed sources take effect at the next start.",
      action: "npm run up",
    });
}

function readMissing(text: string): string | null {
  try {
    const { missing } = JSON.parse(text) as { missing?: string[] };
    return missing === undefined || missing.length === 0 ? null : missing.join(", ");
  } catch {
    return null;
  }
}
