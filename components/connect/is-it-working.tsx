"use client";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Section } from "#components/section.tsx";
import { RelativeTime } from "#components/time.tsx";
import { StatusDot, type Tone } from "#components/ui/status-dot.tsx";
import type { User } from "#lib/schemas/user.ts";

/** One live line that answers the question of everybody who has just switched a VPN on. */
export function IsItWorking({ user, isLost }: { user: User; isLost: boolean }) {
  const t = useTranslations("connect");
  const { tone, short, text } = answer(user, isLost);
  const time = () => (user.onlineAt === null ? null : <RelativeTime at={user.onlineAt} />);
  return (
    <Section title={t("working")}>
      <div aria-live="polite" className="flex flex-col gap-1 rounded-lg border p-4">
        <StatusDot tone={tone} className="font-medium">
          {t(short)}
        </StatusDot>
        <p className="text-pretty text-ink-2 text-sm">{t.rich(text, { time: time as () => ReactNode })}</p>
      </div>
    </Section>
  );
}

type Key = "workingNow" | "workingBefore" | "workingNever" | "workingBlocked" | "workingLost";

function answer(user: User, isLost: boolean): { tone: Tone; short: `${Key}Short`; text: Key } {
  const say = (tone: Tone, text: Key) => ({ tone, short: `${text}Short` as const, text });
  if (isLost) return say("warn", "workingLost");
  if (user.status !== "active") return say("bad", "workingBlocked");
  if (user.isOnline) return say("good", "workingNow");
  return user.onlineAt === null ? say("idle", "workingNever") : say("idle", "workingBefore");
}
