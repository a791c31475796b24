import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { addReadings, type Registry } from "#server/metrics.ts";

/** When certificates end, read anew at each scrape: a renewal needs no restart to be seen. */
export function addCertificates(registry: Registry, pathByName: Readonly<Record<string, string>>): void {
  addReadings(registry, () => pathByName, [
    {
      name: "causeway_certificate_not_after_seconds",
      help: "When the certificate ends, in seconds since 1970.",
      kind: "gauge",
      labels: ["certificate"],
      read: (paths) =>
        Object.entries(paths).flatMap(([certificate, path]) => {
          const end = readEnd(path);
          return end === null ? [] : [[{ certificate }, end] as const];
        }),
    },
  ]);
}

function readEnd(path: string): number | null {
  try {
    return new X509Certificate(readFileSync(path)).validToDate.getTime() / 1000;
  } catch {
    return null;
  }
}
