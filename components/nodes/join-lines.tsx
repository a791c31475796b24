"use client";
import { useTranslations } from "next-intl";
import { AbsoluteTime } from "#components/time.tsx";
import { SecretText } from "#components/ui/secret-text.tsx";

/** What to run on the machine that joins. Shown once: the server keeps a hash of the token. */
export function JoinLines(props: { name: string; token: string; expiresAt: string; ports: string }) {
  const t = useTranslations("nodes");
  const labels = { copy: t("joinCopy"), show: t("joinShow"), hide: t("joinHide") };
  return (
    <div className="flex flex-col gap-4">
      <p className="text-pretty text-ink-2">
        {t.rich("joinText", {
          name: props.name,
          time: () => <AbsoluteTime at={props.expiresAt} withTime />,
        })}
      </p>
      <SecretText text={`npm run join -- ${props.token}`} labels={labels} />
      <p className="text-pretty text-ink-3 text-sm">{t("joinPorts", { ports: props.ports })}</p>
    </div>
  );
}
