import type { Metadata } from "next";
import { requireOperator } from "#app/require-operator.ts";
import { JobsPage } from "#components/jobs/jobs-page.tsx";

export const metadata: Metadata = { title: "Jobs" };

export default async function Page() {
  await requireOperator("/activity/jobs");
  return <JobsPage />;
}
