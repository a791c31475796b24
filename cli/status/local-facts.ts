import { X509Certificate } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { METERED_DOORS } from "#lib/doors.ts";
import type { CertificateEnd, DiskSpace, Rates } from "./status-report.ts";

const DAY_MS = 86_400_000;

/** When each certificate of this installation ends, the first to end first. */
export function readCertificateEnds(dataDir: string, now: number): CertificateEnd[] {
  const directory = join(dataDir, "pki");
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith(".crt"))
    .flatMap((name) => {
      try {
        const certificate = new X509Certificate(readFileSync(join(directory, name)));
        return [certificateEnd(name.replace(/\.crt$/, ""), certificate.validToDate, now)];
      } catch {
        return [];
      }
    })
    .sort((a, b) => a.daysLeft - b.daysLeft);
}

export const certificateEnd = (name: string, end: Date, now: number): CertificateEnd => ({
  name,
  endsAt: end.toISOString(),
  daysLeft: Math.floor((end.getTime() - now) / DAY_MS),
});

export function readDisks(dataDir: string): DiskSpace[] {
  try {
    const { bavail, blocks, bsize } = statfsSync(dataDir);
    return [{ path: dataDir, freeBytes: bavail * bsize, totalBytes: blocks * bsize }];
  } catch {
    return [];
  }
}

const vectorSchema = z.object({
  data: z.object({
    result: z.array(
      z.object({
        metric: z.object({ door: z.string(), direction: z.enum(["up", "down"]) }),
        value: z.tuple([z.number(), z.string()]),
      }),
    ),
  }),
});
const RATE = "sum by (door, direction) (rate(causeway_door_bytes_total[1m]))";

/** Bytes a second through each door, as this machine's Prometheus saw them last; null when it cannot say. */
export async function readRates(prometheusPort: number | undefined): Promise<Rates | null> {
  if (prometheusPort === undefined) return null;
  const url = `http://127.0.0.1:${prometheusPort}/api/v1/query?query=${encodeURIComponent(RATE)}`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_500) });
    const { data } = vectorSchema.parse(await response.json());
    if (data.result.length === 0) return null;
    const rate = (door: string, direction: string) =>
      Number(
        data.result.find(({ metric }) => metric.door === door && metric.direction === direction)?.value[1] ??
          0,
      );
    return Object.fromEntries(
      METERED_DOORS.map((door) => [
        door,
        { upBytesPerSecond: rate(door, "up"), downBytesPerSecond: rate(door, "down") },
      ]),
    ) as Rates;
  } catch {
    return null;
  }
}
