"use client";
import { useFormatter, useTranslations } from "next-intl";
import { Bytes } from "#components/bytes.tsx";
import { useTimeZone } from "#components/now.tsx";
import { METERED_DOORS } from "#lib/doors.ts";
import type { UsageRange, UsageSeries } from "#lib/schemas/usage.ts";
import { DoorMark } from "./door-mark.tsx";
import { bucketTime } from "./format-bucket.ts";

/** The chart's numbers, newest first, without the empty times. */
export function UsageTable({ series, range }: { series: UsageSeries; range: UsageRange }) {
  const t = useTranslations("usage");
  const format = useFormatter();
  const timeZone = useTimeZone();
  const rows = series.points
    .map((point) => ({ ...point, total: METERED_DOORS.reduce((sum, door) => sum + point[door], 0) }))
    .filter((row) => row.total > 0)
    .reverse();
  return (
    <section
      aria-label={t("tableCaption", { range: t(`ranges.${range}`) })}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="max-h-72 overflow-auto rounded-lg border"
    >
      <table className="w-full text-sm">
        <thead>
          <tr className="sticky top-0 bg-canvas text-ink-3 text-xs *:whitespace-nowrap *:border-b *:px-4 *:py-2 *:font-medium">
            <th scope="col" className="text-start">
              {t("time")}
            </th>
            {METERED_DOORS.map((door) => (
              <th key={door} scope="col" className="text-end">
                <DoorMark door={door} />
              </th>
            ))}
            <th scope="col" className="text-end">
              {t("total")}
            </th>
          </tr>
        </thead>
        <tbody className="divide-y">
          {rows.map((row) => (
            <tr key={row.at} className="*:px-4 *:py-1.5">
              <th scope="row" className="whitespace-nowrap text-start font-normal text-ink-2">
                {format.dateTime(new Date(row.at), bucketTime(series.stepSeconds, timeZone))}
              </th>
              {METERED_DOORS.map((door) => (
                <td key={door} className="text-end">
                  <Bytes value={row[door]} />
                </td>
              ))}
              <td className="text-end font-medium">
                <Bytes value={row.total} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
