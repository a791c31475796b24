/** The words of lib/schemas/user.ts, apart so that a page that only lists them loads no schemas. */
export const ROLES = ["owner", "admin", "user"] as const;
export const USER_STATUSES = ["active", "disabled", "limited", "expired", "on_hold"] as const;
export const RESET_PERIODS = ["never", "day", "week", "month", "year"] as const;
export const CREDENTIAL_KINDS = ["vless", "proxy", "subscription"] as const;
