"use client";
import { History, Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { parseAsBoolean, parseAsString, useQueryStates } from "nuqs";
import { useEffect, useState } from "react";
import { ErrorState } from "#components/error-state.tsx";
import { PageHeader } from "#components/page-header.tsx";
import { RelativeTime } from "#components/time.tsx";
import { toast } from "#components/toast.ts";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { ApiError } from "#lib/api-error.ts";
import type { AccessPolicy } from "#lib/schemas/access.ts";
import { AccessSkeleton } from "./access-skeleton.tsx";
import { AccessTabs } from "./access-tabs.tsx";
import { RuleList } from "./rule-list.tsx";
import { RulesBar } from "./rules-bar.tsx";
import {
  compareRules,
  type KeyedRule,
  keyRule,
  keyRules,
  move,
  setRulesDraft,
  useRulesDraft,
} from "./rules-draft.ts";
import { StaleNotice } from "./stale-notice.tsx";
import { useAccessPolicy, useSaveRules } from "./use-access.ts";

const RuleSheet = dynamic(() => import("./rule-sheet.tsx").then((module) => module.RuleSheet));
const VersionsSheet = dynamic(() => import("./versions-sheet.tsx").then((module) => module.VersionsSheet));

const parsers = {
  /** `new`, or the position of the rule whose form is open. */
  rule: parseAsString,
  versions: parseAsBoolean.withDefault(false),
};

/** Who may see which site behind the sign-in. Edits are collected and put in force together. */
export function RulesPage() {
  const t = useTranslations("accessRules");
  const [url, setUrl] = useQueryStates(parsers, { history: "push", clearOnDefault: true });
  const { data, error, refetch } = useAccessPolicy();
  return (
    <>
      <PageHeader
        title={t("title")}
        action={
          <>
            <Button onClick={() => void setUrl({ versions: true })}>
              <History aria-hidden />
              {t("history")}
            </Button>
            <Button variant="primary" onClick={() => void setUrl({ rule: "new" })}>
              <Plus aria-hidden />
              {t("add")}
            </Button>
          </>
        }
      >
        {data ? <InForce policy={data} /> : null}
      </PageHeader>
      <AccessTabs />
      {data ? (
        <Rules
          policy={data}
          open={url.rule}
          onOpen={(rule) => void setUrl({ rule })}
          isHistoryOpen={url.versions}
          onCloseHistory={() => void setUrl({ versions: null })}
        />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <AccessSkeleton />
      )}
    </>
  );
}

function InForce({ policy }: { policy: AccessPolicy }) {
  const t = useTranslations("accessRules");
  if (policy.changedAt === null) return t("stateInstalled");
  const { changedAt, changedBy, version } = policy;
  return t.rich("state", {
    version,
    by: changedBy ?? "",
    time: () => <RelativeTime at={changedAt} />,
  });
}

function Rules(props: {
  policy: AccessPolicy;
  open: string | null;
  onOpen: (rule: string | null) => void;
  isHistoryOpen: boolean;
  onCloseHistory: () => void;
}) {
  const t = useTranslations("accessRules");
  const { policy } = props;
  const draft = useRulesDraft();
  const save = useSaveRules();
  const [failure, setFailure] = useState<string | null>(null);
  const rules = draft?.rules ?? keyRules(policy);
  const difference = draft && compareRules(draft.rules, policy.rules);
  const isStale = difference !== null && draft?.version !== policy.version;
  // Somebody else put the very same list in force.
  const isPointless = draft !== null && difference === null;
  useEffect(() => {
    if (isPointless) setRulesDraft(null);
  }, [isPointless]);
  const change = (next: readonly KeyedRule[]) => {
    setFailure(null);
    const version = difference === null ? policy.version : (draft?.version ?? policy.version);
    setRulesDraft(
      compareRules(next, policy.rules) === null
        ? null
        : { version, rules: next, restored: draft?.restored ?? null },
    );
  };
  const position = Number(props.open);
  const edited = props.open === "new" ? null : rules[position - 1];

  const putInForce = () => {
    if (!draft) return;
    setFailure(null);
    save.mutate(
      { version: draft.version, rules: draft.rules.map(({ rule }) => rule) },
      {
        onSuccess: ({ version }) => {
          setRulesDraft(null);
          toast.success(t("saved", { version }));
        },
        onError: (error) => {
          if (error instanceof ApiError && error.code === "CONFLICT") return;
          setFailure(error instanceof ApiError ? error.detail : t("saveFailed"));
        },
      },
    );
  };

  return (
    <>
      <div className="flex flex-col gap-3 pb-3">
        {isStale && draft ? <StaleNotice policy={policy} draft={draft} /> : null}
        {failure === null ? null : (
          <Notice tone="bad" role="alert">
            {failure}
          </Notice>
        )}
        {draft?.restored == null || isStale ? null : (
          <Notice role="status">{t("restoredNotice", { version: draft.restored })}</Notice>
        )}
        <p className="max-w-160 text-pretty text-ink-2 text-sm">{t("text")}</p>
      </div>
      <RuleList
        rules={rules}
        changed={difference?.changed ?? new Set()}
        onMove={(from, to) => change(move(rules, from, to))}
        onEdit={(index) => props.onOpen(String(index + 1))}
        onDelete={(index) => change(rules.toSpliced(index, 1))}
      />
      <p className="max-w-160 text-pretty pt-3 text-ink-3 text-xs">{t("panelHost")}</p>
      {difference ? (
        <RulesBar
          changed={difference.changed.size}
          removed={difference.removed}
          isBusy={save.isPending}
          isStale={isStale}
          onDiscard={() => {
            setFailure(null);
            setRulesDraft(null);
          }}
          onSave={putInForce}
        />
      ) : null}
      {props.open === null || edited === undefined ? null : (
        <RuleSheet
          rule={edited?.rule ?? null}
          onClose={() => props.onOpen(null)}
          onDone={(rule) => {
            const next = edited === null ? keyRule(rule) : { ...edited, rule };
            change(edited === null ? [next, ...rules] : rules.toSpliced(position - 1, 1, next));
            props.onOpen(null);
          }}
        />
      )}
      {props.isHistoryOpen ? (
        <VersionsSheet
          current={policy.version}
          onClose={props.onCloseHistory}
          onRestore={({ version, rules: old }) => {
            setFailure(null);
            setRulesDraft({ version: policy.version, rules: old.map(keyRule), restored: version });
            props.onCloseHistory();
          }}
        />
      ) : null}
    </>
  );
}
