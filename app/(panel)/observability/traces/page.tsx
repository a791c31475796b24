import type { Metadata } from "next";
import { requireOperator } from "#app/require-operator.ts";

import { ObservabilityShell } from "#components/observability/observability-shell.tsx";
import { TracesPanel } from "#components/observability/traces-panel.tsx";
import { UrlState } from "#components/url-state.tsx";

export const metadata: Metadata = { title: "Traces" };

export default async function Page() {
  await requireOperator("/observability/traces");
  return (
    <ObservabilityShell>
      <UrlState>
        <TracesPanel />
      </UrlState>
    </ObservabilityShell>
  );
}
