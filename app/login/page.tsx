import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { useTranslations } from "next-intl";
import { AuthCard } from "#components/login/auth-card.tsx";
import { LoginForm } from "#components/login/login-form.tsx";
import { safeNext } from "#components/login/safe-next.ts";
import { getWebRuntime } from "#server/api/web-runtime.ts";
import { getSessionFromCookies } from "#server/sessions/current-session.ts";
import { vouchForSession } from "#server/sessions/vouch-for-session.ts";
import { getInstallation } from "#server/users/installation.ts";

export const metadata: Metadata = { title: "Sign in" };

type Param = string | string[] | undefined;
type SearchParams = Promise<{ next?: Param; returnTo?: Param; state?: Param }>;
const single = (param: Param) => (typeof param === "string" ? param : undefined);

export default async function LoginPage({ searchParams }: { searchParams: SearchParams }) {
  const { next, returnTo, state } = await searchParams;
  const target = safeNext(single(next ?? returnTo), getInstallation().panelUrl, single(state));
  if ((await getSessionFromCookies()) !== null) {
    await vouchForSession(getWebRuntime().redis, await headers());
    redirect(target);
  }
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
