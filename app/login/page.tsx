import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { useTranslations } from "next-intl";
import { AuthCard } from "#components/login/auth-card.tsx";
import { LoginForm } from "#components/login/login-form.tsx";
import { safeNext } from "#components/login/safe-next.ts";
import { getSessionFromCookies } from "#server/sessions/current-session.ts";
import { getInstallation } from "#server/users/installation.ts";

export const metadata: Metadata = { title: "Sign in" };

type SearchParams = Promise<{ next?: string | string[]; returnTo?: string | string[] }>;

export default async function LoginPage({ searchParams }: { searchParams: SearchParams }) {
  const { next, returnTo } = await searchParams;
  const wanted = next ?? returnTo;
  const target = safeNext(typeof wanted === "string" ? wanted : undefined, getInstallation().panelUrl);
  if ((await getSessionFromCookies()) !== null) redirect(target);
  return <SignIn next={target} />;
}

function SignIn({ next }: { next: string }) {
  const t = useTranslations("login");
  return (
    <AuthCard title={t("title")} text={t("text")}>
      <LoginForm next={next} />
      <p className="text-pretty text-ink-3 text-sm">{t("noAccount")}</p>
    </AuthCard>
  );
}
