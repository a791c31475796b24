"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { KeyRound, Link2, Network } from "lucide-react";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { api } from "#components/api.ts";
import { queryKeys } from "#components/query-keys.ts";
import { Section } from "#components/section.tsx";
import { toast } from "#components/toast.ts";
import { toastError } from "#components/toast-error.ts";
import { Button } from "#components/ui/button.tsx";
import type { CredentialKind } from "#lib/schemas/user.ts";
import { CREDENTIAL_KINDS } from "#lib/user-terms.ts";

const ConfirmDialog = dynamic(() =>
  import("#components/ui/confirm-dialog.tsx").then((module) => module.ConfirmDialog),
);

const ICON = { vless: KeyRound, proxy: Network, subscription: Link2 };

/** One's own secrets, each to be replaced on its own; the question says what stops. */
export function SecretList() {
  const t = useTranslations("security");
  const router = useRouter();
  const client = useQueryClient();
  const [kind, setKind] = useState<CredentialKind>("vless");
  const [isAsking, setAsking] = useState(false);
  const rotate = useMutation({
    mutationFn: (only: CredentialKind) => api.rotateUser("me", { only }),
    onSuccess: (secrets, only) => {
      client.setQueryData(queryKeys.userLinks("me"), secrets);
      setAsking(false);
      const isProxy = only === "proxy";
      toast.success(t(`rotated.${only}`), {
        duration: 10_000,
        action: {
          label: isProxy ? t("openProxies") : t("openConnect"),
          onClick: () => router.push(isProxy ? "/proxies" : "/connect"),
        },
      });
    },
    onError: toastError,
  });
  return (
    <Section title={t("secrets")}>
      <p className="-mt-2 text-pretty text-ink-2 text-sm">{t("secretsHint")}</p>
      <ul className="divide-y rounded-lg border">
        {CREDENTIAL_KINDS.map((candidate) => {
          const Icon = ICON[candidate];
          return (
            <li key={candidate} className="flex items-center gap-4 p-4">
              <Icon aria-hidden className="size-5 shrink-0 text-ink-3" />
              <div className="min-w-0 flex-1">
                <p className="font-medium">{t(`kinds.${candidate}.title`)}</p>
                <p className="text-pretty text-ink-2 text-sm">{t(`kinds.${candidate}.what`)}</p>
              </div>
              <Button
                aria-label={t("rotateNamed", { name: t(`kinds.${candidate}.title`) })}
                onClick={() => {
                  setKind(candidate);
                  setAsking(true);
                }}
              >
                {t("rotate")}
              </Button>
            </li>
          );
        })}
      </ul>
      {isAsking ? (
        <ConfirmDialog
          isOpen={isAsking}
          onOpenChange={setAsking}
          title={t(`kinds.${kind}.confirm`)}
          confirmLabel={t("rotate")}
          cancelLabel={t("cancel")}
          isDanger
          isBusy={rotate.isPending}
          onConfirm={() => rotate.mutate(kind)}
        >
          {t(`kinds.${kind}.stops`)}
        </ConfirmDialog>
      ) : null}
    </Section>
  );
}
