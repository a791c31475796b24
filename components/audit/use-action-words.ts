import { useTranslations } from "next-intl";

/** `user.disable` → "Disabled"; an action without words of its own is shown as it is. */
export function useActionWords(): (action: string) => string {
  const t = useTranslations("auditAction");
  return (action) => {
    const key = action.replace(".", "-") as Parameters<typeof t>[0];
    return t.has(key) ? t(key) : action;
  };
}
