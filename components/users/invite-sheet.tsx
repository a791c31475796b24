"use client";
import { useTranslations } from "next-intl";
import { AbsoluteTime } from "#components/time.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { SecretText } from "#components/ui/secret-text.tsx";
import { Sheet } from "#components/ui/sheet.tsx";
import type { Invite } from "#lib/schemas/user.ts";

/** A link that was just made: shown here and nowhere else. */
export function InviteSheet(props: { name: string; invite: Invite; onClose: () => void }) {
  const t = useTranslations("user");
  const access = useTranslations("access");
  return (
    <Sheet
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
      title={t("inviteTitle", { name: props.name })}
      closeLabel={t("close")}
      footer={
        <CopyButton text={props.invite.url} label={t("inviteCopy")} variant="primary">
          {t("inviteCopy")}
        </CopyButton>
      }
    >
      <div className="flex flex-col gap-4">
        <p className="text-pretty text-ink-2">
          {t.rich("inviteText", {
            name: props.name,
            time: () => <AbsoluteTime at={props.invite.expiresAt} withTime />,
          })}
        </p>
        <SecretText
          text={props.invite.url}
          labels={{ copy: t("inviteCopy"), show: access("showPassword"), hide: access("hidePassword") }}
        />
      </div>
    </Sheet>
  );
}
