"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { z } from "zod";
import { api } from "#components/api.ts";
import { queryKeys } from "#components/query-keys.ts";
import { AbsoluteTime, RelativeTime } from "#components/time.tsx";
import { toast } from "#components/toast.ts";
import { toastError } from "#components/toast-error.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import type { apiTokenSchema } from "#lib/schemas/session.ts";

const ConfirmDialog = dynamic(() =>
  import("#components/ui/confirm-dialog.tsx").then((module) => module.ConfirmDialog),
);

type Token = z.infer<typeof apiTokenSchema>;

export function TokenList({ tokens }: { tokens: readonly Token[] }) {
  const t = useTranslations("settings");
  const client = useQueryClient();
  const [asked, setAsked] = useState<Token | null>(null);
  const [isAsking, setAsking] = useState(false);
  const revoke = useMutation({
    mutationFn: (id: string) => api.revokeToken(id),
    onSuccess: () => {
      setAsking(false);
      toast.success(t("revoked"));
    },
    onError: toastError,
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.tokens }),
  });
  return (
    <>
      <ul className="divide-y rounded-lg border">
        {tokens.map((token) => (
          <li key={token.id} className="flex items-center gap-4 p-4">
            <div className="min-w-0 flex-1">
              <p className="flex flex-wrap items-center gap-2">
                <span className="break-words font-medium">{token.name}</span>
                {token.scopes.map((scope) => (
                  <Badge key={scope}>{t(`scope.${scope}`)}</Badge>
                ))}
              </p>
              <p className="text-ink-2 text-sm">
                {t.rich("createdAt", { time: () => <RelativeTime at={token.createdAt} /> })}
                {" · "}
                <Used at={token.lastUsedAt} />
                {" · "}
                <Ends at={token.expiresAt} />
              </p>
            </div>
            <Button
              variant="danger-outline"
              aria-label={t("revokeNamed", { name: token.name })}
              onClick={() => {
                setAsked(token);
                setAsking(true);
              }}
            >
              {t("revoke")}
            </Button>
          </li>
        ))}
      </ul>
      {isAsking ? (
        <ConfirmDialog
          isOpen={isAsking}
          onOpenChange={setAsking}
          title={t("revokeTitle", { name: asked?.name ?? "" })}
          confirmLabel={t("revoke")}
          cancelLabel={t("cancel")}
          isDanger
          isBusy={revoke.isPending}
          onConfirm={() => {
            if (asked) revoke.mutate(asked.id);
          }}
        >
          {t("revokeBody")}
        </ConfirmDialog>
      ) : null}
    </>
  );
}

function Used({ at }: { at: string | null }) {
  const t = useTranslations("settings");
  return (
    <span>{at === null ? t("neverUsed") : t.rich("lastUsed", { time: () => <RelativeTime at={at} /> })}</span>
  );
}

function Ends({ at }: { at: string | null }) {
  const t = useTranslations("settings");
  return (
    <span>{at === null ? t("endsNever") : t.rich("ends", { time: () => <AbsoluteTime at={at} /> })}</span>
  );
}
