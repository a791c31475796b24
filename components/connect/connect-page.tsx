"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ErrorState } from "#components/error-state.tsx";
import { PageHeader } from "#components/page-header.tsx";
import { Section } from "#components/section.tsx";
import { RelativeTime } from "#components/time.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import type { User } from "#lib/schemas/user.ts";
import { AppList } from "./app-list.tsx";
import { BlockedNotice } from "./blocked-notice.tsx";
import { ByHand } from "./by-hand.tsx";
import { ConnectSkeleton } from "./connect-skeleton.tsx";
import { IsItWorking } from "./is-it-working.tsx";
import { SYSTEMS, type System } from "./systems.ts";
import { useOwnSecrets, useOwnUser } from "./use-own-account.ts";
import { WhatIsLeft } from "./what-is-left.tsx";

/** From nothing to connected: pick the system, get an app, add the config, see that it works. */
export function ConnectPage({ detected }: { detected: System }) {
  const t = useTranslations("connect");
  const [system, setSystem] = useState(detected);
  const user = useOwnUser();
  const secrets = useOwnSecrets();
  const error = secrets.error ?? user.error;
  if (!user.data || !secrets.data) {
    if (!error) return <ConnectSkeleton />;
    const retry = () => void Promise.all([user.refetch(), secrets.refetch()]);
    return (
      <>
        <PageHeader title={t("title")} />
        <ErrorState error={error} onRetry={retry} />
      </>
    );
  }
  return (
    <>
      <PageHeader title={t("title")}>
        <StateInWords user={user.data} />
      </PageHeader>
      <div className="grid gap-x-12 gap-y-10 lg:grid-cols-[minmax(0,1fr)_288px] lg:grid-rows-[auto_1fr]">
        <div className="flex min-w-0 flex-col gap-6">
          <BlockedNotice user={user.data} />
          <Section
            title={t("step1")}
            action={
              <Segmented
                label={t("system")}
                value={system}
                options={SYSTEMS.map((value) => ({ value, label: t(`systems.${value}`) }))}
                onChange={setSystem}
                className="max-sm:w-full sm:min-w-96"
              />
            }
          >
            <AppList
              system={system}
              subscriptionUrl={secrets.data.subscriptionUrl}
              name={secrets.data.name}
            />
          </Section>
        </div>
        <div className="grid content-start gap-8 sm:max-lg:grid-cols-2 lg:sticky lg:top-21 lg:row-span-2 lg:self-start">
          <IsItWorking user={user.data} isLost={user.isError} />
          <WhatIsLeft user={user.data} />
        </div>
        <ByHand secrets={secrets.data} isOnPhone={detected === "ios" || detected === "android"} />
      </div>
    </>
  );
}

function StateInWords({ user }: { user: User }) {
  const t = useTranslations("connect.state");
  if (user.isOnline) return t("connected");
  const at = user.onlineAt;
  if (at === null) return t("never");
  return t.rich("seen", { time: () => <RelativeTime at={at} /> });
}
