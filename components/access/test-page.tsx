"use client";
import { useQuery } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import { useTranslations } from "next-intl";
import { parseAsString, useQueryStates } from "nuqs";
import { type FormEvent, useState } from "react";
import { api } from "#components/api.ts";
import { ErrorState } from "#components/error-state.tsx";
import { PageHeader } from "#components/page-header.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { ApiError } from "#lib/api-error.ts";
import { AccessTabs } from "./access-tabs.tsx";
import { useRulesDraft } from "./rules-draft.ts";
import { TestResult } from "./test-result.tsx";

const parsers = { url: parseAsString, user: parseAsString };

/** "What would happen for this user at this address?" The question is in the page's own address. */
export function TestPage() {
  const t = useTranslations("accessTest");
  const access = useTranslations("accessRules");
  const [asked, setAsked] = useQueryStates(parsers, { history: "push" });
  const draft = useRulesDraft();
  const { url, user } = asked;
  const test = useQuery({
    queryKey: ["access", "test", url, user],
    queryFn: () => api.testAccess({ url: url ?? "", user }),
    enabled: url !== null,
    retry: false,
    refetchInterval: 10_000,
  });
  const wrong = test.error instanceof ApiError && test.error.status < 500 ? test.error : null;
  const isAboutUser = wrong?.status === 404;
  return (
    <>
      <PageHeader title={access("title")}>{t("state")}</PageHeader>
      <AccessTabs />
      <div className="flex flex-col gap-6">
        {/* Another question in the URL (Back) is another form. */}
        <Question
          key={JSON.stringify(asked)}
          url={url ?? ""}
          user={user ?? ""}
          isBusy={test.isFetching && !test.data}
          urlError={wrong && !isAboutUser ? (wrong.errors[0]?.message ?? wrong.detail) : undefined}
          userError={isAboutUser ? wrong.detail : undefined}
          onAsk={(next) => {
            if (next.url === url && next.user === user) void test.refetch();
            else void setAsked(next);
          }}
        />
        {draft === null ? null : <Notice tone="warn">{t("notInForce")}</Notice>}
        <div aria-live="polite">
          {url === null ? (
            <EmptyState icon={FlaskConical}>{t("empty")}</EmptyState>
          ) : test.data ? (
            <TestResult result={test.data} />
          ) : wrong ? null : test.error ? (
            <ErrorState error={test.error} onRetry={() => void test.refetch()} />
          ) : (
            <Skeleton className="h-24 rounded-lg" />
          )}
        </div>
      </div>
    </>
  );
}

function Question(props: {
  url: string;
  user: string;
  isBusy: boolean;
  urlError: string | undefined;
  userError: string | undefined;
  onAsk: (asked: { url: string; user: string | null }) => void;
}) {
  const t = useTranslations("accessTest");
  const [url, setUrl] = useState(props.url);
  const [user, setUser] = useState(props.user);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const text = url.trim();
    if (text === "") return;
    // "wiki.example.org/page" is what people copy from a browser.
    props.onAsk({ url: /^[a-z]+:\/\//i.test(text) ? text : `https://${text}`, user: user.trim() || null });
  };
  return (
    <form
      onSubmit={submit}
      noValidate
      className="grid items-start gap-4 md:grid-cols-[minmax(0,3fr)_minmax(0,1fr)_auto]"
    >
      <Field label={t("url")} hint={t("urlHint")} error={props.urlError}>
        {(control) => (
          <Input
            {...control}
            type="url"
            value={url}
            onChange={(event) => setUrl(event.target.value)}
            placeholder="https://wiki.example.org/page"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            className="font-mono"
          />
        )}
      </Field>
      <Field label={t("user")} hint={t("userHint")} error={props.userError}>
        {(control) => (
          <Input
            {...control}
            value={user}
            onChange={(event) => setUser(event.target.value)}
            placeholder="ada"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
          />
        )}
      </Field>
      <Button
        type="submit"
        variant="primary"
        isBusy={props.isBusy}
        className="h-9 md:mt-6.5 pointer-coarse:h-11"
      >
        {t("run")}
      </Button>
    </form>
  );
}
