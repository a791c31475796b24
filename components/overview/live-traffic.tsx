"use client";
import { useTranslations } from "next-intl";
import { cn } from "#components/ui/cn.ts";
import { DoorMark } from "#components/usage/door-mark.tsx";
import { METERED_DOORS, type MeteredDoor } from "#lib/doors.ts";
import { formatBytes } from "#lib/format-bytes.ts";
import type { Status } from "#lib/schemas/status.ts";
import { type Rate, useLiveRates } from "./use-live-rates.ts";

const WIDTH = 600;
const HEIGHT = 56;
const WINDOW_MS = 5 * 60_000;
const STROKE: Record<MeteredDoor, string> = {
  vpn: "stroke-vpn fill-vpn",
  http: "stroke-http fill-http",
  socks: "stroke-socks fill-socks",
};

/** What flows right now, a line for each door, on one scale. */
export function LiveTraffic({ today, at }: Pick<Status, "today" | "at">) {
  const t = useTranslations("overview");
  const rates = useLiveRates(today, at);
  const top = Math.max(1, ...rates.flatMap((rate) => METERED_DOORS.map((door) => rate[door])));
  const now = rates.at(-1);
  return (
    <div className="grid rounded-lg border md:grid-cols-3 md:[&>*+*]:border-s max-md:[&>*+*]:border-t">
      {METERED_DOORS.map((door) => (
        <div key={door} className="flex min-w-0 flex-col gap-3 overflow-hidden border-line pt-4">
          <div className="flex items-baseline justify-between gap-4 px-5">
            <span className="font-medium text-sm">
              <DoorMark door={door} />
            </span>
            <span className="text-base tabular-nums">
              {now ? t("perSecond", { value: formatBytes(Math.round(now[door])) }) : "–"}
            </span>
          </div>
          <svg
            aria-hidden="true"
            viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
            preserveAspectRatio="none"
            className={cn("block h-14 w-full", STROKE[door])}
          >
            <Line rates={rates} door={door} top={top} />
          </svg>
        </div>
      ))}
    </div>
  );
}

function Line({ rates, door, top }: { rates: readonly Rate[]; door: MeteredDoor; top: number }) {
  const end = rates.at(-1)?.time ?? 0;
  const points = rates.map((rate) => {
    const x = WIDTH - ((end - rate.time) / WINDOW_MS) * WIDTH;
    const y = HEIGHT - 1.5 - (rate[door] / top) * (HEIGHT - 6);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  const first = points[0];
  if (!first) return <path d={`M0 ${HEIGHT - 1.5}H${WIDTH}`} strokeOpacity={0.35} strokeWidth={1.5} />;
  const line = `M${points.join("L")}`;
  return (
    <>
      <path
        d={`${line}L${WIDTH} ${HEIGHT}L${first.split(" ")[0]} ${HEIGHT}Z`}
        stroke="none"
        fillOpacity={0.14}
      />
      <path d={line} fill="none" strokeWidth={1.5} vectorEffect="non-scaling-stroke" />
    </>
  );
}
