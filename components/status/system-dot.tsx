"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { StatusDot, type Tone } from "#components/ui/status-dot.tsx";
import { ApiError } from "#lib/api-error.ts";
import type { Status } from "#lib/schemas/status.ts";
import { useStatus } from "./use-status.ts";

type Key = "checking" | "connectionLost" | "databaseAway" | "down" | "alerts" | "unready" | "allUp";
type State = { tone: Tone; text: { key: Key; count: number } };
const state = (tone: Tone, key: Key, count = 0): State => ({ tone, text: { key, count } });
const CHECKING = state("idle", "checking");

const describeError = (error: Error) =>
  error instanceof ApiError && error.code === "UNAVAILABLE"
    ? state("bad", "databaseAway")
    : state("bad", "connectionLost");

/** The worst thing first. */
function worstOf({ programs, alerts }: Status): State {
  const down = programs.filter(({ isUp }) => !isUp).length;
  if (down > 0) return state("bad", "down", down);
  const isCritical = alerts.some(({ severity }) => severity === "critical");
  if (alerts.length > 0) return state(isCritical ? "bad" : "warn", "alerts", alerts.length);
  const unready = programs.filter(({ detail }) => detail !== null).length;
  return unready > 0 ? state("warn", "unready", unready) : state("good", "allUp");
}

/** The state of everything in one dot and two words; a lost connection is said. */
export function SystemDot() {
  const t = useTranslations("status");
  const { data, error } = useStatus();
  const { tone, text } = error ? describeError(error) : data ? worstOf(data) : CHECKING;
  return (
    <span role="status" className="flex">
      <Link
        href="/overview"
        className="rounded-md px-2 py-1 text-ink-2 text-sm hover:bg-hover hover:text-ink"
      >
        <StatusDot tone={tone}>
          <span className="max-sm:sr-only">{t(text.key, { count: text.count })}</span>
        </StatusDot>
      </Link>
    </span>
  );
}
