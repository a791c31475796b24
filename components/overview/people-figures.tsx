"use client";
import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Bytes } from "#components/bytes.tsx";
import { METERED_DOORS } from "#lib/doors.ts";
import type { Status } from "#lib/schemas/status.ts";

/** The four numbers an operator reads first; each leads to the people behind it. */
export function PeopleFigures({ users, today }: Pick<Status, "users" | "today">) {
  const t = useTranslations("overview");
  const format = useFormatter();
  const bytes = METERED_DOORS.reduce((sum, door) => sum + today[door].upBytes + today[door].downBytes, 0);
  return (
    <dl className="grid grid-cols-2 rounded-lg border lg:grid-cols-4 [&>*]:border-line max-lg:[&>*:nth-child(n+3)]:border-t max-lg:[&>*:nth-child(even)]:border-s lg:[&>*+*]:border-s">
      <Figure label={t("online")} href="/users?online=true">
        {format.number(users.online)}
      </Figure>
      <Figure label={t("total")} href="/users">
        {format.number(users.total)}
      </Figure>
      <Figure
        label={t("needAttention")}
        href={users.limited > 0 ? "/users?status=limited" : "/users?status=expired"}
      >
        {format.number(users.limited + users.expired)}
      </Figure>
      <Figure label={t("trafficToday")}>
        <Bytes value={bytes} />
      </Figure>
    </dl>
  );
}

function Figure(props: { label: string; href?: string; children: ReactNode }) {
  return (
    <div className="relative flex flex-col gap-1 px-5 py-4 has-[a:hover]:bg-hover">
      <dt className="text-ink-2 text-sm">
        {props.href ? (
          <Link href={props.href} className="rounded-sm after:absolute after:inset-0">
            {props.label}
          </Link>
        ) : (
          props.label
        )}
      </dt>
      <dd className="font-semibold text-2xl tabular-nums tracking-tight">{props.children}</dd>
    </div>
  );
}
