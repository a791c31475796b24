"use client";
import { Server } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ErrorState } from "#components/error-state.tsx";
import { PageHeader } from "#components/page-header.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { StatusDot } from "#components/ui/status-dot.tsx";
import type { NodeInfo } from "#lib/schemas/status.ts";
import { InboundTable } from "./inbound-table.tsx";
import { NodeFacts } from "./node-facts.tsx";
import { NodeMenu } from "./node-menu.tsx";
import { nodeState } from "./node-state.ts";
import { NodeTrend } from "./node-trend.tsx";
import { NodesSkeleton } from "./nodes-skeleton.tsx";
import { useNodes } from "./use-nodes.ts";

const AddNodeSheet = dynamic(() => import("./add-node-sheet.tsx").then((module) => module.AddNodeSheet));

export function NodesPage() {
  const t = useTranslations("nodes");
  const { data, error, isError, refetch } = useNodes();
  const [isAdding, setAdding] = useState(false);
  if (!data) {
    if (!error) return <NodesSkeleton />;
    return (
      <>
        <PageHeader title={t("title")} />
        <ErrorState error={error} onRetry={() => void refetch()} />
      </>
    );
  }
  const up = data.items.filter((node) => nodeState(node).tone !== "bad").length;
  return (
    <>
      <PageHeader
        title={t("title")}
        action={
          <Button variant="primary" onClick={() => setAdding(true)}>
            {t("add")}
          </Button>
        }
      >
        {data.items.length === 0 ? null : t("state", { up, down: data.items.length - up })}
      </PageHeader>
      {isError ? (
        <Notice tone="warn" className="mb-6" role="status">
          {t("lost")}
        </Notice>
      ) : null}
      {data.items.length === 0 ? (
        <EmptyState icon={Server}>{t("none")}</EmptyState>
      ) : (
        <ul className="flex flex-col gap-6">
          {data.items.map((node) => (
            <li key={node.id}>
              <NodePanel node={node} />
            </li>
          ))}
        </ul>
      )}
      {isAdding ? <AddNodeSheet onClose={() => setAdding(false)} /> : null}
    </>
  );
}

function NodePanel({ node }: { node: NodeInfo }) {
  const t = useTranslations("nodes");
  const { tone, key } = nodeState(node);
  const isPending = node.enrolment?.isPending === true;
  return (
    <article aria-labelledby={`node-${node.id}`} className="flex flex-col gap-5 rounded-lg border p-5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <div className="flex min-w-0 flex-wrap items-baseline gap-x-3">
          <h2 id={`node-${node.id}`} className="truncate font-semibold text-lg tracking-tight">
            <Link href={`/nodes/${encodeURIComponent(node.name)}`} className="rounded-sm hover:underline">
              {node.name}
            </Link>
          </h2>
          <StatusDot tone={tone}>{t(key)}</StatusDot>
        </div>
        <p className="min-w-0 truncate text-ink-3 text-sm">
          {t("agent")} <span className="font-mono">{node.agentUrl}</span>
        </p>
      </div>
      {isPending ? <Notice tone="warn">{t("toJoinText")}</Notice> : null}
      {node.lastError === null ? null : <Notice tone="bad">{t("error", { error: node.lastError })}</Notice>}
      {node.canCutLive || !node.isUp ? null : <Notice tone="warn">{t("cutNotice")}</Notice>}
      {isPending ? null : <NodeFacts node={node} />}
      {isPending ? null : <NodeTrend name={node.name} />}
      <div className="flex flex-col gap-3">
        <h3 className="font-medium text-sm">{t("inbounds")}</h3>
        <InboundTable inbounds={node.inbounds} />
      </div>
      <NodeMenu node={node} />
    </article>
  );
}
