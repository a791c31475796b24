import { useTranslations } from "next-intl";
import type { Destinations } from "#lib/schemas/group.ts";

/** "may go anywhere", "2 rules, then anywhere". */
export function useDestinationWords(): (destinations: Destinations) => string {
  const t = useTranslations("groups");
  return ({ rules, otherwise }) =>
    rules.length === 0 ? t(`only.${otherwise}`) : t(`then.${otherwise}`, { count: rules.length });
}
