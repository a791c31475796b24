"use client";
import { ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { parseAsInteger, useQueryState } from "nuqs";
import type { ReactNode } from "react";
import { ErrorState } from "#components/error-state.tsx";
import { RelativeTime } from "#components/time.tsx";
import { Button } from "#components/ui/button.tsx";
import { Sheet } from "#components/ui/sheet.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { StatusDot } from "#components/ui/status-dot.tsx";
import type { AccessPolicy } from "#lib/schemas/access.ts";
import { RulePlace } from "./rule-place.tsx";
import { RuleWho } from "./rule-who.tsx";
import { useAccessVersion, useAccessVersions } from "./use-access.ts";

/** What was in force and when; one of them can be looked at and loaded again. */
export function VersionsSheet(props: {
  current: number;
  onRestore: (policy: AccessPolicy) => void;
  onClose: () => void;
}) {
  const t = useTranslations("accessRules");
  const [version, setVersion] = useQueryState("version", parseAsInteger.withOptions({ history: "push" }));
  const shown = useAccessVersion(version);
  const close = () => {
    void setVersion(null);
    props.onClose();
  };
  return (
    <Sheet
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) close();
      }}
      title={
        version === null ? t("historyTitle") : version === 0 ? t("installed") : t("version", { version })
      }
      description={version === null ? t("historyText") : t("restoreText")}
      closeLabel={t("close")}
      footer={
        version === null ? null : (
          <>
            <Button onClick={() => void setVersion(null)}>{t("back")}</Button>
            <Button
              variant="primary"
              disabled={!shown.data || version === props.current}
              onClick={() => {
                if (!shown.data) return;
                void setVersion(null);
                props.onRestore(shown.data);
              }}
            >
              {t("restore", { version })}
            </Button>
          </>
        )
      }
    >
      {version === null ? (
        <Versions current={props.current} onOpen={(one) => void setVersion(one)} />
      ) : shown.data ? (
        <RulesThen policy={shown.data} />
      ) : shown.error ? (
        <ErrorState error={shown.error} onRetry={() => void shown.refetch()} />
      ) : (
        <Skeleton className="h-24 rounded-lg" />
      )}
    </Sheet>
  );
}

function Versions({ current, onOpen }: { current: number; onOpen: (version: number) => void }) {
  const t = useTranslations("accessRules");
  const { data, error, refetch } = useAccessVersions();
  if (!data) {
    if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
    return <Skeleton className="h-24 rounded-lg" />;
  }
  return (
    <ol className="divide-y overflow-hidden rounded-lg border">
      {data.items.map(({ version, rules, changedBy, changedAt }) => (
        <Version key={version} version={version} isCurrent={version === current} onOpen={onOpen}>
          {t.rich("versionBy", {
            rules,
            by: changedBy ?? "",
            time: () => (changedAt === null ? null : <RelativeTime at={changedAt} />),
          })}
        </Version>
      ))}
      <Version version={0} isCurrent={current === 0} onOpen={onOpen}>
        {t("installedText")}
      </Version>
    </ol>
  );
}

function Version(props: {
  version: number;
  isCurrent: boolean;
  onOpen: (version: number) => void;
  children: ReactNode;
}) {
  const t = useTranslations("accessRules");
  const { version } = props;
  return (
    <li>
      <button
        type="button"
        onClick={() => props.onOpen(version)}
        className="flex w-full items-center gap-3 px-3 py-2.5 text-start text-sm hover:bg-hover focus-visible:-outline-offset-2"
      >
        <span className="min-w-0 flex-1">
          <span className="flex flex-wrap items-center gap-x-3 font-medium">
            {version === 0 ? t("installed") : t("version", { version })}
            {props.isCurrent ? (
              <StatusDot tone="good" className="font-normal text-xs">
                {t("inForce")}
              </StatusDot>
            ) : null}
          </span>
          <span className="block text-pretty text-ink-3 text-xs">{props.children}</span>
        </span>
        <ChevronRight aria-hidden className="size-4 shrink-0 text-ink-3 rtl:rotate-180" />
      </button>
    </li>
  );
}

function RulesThen({ policy }: { policy: AccessPolicy }) {
  const t = useTranslations("accessRules");
  if (policy.rules.length === 0) return <p className="text-ink-2">{t("noRules")}</p>;
  return (
    <ol className="divide-y rounded-lg border">
      {policy.rules.map((rule, index) => (
        <li key={JSON.stringify([index, rule])} className="flex gap-3 px-3 py-2.5 text-sm">
          <span className="w-4 shrink-0 text-end text-ink-3 tabular-nums">{index + 1}</span>
          <span className="flex min-w-0 flex-col gap-1">
            <RulePlace rule={rule} />
            <RuleWho rule={rule} />
            {rule.note === "" ? null : <span className="break-words text-ink-3 text-xs">{rule.note}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}
