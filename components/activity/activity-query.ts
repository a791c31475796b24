import { parseAsString } from "nuqs/server";
import { queryKeys } from "#components/query-keys.ts";

/** `?user=ada`: only entries about this user. */
export const userParser = parseAsString.withOptions({ clearOnDefault: true });

export const activityKey = (user: string | null) => [...queryKeys.audit(user), "pages"] as const;
