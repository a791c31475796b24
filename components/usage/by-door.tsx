"use client";
import { useTranslations } from "next-intl";
import { Bytes } from "#components/bytes.tsx";
import { Section } from "#components/section.tsx";
import { AbsoluteTime } from "#components/time.tsx";
import { METERED_DOORS } from "#lib/doors.ts";
import type { Usage } from "#lib/schemas/usage.ts";
import { DoorMark } from "./door-mark.tsx";

/** Each door's bytes since the last reset. Down is what the person got. */
export function ByDoor({ usage }: { usage: Usage }) {
  const t = useTranslations("usage");
  return (
    <Section
      title={t("byDoor")}
      action={
        <span className="text-ink-3 text-sm">
          {t.rich("byDoorSince", { date: () => <AbsoluteTime at={usage.from} /> })}
        </span>
      }
    >
      <div className="overflow-x-auto rounded-lg border">
        <table className="w-full text-sm">
          <thead>
            <tr className="border-b text-ink-3 text-xs *:px-4 *:py-2 *:font-medium">
              <th scope="col" className="text-start">
                {t("door")}
              </th>
              <th scope="col" className="text-end">
                {t("down")}
              </th>
              <th scope="col" className="text-end">
                {t("up")}
              </th>
              <th scope="col" className="text-end">
                {t("total")}
              </th>
            </tr>
          </thead>
          <tbody className="divide-y">
            {METERED_DOORS.map((door) => {
              const { upBytes, downBytes } = usage.doors[door];
              return (
                <tr key={door} className="*:px-4 *:py-2.5">
                  <th scope="row" className="text-start font-medium">
                    <DoorMark door={door} />
                  </th>
                  <td className="text-end text-ink-2">
                    <Bytes value={downBytes} />
                  </td>
                  <td className="text-end text-ink-2">
                    <Bytes value={upBytes} />
                  </td>
                  <td className="text-end font-medium">
                    <Bytes value={upBytes + downBytes} />
                  </td>
                </tr>
              );
            })}
          </tbody>
          <tfoot>
            <tr className="border-t *:px-4 *:py-2.5 *:font-medium">
              <th scope="row" className="text-start" colSpan={3}>
                {t("all")}
              </th>
              <td className="text-end">
                <Bytes value={usage.totalBytes} />
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
    </Section>
  );
}
