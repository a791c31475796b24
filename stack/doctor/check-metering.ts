import type { Report } from "#stack/doctor/report.ts";
import type { Settings } from "#stack/settings.ts";

const LATE_SECONDS = 60;

/** Usage waits in a door's journal until it is in the database: how long has the oldest waited? */
export async function checkMetering(report: Report, settings: Settings): Promise<void> {
  const doors = [
    ["proxy-auth", settings.ports.forwardAuth, "web"],
    ["node-agent", settings.ports.agentHealth, "controller"],
  ] as const;
  for (const [program, port, taker] of doors) {
    const text = await readMetrics(port);
    if (text === null) continue;
    const value = (name: string) =>
      Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, "m").exec(text)?.[1] ?? 0);
    const [seconds, entries] = [value("causeway_journal_oldest_seconds"), value("causeway_journal_entries")];
    if (seconds > LATE_SECONDS)
      report.failure(`journal of ${program}`, {
        detail: `${entries} entries wait, the oldest for ${Math.round(seconds)} s`,
        meaning: "Usage is kept and not counted yet: limits are enforced late.",
        action: `./vpn logs ${taker}, then ./vpn logs ${program}`,
      });
    else
      report.ok(
        `journal of ${program}`,
        entries === 0 ? "empty: all usage is counted" : `${entries} entries on their way`,
      );
  }
}

async function readMetrics(port: number): Promise<string | null> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(3_000) });
    return response.ok ? await response.text() : null;
  } catch {
    return null;
  }
}
