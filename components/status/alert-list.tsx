import { useTranslations } from "next-intl";
import { RelativeTime } from "#components/time.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { Status } from "#lib/schemas/status.ts";

/** Commands stand between backticks. */
const withCode = (text: string) =>
  text.split("`").map((part, at) =>
    at % 2 === 1 ? (
      <code key={part} className="font-mono text-[0.95em]">
        {part}
      </code>
    ) : (
      part
    ),
  );

/** What fires now: what is wrong, since when, and what to do about it. */
export function AlertList({ alerts }: Pick<Status, "alerts">) {
  const t = useTranslations("status");
  if (alerts.length === 0) return null;
  return (
    <ul aria-label={t("alertList")} className="flex flex-col gap-2">
      {alerts.map((alert) => (
        <li key={`${alert.name} ${alert.summary}`}>
          <Notice tone={alert.severity === "critical" ? "bad" : "warn"}>
            <p className="flex flex-wrap items-baseline gap-x-2">
              <span className="font-medium">{alert.summary}</span>
              <span className="text-ink-3 text-xs">
                <RelativeTime at={alert.since} />
              </span>
            </p>
            <p className="text-ink-2">{withCode(alert.description)}</p>
          </Notice>
        </li>
      ))}
    </ul>
  );
}
