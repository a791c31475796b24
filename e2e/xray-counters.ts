import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { XRAY_BIN } from "./tools.ts";

/** What the running Xray itself counted for a user, over all inbounds, asked with Xray's own CLI. */
export function xrayCounters(userId: string): { upBytes: number; downBytes: number } {
  const config = JSON.parse(readFileSync(join(inject("stack").dataDir, "node", "xray.json"), "utf8")) as {
    api: { listen: string };
  };
  const socket = config.api.listen.split(",")[0] ?? "";
  const output = execFileSync(
    XRAY_BIN,
    ["api", "statsquery", `--server=unix://${socket}`, "-pattern", `user>>>${userId}`],
    { encoding: "utf8" },
  );
  const { stat = [] } = JSON.parse(output) as { stat?: { name: string; value?: number | string }[] };
  const sum = (direction: string) =>
    stat
      .filter((entry) => entry.name.endsWith(`>>>${direction}`))
      .reduce((total, entry) => total + Number(entry.value ?? 0), 0);
  return { upBytes: sum("uplink"), downBytes: sum("downlink") };
}
