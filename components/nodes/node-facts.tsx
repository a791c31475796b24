"use client";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { RelativeTime } from "#components/time.tsx";
import type { NodeInfo } from "#lib/schemas/status.ts";

/** What an operator wants to know of a node, each as a word and its value. */
export function NodeFacts({ node }: { node: NodeInfo }) {
  const t = useTranslations("nodes");
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-4 text-sm lg:grid-cols-4">
      <Fact name={t("xray")}>
        {!node.isXrayUp
          ? t("notRunning")
          : node.xrayVersion === null
            ? t("versionUnknown")
            : t("xrayVersion", { version: node.xrayVersion })}
      </Fact>
      <Fact name={t("changes")}>
        {node.revisionBehind === 0 ? t("upToDate") : t("behind", { count: node.revisionBehind })}
      </Fact>
      <Fact name={t("seen")}>
        {node.seenAt === null ? t("neverSeen") : <RelativeTime at={node.seenAt} />}
      </Fact>
      <Fact name={t("cut")}>{node.canCutLive ? t("cutYes") : t("cutNo")}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col">
      <dt className="text-ink-3 text-xs">{name}</dt>
      <dd className="text-pretty tabular-nums">{children}</dd>
    </div>
  );
}
