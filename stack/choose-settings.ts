import { readEnv } from "#server/env.ts";
import type { PortClaims } from "#stack/port-claims.ts";
import { choosePorts } from "#stack/ports.ts";
import { defaultHost } from "#stack/public-host.ts";
import { makeRealityServerName, readSettings, type Settings } from "#stack/settings.ts";
import { programsHash } from "#stack/sources.ts";
import { findSupervisor, readSources } from "#stack/supervisor/state.ts";

/** What the operator wants now: flags and environment over what was remembered. */
function wanted(host: string | null, old: Settings | null): Omit<Settings, "ports"> {
  const env = readEnv("stack");
  const isHostChosen = host !== null || (old?.isHostChosen ?? false);
  return {
    publicHost: host ?? (isHostChosen && old ? old.publicHost : defaultHost()),
    isHostChosen,
    realityServerName: old?.realityServerName ?? makeRealityServerName(),
    allowedPrivateTargets: env.ALLOWED_PRIVATE_TARGETS,
    realityTarget: env.REALITY_TARGET ?? null,
    grafanaUrl: env.GRAFANA_URL || null,
    jaegerUrl: env.JAEGER_URL || null,
    keepsDestinations: env.LOG_DESTINATIONS === "1",
  };
}

/** The settings of a running stack, or null when settings or code differ and it must be started anew. */
export function settingsOfRunning(host: string | null): Settings | null {
  const old = readSettings();
  if (old === null || findSupervisor() === null || readSources() !== programsHash()) return null;
  const now: Settings = { ...wanted(host, old), ports: old.ports };
  return JSON.stringify(sorted(now)) === JSON.stringify(sorted(old)) ? old : null;
}

const sorted = (settings: Settings) => Object.entries(settings).sort(([a], [b]) => a.localeCompare(b));

/** For a fresh start: nothing of ours listens now. */
export async function chooseSettings(host: string | null, claims: PortClaims): Promise<Settings> {
  const old = readSettings();
  return { ...wanted(host, old), ports: await choosePorts(old?.ports ?? {}, claims) };
}
