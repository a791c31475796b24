"use client";
import { KeyRound, Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { parseAsBoolean, useQueryState } from "nuqs";
import { ErrorState } from "#components/error-state.tsx";
import { PageHeader } from "#components/page-header.tsx";
import { Section } from "#components/section.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { TokenList } from "./token-list.tsx";
import { TokenRowsSkeleton } from "./token-rows-skeleton.tsx";
import { useTokens } from "./use-tokens.ts";

const CreateTokenSheet = dynamic(() =>
  import("./create-token-sheet.tsx").then((module) => module.CreateTokenSheet),
);

export function SettingsPage() {
  const t = useTranslations("settings");
  const [isCreating, setCreating] = useQueryState("create", parseAsBoolean.withDefault(false));
  const { data, error, refetch } = useTokens();
  const create = (
    <Button variant="primary" onClick={() => void setCreating(true)}>
      <Plus aria-hidden />
      {t("create")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("title")}>{data ? t("state", { count: data.items.length }) : null}</PageHeader>
      <div className="max-w-190">
        <Section title={t("tokens")} action={data?.items.length ? create : null}>
          <p className="-mt-2 text-pretty text-ink-2 text-sm">
            {t("tokensHint")}{" "}
            <a href="/api/docs" className="rounded-sm text-accent-text underline underline-offset-2">
              {t("docs")}
            </a>
          </p>
          {data ? (
            data.items.length > 0 ? (
              <TokenList tokens={data.items} />
            ) : (
              <div className="rounded-lg border">
                <EmptyState icon={KeyRound} action={create}>
                  {t("none")}
                </EmptyState>
              </div>
            )
          ) : error ? (
            <ErrorState error={error} onRetry={() => void refetch()} />
          ) : (
            <TokenRowsSkeleton />
          )}
        </Section>
      </div>
      {isCreating ? <CreateTokenSheet isOpen onClose={() => void setCreating(null)} /> : null}
    </>
  );
}
