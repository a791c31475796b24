import { useTranslations } from "next-intl";

/** A line's key in words; what has none (a route, a program, a node) speaks for itself. */
export function useLineLabel(): (key: string, isDoor: boolean) => string {
  const t = useTranslations("charts.keys");
  const door = useTranslations("door");
  const doors: Record<string, string> = {
    vpn: door("vpn"),
    http: door("http"),
    socks: door("socks"),
    web: t("web"),
  };
  const words: Record<string, string> = {
    p50: t("p50"),
    p95: t("p95"),
    p99: t("p99"),
    found: t("found"),
    healed: t("healed"),
    connections: t("connections"),
    transactions: t("transactions"),
    database: t("database"),
    memory: t("memory"),
    commands: t("commands"),
    goroutines: t("goroutines"),
    starts: t("starts"),
    hits: t("hits"),
    allow: t("allow"),
    unauthenticated: t("unauthenticated"),
    forbidden: t("forbidden"),
    unavailable: t("unavailable"),
    "~proxies": t("proxies"),
    "~removed": t("removed"),
  };
  return (key, isDoor) =>
    (isDoor ? doors[key] : words[key]) ??
    (key === "" ? t("other") : key.replace(/^\/api\/v1(?=\/)/, "").replaceAll("_", " "));
}
