import { readEnv } from "#server/env.ts";
import type { PortClaims } from "#stack/port-claims.ts";
import { choosePorts } from "#stack/ports.ts";
import { defaultHost } from "#stack/public-host.ts";
import {
  makeRealityServerName,
  readCompleteSettings,
  readSettings,
  type Settings,
  type StoredSettings,
} from "#stack/settings.ts";
import { programsHash } from "#stack/sources.ts";
import { findSupervisor, readSources } from "#stack/supervisor/state.ts";

/** Flags of `npm run up`; null = as last time. */
export type Choice = { host: string | null; jaeger: boolean | null };

export const wantsJaeger = ({ jaeger }: Choice): boolean => jaeger ?? readSettings()?.hasJaeger ?? false;

/** What the operator wants now: flags and environment over what was remembered. */
function wanted(choice: Choice, old: StoredSettings | null): Omit<Settings, "ports"> {
  const env = readEnv("stack");
  const { host } = choice;
  const isHostChosen = host !== null || (old?.isHostChosen ?? false);
  return {
    publicHost: host ?? (isHostChosen && old ? old.publicHost : defaultHost()),
    isHostChosen,
    realityServerName: old?.realityServerName ?? makeRealityServerName(),
    allowedPrivateTargets: env.ALLOWED_PRIVATE_TARGETS,
    realityTarget: env.REALITY_TARGET ?? null,
    hasJaeger: wantsJaeger(choice),
    otlpEndpoint: env.OTLP_ENDPOINT || null,
    traceSampleRatio: env.TRACE_SAMPLE_RATIO,
    grafanaUrl: env.GRAFANA_URL || null,
    jaegerUrl: env.JAEGER_URL || null,
    keepsDestinations: env.LOG_DESTINATIONS === "1",
    hasDirectDoors: env.DOORS_DIRECT === "1",
  };
}

/** The settings of a running stack, or null when settings or code differ and it must be started anew. */
export function settingsOfRunning(choice: Choice): Settings | null {
  const old = readCompleteSettings();
  if (old === null || findSupervisor() === null || readSources() !== programsHash()) return null;
  const now: Settings = { ...wanted(choice, old), ports: old.ports };
  return JSON.stringify(sorted(now)) === JSON.stringify(sorted(old)) ? old : null;
}

const sorted = (settings: Settings) => Object.entries(settings).sort(([a], [b]) => a.localeCompare(b));

/** For a fresh start: nothing of ours listens now. */
export async function chooseSettings(choice: Choice, claims: PortClaims): Promise<Settings> {
  const old = readSettings();
  return { ...wanted(choice, old), ports: await choosePorts(old?.ports ?? {}, claims) };
}
