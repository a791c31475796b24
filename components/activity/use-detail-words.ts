import { useTranslations } from "next-intl";
import { describeDetail } from "./describe-detail.ts";

/** An entry's details as names and values for people; a field without a name of its own keeps its own. */
export function useDetailWords() {
  const t = useTranslations("activity.fields");
  return (details: Record<string, unknown>) =>
    Object.entries(details).map(([field, value]) => {
      const key = field as Parameters<typeof t.has>[0];
      return { field, name: t.has(key) ? t(key as "note") : field, value: describeDetail(field, value) };
    });
}
