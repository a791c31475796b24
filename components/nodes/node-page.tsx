"use client";
import { ServerOff } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { MetricChart } from "#components/charts/metric-chart.tsx";
import { TrafficChart } from "#components/charts/traffic-chart.tsx";
import { useChartTime } from "#components/charts/use-chart-time.ts";
import { ErrorState } from "#components/error-state.tsx";
import { PageHeader } from "#components/page-header.tsx";
import { Section } from "#components/section.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { StatusDot } from "#components/ui/status-dot.tsx";
import { useTotalUsage } from "#components/usage/use-usage.ts";
import type { MetricSeries } from "#lib/metric-series.ts";
import type { NodeInfo } from "#lib/schemas/status.ts";
import { InboundTable } from "./inbound-table.tsx";
import { NodeFacts } from "./node-facts.tsx";
import { nodeState } from "./node-state.ts";
import { NodesSkeleton } from "./nodes-skeleton.tsx";
import { useNodes } from "./use-nodes.ts";

const PEOPLE: readonly MetricSeries[] = ["throughput", "users-online", "connections"];
const WORK: readonly MetricSeries[] = ["node-apply", "drift", "journal-age", "xray-starts"];
const MACHINE: readonly MetricSeries[] = [
  "xray-traffic",
  "xray-memory",
  "xray-goroutines",
  "cpu",
  "memory",
  "disk",
];

/** One node: what went through it, what it does, and how it is. */
export function NodePage({ name }: { name: string }) {
  const t = useTranslations("nodes");
  const nodes = useNodes();
  if (!nodes.data) {
    if (!nodes.error) return <NodesSkeleton />;
    return <ErrorState error={nodes.error} onRetry={() => void nodes.refetch()} />;
  }
  const node = nodes.data.items.find((candidate) => candidate.name === name);
  if (node) return <OneNode node={node} />;
  return (
    <>
      <PageHeader title={t("notFoundTitle", { name })} />
      <EmptyState
        icon={ServerOff}
        action={
          <Button asChild>
            <Link href="/nodes">{t("backToNodes")}</Link>
          </Button>
        }
      >
        {t("notFoundText")}
      </EmptyState>
    </>
  );
}

function OneNode({ node }: { node: NodeInfo }) {
  const t = useTranslations("nodes");
  const charts = useTranslations("charts");
  const time = useChartTime();
  const usage = useTotalUsage(time, { node: node.name });
  const { tone, key } = nodeState(node);
  const group = (title: string, series: readonly MetricSeries[]) => (
    <Section title={title}>
      <div className="grid gap-x-8 gap-y-8 md:grid-cols-2 xl:grid-cols-3">
        {series.map((one) => (
          <MetricChart key={one} series={one} time={time} node={node.name} />
        ))}
      </div>
    </Section>
  );
  return (
    <>
      <PageHeader title={node.name}>
        <span className="flex flex-wrap items-baseline gap-x-4">
          <StatusDot tone={tone}>{t(key)}</StatusDot>
          <span className="min-w-0 truncate text-ink-3 text-sm">
            {t("agent")} <span className="font-mono">{node.agentUrl}</span>
          </span>
        </span>
      </PageHeader>
      <div className="flex flex-col gap-10">
        {node.lastError === null ? null : <Notice tone="bad">{t("error", { error: node.lastError })}</Notice>}
        {node.canCutLive || !node.isUp ? null : <Notice tone="warn">{t("cutNotice")}</Notice>}
        <NodeFacts node={node} />
        <TrafficChart title={t("traffic")} time={time} result={usage} empty={charts("noTraffic")} />
        {group(t("people"), PEOPLE)}
        {group(t("work"), WORK)}
        {group(t("machine"), MACHINE)}
        <Section title={t("inbounds")}>
          <InboundTable inbounds={node.inbounds} />
        </Section>
      </div>
    </>
  );
}
