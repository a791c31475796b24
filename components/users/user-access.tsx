"use client";
import { useQuery } from "@tanstack/react-query";
import { CircleHelp, KeyRound } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { api } from "#components/api.ts";
import { ErrorState } from "#components/error-state.tsx";
import { queryKeys } from "#components/query-keys.ts";
import { Section } from "#components/section.tsx";
import { Button } from "#components/ui/button.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Tooltip } from "#components/ui/tooltip.tsx";
import type { User } from "#lib/schemas/user.ts";
import { AccessLinks } from "./access-links.tsx";
import { AccessProxy } from "./access-proxy.tsx";

/** What opens the doors, behind a click: each look is audited. */
export function UserAccess({ user }: { user: User }) {
  const t = useTranslations("user");
  const access = useTranslations("access");
  const [isShown, setShown] = useState(false);
  const links = useQuery({
    queryKey: queryKeys.userLinks(user.name),
    queryFn: ({ signal }) => api.getUserLinks(user.name, { signal }),
    enabled: isShown,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  return (
    <Section
      title={
        <span className="inline-flex items-center gap-1">
          {t("access")}
          <Tooltip content={access("realityHelp")}>
            <button
              type="button"
              aria-label={access("help")}
              className="rounded-full p-1 text-ink-3 hover:text-ink"
            >
              <CircleHelp aria-hidden className="size-3.5" />
            </button>
          </Tooltip>
        </span>
      }
      action={isShown ? <Button onClick={() => setShown(false)}>{t("hideAccess")}</Button> : null}
    >
      {!isShown ? (
        <div className="flex flex-wrap items-center justify-between gap-4 rounded-lg border p-5">
          <p className="max-w-110 text-pretty text-ink-2 text-sm">{t("accessHint")}</p>
          <Button onClick={() => setShown(true)}>
            <KeyRound aria-hidden />
            {t("showAccess")}
          </Button>
        </div>
      ) : links.data ? (
        <div className="divide-y rounded-lg border">
          <AccessLinks secrets={links.data} />
          <AccessProxy proxy={links.data.proxy} />
        </div>
      ) : links.error ? (
        <ErrorState error={links.error} onRetry={() => void links.refetch()} />
      ) : (
        <Skeleton className="h-105 rounded-lg" />
      )}
    </Section>
  );
}
