"use client";
import { Unplug } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useRef } from "react";
import { Bytes } from "#components/bytes.tsx";
import { RelativeTime } from "#components/time.tsx";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import { useWindowRows } from "#components/ui/use-window-rows.ts";
import { DoorMark } from "#components/usage/door-mark.tsx";
import { useTableKeys } from "#components/users/use-table-keys.ts";
import type { Connection } from "./arrange-connections.ts";

const ROW_HEIGHT = 48;
const HEAD =
  "sticky top-13 z-10 h-9 border-b bg-canvas px-2 font-medium text-ink-3 text-xs whitespace-nowrap base:text-start";

/** Only the rows in sight are in the page. j/k move, Enter asks whether to end the one under the cursor. */
export function ConnectionTable(props: {
  connections: readonly Connection[];
  onEnd: (connection: Connection) => void;
  onSearch: () => void;
}) {
  const t = useTranslations("connections");
  const { connections } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const rows = useWindowRows(body, connections.length, ROW_HEIGHT);
  const end = (index: number) => connections[index] && props.onEnd(connections[index]);
  const cursor = useTableKeys({
    count: connections.length,
    onMove: rows.show,
    onOpen: end,
    onToggle: end,
    onSearch: props.onSearch,
    onEscape: () => {},
  });
  const hasTargets = connections.some(({ target }) => target !== null);
  return (
    <table
      aria-label={t("title")}
      aria-rowcount={connections.length + 1}
      className="w-full table-fixed border-separate border-spacing-0 text-sm"
    >
      <thead>
        <tr aria-rowindex={1}>
          <th scope="col" className={HEAD}>
            {t("user")}
          </th>
          <th scope="col" className={cn(HEAD, "w-24 max-md:hidden")}>
            {t("door")}
          </th>
          <th scope="col" className={cn(HEAD, "w-36", hasTargets ? "max-lg:hidden" : "max-md:hidden")}>
            {t("from")}
          </th>
          {hasTargets ? (
            <th scope="col" className={cn(HEAD, "w-[30%] max-md:hidden")}>
              {t("target")}
            </th>
          ) : null}
          <th scope="col" className={cn(HEAD, "w-24 text-end max-lg:hidden")}>
            {t("up")}
          </th>
          <th scope="col" className={cn(HEAD, "w-24 text-end")}>
            {t("down")}
          </th>
          <th scope="col" className={cn(HEAD, "w-24 text-end max-sm:hidden")}>
            {t("opened")}
          </th>
          <th scope="col" className={cn(HEAD, "w-14")}>
            <span className="sr-only">{t("end")}</span>
          </th>
        </tr>
      </thead>
      <tbody ref={body}>
        {rows.before > 0 ? <Spacer height={rows.before} /> : null}
        {connections.slice(rows.start, rows.end).map((connection, index) => (
          <Row
            key={connection.id}
            connection={connection}
            position={rows.start + index}
            isCurrent={cursor === rows.start + index}
            hasTargets={hasTargets}
            onEnd={props.onEnd}
          />
        ))}
        {rows.after > 0 ? <Spacer height={rows.after} /> : null}
      </tbody>
    </table>
  );
}

function Row(props: {
  connection: Connection;
  position: number;
  isCurrent: boolean;
  hasTargets: boolean;
  onEnd: (connection: Connection) => void;
}) {
  const t = useTranslations("connections");
  const { connection } = props;
  const { userName, door, ip, target } = connection;
  const cell = "border-b px-2";
  return (
    <tr
      aria-rowindex={props.position + 2}
      style={{ height: ROW_HEIGHT }}
      className={cn(
        "hover:bg-hover",
        props.isCurrent && "bg-hover shadow-[inset_2px_0_0_var(--color-accent)]",
      )}
    >
      <td className={cell}>
        <span className="flex min-w-0 flex-col">
          <Link
            href={`/users/${encodeURIComponent(userName)}`}
            prefetch={false}
            className="truncate rounded-sm font-medium hover:underline"
          >
            {userName}
          </Link>
          <span className="flex min-w-0 items-center gap-2 text-ink-3 text-xs md:hidden">
            <DoorMark door={door} />
            <span className="truncate font-mono">{target ?? ip}</span>
          </span>
        </span>
      </td>
      <td className={cn(cell, "max-md:hidden")}>
        <DoorMark door={door} />
      </td>
      <td className={cn(cell, props.hasTargets ? "max-lg:hidden" : "max-md:hidden")}>
        <span className="block truncate font-mono text-ink-2 text-xs" title={ip}>
          {ip}
        </span>
      </td>
      {props.hasTargets ? (
        <td className={cn(cell, "max-md:hidden")}>
          <span className="block truncate font-mono text-xs" title={target ?? undefined}>
            {target}
          </span>
        </td>
      ) : null}
      <td className={cn(cell, "text-end max-lg:hidden")}>
        {connection.upBytes === null ? "–" : <Bytes value={connection.upBytes} />}
      </td>
      <td className={cn(cell, "text-end")}>
        {connection.downBytes === null ? "–" : <Bytes value={connection.downBytes} />}
        <span className="block text-ink-3 text-xs sm:hidden">
          <RelativeTime at={connection.openedAt} />
        </span>
      </td>
      <td className={cn(cell, "text-end text-ink-2 max-sm:hidden")}>
        <RelativeTime at={connection.openedAt} />
      </td>
      <td className={cn(cell, "text-end")}>
        <Button
          variant="ghost"
          size="icon"
          aria-label={t("endOf", { user: userName, target: target ?? ip })}
          title={t("end")}
          onClick={() => props.onEnd(connection)}
        >
          <Unplug aria-hidden />
        </Button>
      </td>
    </tr>
  );
}

function Spacer({ height }: { height: number }) {
  return (
    <tr aria-hidden style={{ height }}>
      <td />
    </tr>
  );
}
