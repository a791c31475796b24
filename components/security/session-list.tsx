"use client";
import { Monitor, Smartphone } from "lucide-react";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { signOut } from "#components/frame/sign-out.ts";
import { Section } from "#components/section.tsx";
import { RelativeTime } from "#components/time.tsx";
import { toast } from "#components/toast.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import type { SessionInfo } from "#lib/schemas/session.ts";
import { describeUserAgent } from "./describe-user-agent.ts";
import { useEndSessions } from "./use-sessions.ts";

const ConfirmDialog = dynamic(() =>
  import("#components/ui/confirm-dialog.tsx").then((module) => module.ConfirmDialog),
);

/** Own sign-ins, this one first. */
export function SessionList({ sessions }: { sessions: readonly SessionInfo[] }) {
  const t = useTranslations("security");
  const [isAsking, setAsking] = useState(false);
  const others = sessions.filter((session) => !session.isCurrent);
  const ordered = [...sessions.filter((session) => session.isCurrent), ...others];
  const endAll = useEndSessions(() => {
    setAsking(false);
    toast.success(t("endedAll"));
  });
  return (
    <Section
      title={t("sessions")}
      action={others.length > 1 ? <Button onClick={() => setAsking(true)}>{t("endAll")}</Button> : null}
    >
      <ul className="divide-y rounded-lg border">
        {ordered.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </ul>
      {isAsking ? (
        <ConfirmDialog
          isOpen={isAsking}
          onOpenChange={setAsking}
          title={t("endAllTitle", { count: others.length })}
          confirmLabel={t("endAll")}
          cancelLabel={t("cancel")}
          isBusy={endAll.isPending}
          onConfirm={() => endAll.mutate(others.map((session) => session.id))}
        >
          {t("endAllBody")}
        </ConfirmDialog>
      ) : null}
    </Section>
  );
}

function SessionRow({ session }: { session: SessionInfo }) {
  const t = useTranslations("security");
  const end = useEndSessions(() => toast.success(t("ended")));
  const { browser, system } = describeUserAgent(session.userAgent);
  const name = t("browserOn", {
    browser: browser ?? t("unknownBrowser"),
    system: system ?? t("unknownSystem"),
  });
  const Icon = system === "iPhone" || system === "iPad" || system === "Android" ? Smartphone : Monitor;
  return (
    <li className="flex items-center gap-4 p-4">
      <Icon aria-hidden className="size-5 shrink-0 text-ink-3" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium" title={session.userAgent}>
            {name}
          </span>
          {session.isCurrent ? (
            <Badge className="border-transparent bg-accent-well text-accent-text">{t("thisOne")}</Badge>
          ) : null}
        </p>
        <p className="text-ink-2 text-sm">
          {t.rich("meta", {
            ip: () => <span className="break-all font-mono">{session.ip}</span>,
            seen: () => <RelativeTime at={session.lastSeenAt} />,
            start: () => <RelativeTime at={session.createdAt} />,
          })}
        </p>
      </div>
      <Button
        aria-label={t("endNamed", { name })}
        isBusy={end.isPending}
        onClick={() => (session.isCurrent ? void signOut() : end.mutate([session.id]))}
      >
        {t("end")}
      </Button>
    </li>
  );
}
