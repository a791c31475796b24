"use client";
import { useFormatter, useTranslations } from "next-intl";
import { Bytes } from "#components/bytes.tsx";
import { Section } from "#components/section.tsx";
import { cn } from "#components/ui/cn.ts";
import { DoorMark } from "#components/usage/door-mark.tsx";
import { METERED_DOORS, type MeteredDoor } from "#lib/doors.ts";
import type { Status } from "#lib/schemas/status.ts";

const FILL: Record<MeteredDoor, string> = { vpn: "bg-vpn", http: "bg-http", socks: "bg-socks" };

/** Since midnight UTC: one bar for all, and the numbers under it. */
export function TodayByDoor({ today }: { today: Status["today"] }) {
  const t = useTranslations("overview");
  const format = useFormatter();
  const rows = METERED_DOORS.map((door) => ({
    door,
    ...today[door],
    total: today[door].upBytes + today[door].downBytes,
  }));
  const total = rows.reduce((sum, row) => sum + row.total, 0);
  return (
    <Section
      title={t("trafficToday")}
      action={<span className="text-ink-3 text-xs">{t("sinceMidnight")}</span>}
    >
      <div aria-hidden className="flex h-2 gap-0.5 overflow-hidden rounded-full bg-press">
        {rows
          .filter((row) => row.total > 0)
          .map((row) => (
            <span
              key={row.door}
              className={cn("min-w-1", FILL[row.door])}
              style={{ flexGrow: row.total / total }}
            />
          ))}
      </div>
      <table className="w-full text-sm tabular-nums">
        <thead>
          <tr className="border-b text-ink-3 text-xs *:py-2 *:font-medium">
            <th scope="col" className="text-start">
              {t("door")}
            </th>
            <th scope="col" className="text-end">
              {t("down")}
            </th>
            <th scope="col" className="text-end">
              {t("up")}
            </th>
            <th scope="col" className="w-16 text-end">
              {t("share")}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.door} className="border-b *:py-2.5">
              <th scope="row" className="text-start font-medium">
                <DoorMark door={row.door} />
              </th>
              <td className="text-end">
                <Bytes value={row.downBytes} />
              </td>
              <td className="text-end text-ink-2">
                <Bytes value={row.upBytes} />
              </td>
              <td className="text-end text-ink-2">
                {format.number(total === 0 ? 0 : row.total / total, { style: "percent" })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
