import type { Metadata } from "next";
import { useTranslations } from "next-intl";
import { AuthCard } from "#components/login/auth-card.tsx";
import { InviteExpiry } from "#components/login/invite-expiry.tsx";
import { InviteForm } from "#components/login/invite-form.tsx";
import { MessagePage } from "#components/message-page.tsx";
import { AppError } from "#server/errors.ts";
import { getInvite } from "#server/users/get-invite.ts";

export const metadata: Metadata = { title: "Invite" };

export default async function InvitePage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const invite = await getInvite({ token }).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "GONE") return null;
    throw error;
  });
  if (invite === null) return <Gone />;
  return <Welcome token={token} name={invite.user.name} expiresAt={invite.expiresAt.toISOString()} />;
}

function Welcome(props: { token: string; name: string; expiresAt: string }) {
  const t = useTranslations("invite");
  return (
    <AuthCard title={t("title", { name: props.name })} text={t("text")}>
      <InviteForm token={props.token} name={props.name} />
      <InviteExpiry at={props.expiresAt} />
    </AuthCard>
  );
}

function Gone() {
  const t = useTranslations("invite");
  return (
    <MessagePage title={t("goneTitle")} text={t("goneText")} link={{ href: "/login", label: t("toLogin") }} />
  );
}
