import type { Metadata } from "next";
import { requireOperator } from "#app/require-operator.ts";
import { ChartsPanel } from "#components/observability/charts-panel.tsx";
import { ObservabilityShell } from "#components/observability/observability-shell.tsx";

export const metadata: Metadata = { title: "Observability" };

export default async function Page() {
  await requireOperator("/observability");
  return (
    <ObservabilityShell>
      <ChartsPanel />
    </ObservabilityShell>
  );
}
