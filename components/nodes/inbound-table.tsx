"use client";
import { useTranslations } from "next-intl";
import { Explained } from "#components/explained.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import type { NodeInfo } from "#lib/schemas/status.ts";

/** Where a node listens for VPN clients, and how each of them looks from outside. */
export function InboundTable({ inbounds }: { inbounds: NodeInfo["inbounds"] }) {
  const t = useTranslations("nodes");
  if (inbounds.length === 0) return <p className="text-ink-2 text-sm">{t("noInbounds")}</p>;
  return (
    <ul className="grid gap-x-8 gap-y-4 text-sm md:grid-cols-2">
      {inbounds.map((inbound) => (
        <li key={inbound.tag} className="flex min-w-0 flex-col gap-1 border-t pt-3">
          <p className="flex justify-between gap-4">
            <span className="font-medium font-mono">{inbound.tag}</span>
            <span className="text-ink-2">
              {t("port")} <span className="font-mono tabular-nums">{inbound.port}</span>
            </span>
          </p>
          <dl className="flex flex-col gap-1">
            <div className="flex flex-wrap items-center justify-between gap-x-4">
              <dt className="text-ink-3">
                <Explained word={t("serverName")}>{t("serverNameHelp")}</Explained>
              </dt>
              <dd className="min-w-0 truncate font-mono">{inbound.serverName}</dd>
            </div>
            <div className="flex items-center justify-between gap-x-4">
              <dt className="shrink-0 text-ink-3">
                <Explained word={t("publicKey")}>{t("publicKeyHelp")}</Explained>
              </dt>
              <dd className="-me-2 flex min-w-0 items-center">
                <span className="truncate font-mono" title={inbound.realityPublicKey}>
                  {inbound.realityPublicKey}
                </span>
                <CopyButton text={inbound.realityPublicKey} label={t("copyKey", { tag: inbound.tag })} />
              </dd>
            </div>
          </dl>
        </li>
      ))}
    </ul>
  );
}
