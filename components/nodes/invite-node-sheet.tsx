"use client";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Sheet } from "#components/ui/sheet.tsx";
import type { AddedNode } from "#lib/schemas/node.ts";
import { portsOf } from "./add-node-sheet.tsx";
import { JoinLines } from "./join-lines.tsx";

/** A join line that was just made: shown here and nowhere else. */
export function InviteNodeSheet(props: {
  node: AddedNode["node"];
  invite: AddedNode["invite"];
  onClose: () => void;
}) {
  const t = useTranslations("nodes");
  return (
    <Sheet
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
      title={t("joinTitle", { name: props.node.name })}
      closeLabel={t("close")}
      footer={
        <Button variant="primary" onClick={props.onClose}>
          {t("done")}
        </Button>
      }
    >
      <JoinLines name={props.node.name} ports={portsOf(props.node)} {...props.invite} />
    </Sheet>
  );
}
