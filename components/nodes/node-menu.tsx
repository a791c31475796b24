"use client";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import type { NodeInfo } from "#lib/schemas/status.ts";
import { useNodeWrites } from "./use-node-writes.ts";

const InviteNodeSheet = dynamic(() =>
  import("./invite-node-sheet.tsx").then((module) => module.InviteNodeSheet),
);
const ConfirmDialog = dynamic(() =>
  import("#components/ui/confirm-dialog.tsx").then((module) => module.ConfirmDialog),
);

/** What can be done with a node that joined by a token; the installation's own has nothing to choose. */
export function NodeMenu({ node }: { node: NodeInfo }) {
  const t = useTranslations("nodes");
  const { invite, remove } = useNodeWrites();
  const [isAsking, setAsking] = useState(false);
  if (node.enrolment === null) return null;
  return (
    <div className="flex flex-wrap gap-2">
      <Button isBusy={invite.isPending} onClick={() => invite.mutate(node.id)}>
        {t("invite")}
      </Button>
      <Button onClick={() => setAsking(true)}>{t("remove")}</Button>
      {invite.data === undefined ? null : (
        <InviteNodeSheet node={node} invite={invite.data} onClose={() => invite.reset()} />
      )}
      {isAsking ? (
        <ConfirmDialog
          isOpen
          onOpenChange={setAsking}
          title={t("removeTitle", { name: node.name })}
          confirmLabel={t("remove")}
          cancelLabel={t("cancel")}
          isDanger
          isBusy={remove.isPending}
          onConfirm={() => remove.mutate(node.id, { onSuccess: () => setAsking(false) })}
          typeToConfirm={{
            word: node.name,
            label: t.rich("removeType", {
              name: () => <b className="font-mono font-semibold">{node.name}</b>,
            }),
          }}
        >
          {t("removeText")}
        </ConfirmDialog>
      ) : null}
    </div>
  );
}
