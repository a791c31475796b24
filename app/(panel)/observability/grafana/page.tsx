import type { Metadata } from "next";
import { requireOperator } from "#app/require-operator.ts";
import { GrafanaPanel } from "#components/observability/grafana-panel.tsx";
import { ObservabilityShell } from "#components/observability/observability-shell.tsx";
import { UrlState } from "#components/url-state.tsx";

export const metadata: Metadata = { title: "Grafana" };

export default async function Page() {
  await requireOperator("/observability/grafana");
  return (
    <UrlState>
      <ObservabilityShell>
        <GrafanaPanel />
      </ObservabilityShell>
    </UrlState>
  );
}
