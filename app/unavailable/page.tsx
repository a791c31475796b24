import { UnavailablePage } from "#components/unavailable-page.tsx";

/** Stands in for every page while Postgres is away (proxy.ts): reads nothing. */
export default function Unavailable() {
  return <UnavailablePage />;
}
