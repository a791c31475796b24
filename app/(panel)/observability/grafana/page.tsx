import type { Metadata } from "next";
import { requireOperator } from "#app/require-operator.ts";
import { GrafanaPanel } from "#components/observability/grafana-panel.tsx";
import { ObservabilityShell } from "#components/observability/observability-shell.tsx";

export const metadata: Metadata = { title: "Grafana" };

export default async function Page() {
  await requireOperator("/observability/grafana");
  return (
    <ObservabilityShell>
      <GrafanaPanel />
    </ObservabilityShell>
  );
}
