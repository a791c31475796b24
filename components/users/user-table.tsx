"use client";
import { ArrowDown, ArrowUp } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { cn } from "#components/ui/cn.ts";
import { useWindowRows } from "#components/ui/use-window-rows.ts";
import type { User } from "#lib/schemas/user.ts";
import { useTableKeys } from "./use-table-keys.ts";
import type { TableView } from "./use-table-view.ts";
import type { UserSort } from "./use-user-filters.ts";
import { CELLS, COLUMN_LAYOUT, type ColumnId } from "./user-columns.tsx";

type Props = {
  users: User[];
  total: number;
  view: TableView;
  sort: UserSort;
  order: "asc" | "desc";
  onSort: (sort: UserSort) => void;
  selected: ReadonlySet<string>;
  onSelect: (ids: ReadonlySet<string>) => void;
  onOpen: (user: User) => void;
  onSearch: () => void;
  onEnd: () => void;
};

/** Only the rows in sight are in the page; a real table around them, so that a screen reader knows it as one. */
export function UserTable(props: Props) {
  const t = useTranslations("users");
  const { users, view } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const rowHeight = view.isCompact ? 36 : 48;
  const rows = useWindowRows(body, users.length, rowHeight);
  const { onEnd } = props;
  useEffect(() => {
    if (users.length > 0 && rows.end >= users.length - 30) onEnd();
  }, [rows.end, users.length, onEnd]);

  const toggle = (id: string) => {
    const next = new Set(props.selected);
    if (!next.delete(id)) next.add(id);
    props.onSelect(next);
  };
  const cursor = useTableKeys({
    count: users.length,
    onMove: rows.show,
    onOpen: (index) => users[index] && props.onOpen(users[index]),
    onToggle: (index) => users[index] && toggle(users[index].id),
    onSearch: props.onSearch,
    onEscape: () => props.onSelect(new Set()),
  });

  const isAllSelected = users.length > 0 && users.every((user) => props.selected.has(user.id));
  return (
    <table
      aria-rowcount={props.total + 1}
      aria-label={t("title")}
      className="w-full table-fixed border-separate border-spacing-0 text-sm"
    >
      <thead>
        <tr aria-rowindex={1}>
          <th scope="col" className={cn(headStyle, "w-9 ps-2")}>
            <Checkbox
              aria-label={t("selectAll")}
              checked={isAllSelected}
              isMixed={!isAllSelected && props.selected.size > 0}
              onChange={() =>
                props.onSelect(isAllSelected ? new Set() : new Set(users.map((user) => user.id)))
              }
            />
          </th>
          {view.columns.map((id) => (
            <HeadCell key={id} id={id} sort={props.sort} order={props.order} onSort={props.onSort} />
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {rows.before > 0 ? <Spacer height={rows.before} /> : null}
        {users.slice(rows.start, rows.end).map((user, place) => {
          const index = rows.start + place;
          const isSelected = props.selected.has(user.id);
          return (
            <tr
              key={user.id}
              aria-rowindex={index + 2}
              aria-selected={isSelected}
              style={{ height: rowHeight }}
              className={cn(
                "relative",
                isSelected ? "bg-accent-well" : cursor === index ? "bg-hover" : "hover:bg-hover",
                cursor === index && "shadow-[inset_2px_0_0_var(--color-accent)]",
              )}
            >
              <td className="relative z-10 border-b ps-2">
                <Checkbox
                  aria-label={t("selectOne", { name: user.name })}
                  checked={isSelected}
                  onChange={() => toggle(user.id)}
                />
              </td>
              {view.columns.map((id) => {
                const Cell = CELLS[id];
                return (
                  <td key={id} className={cn("border-b px-2", COLUMN_LAYOUT[id].className)}>
                    {id === "name" ? (
                      <Link
                        href={`/users/${user.name}`}
                        prefetch={false}
                        onClick={(event) => {
                          // Another tab, window or download stays the browser's.
                          if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
                          event.preventDefault();
                          props.onOpen(user);
                        }}
                        className="block rounded-sm after:absolute after:inset-0"
                      >
                        <Cell user={user} />
                      </Link>
                    ) : (
                      <Cell user={user} />
                    )}
                  </td>
                );
              })}
            </tr>
          );
        })}
        {rows.after > 0 ? <Spacer height={rows.after} /> : null}
      </tbody>
    </table>
  );
}

const headStyle =
  "sticky top-13 z-10 h-9 border-b bg-canvas px-2 text-start font-medium text-ink-3 text-xs whitespace-nowrap";

function HeadCell(props: {
  id: ColumnId;
  sort: UserSort;
  order: "asc" | "desc";
  onSort: (sort: UserSort) => void;
}) {
  const t = useTranslations("users");
  const { sort, className } = COLUMN_LAYOUT[props.id];
  const isSorted = sort === props.sort;
  const Arrow = props.order === "asc" ? ArrowUp : ArrowDown;
  return (
    <th
      scope="col"
      aria-sort={isSorted ? (props.order === "asc" ? "ascending" : "descending") : undefined}
      className={cn(headStyle, className)}
    >
      {sort ? (
        <button
          type="button"
          onClick={() => props.onSort(sort)}
          className={cn(
            "-mx-1 inline-flex items-center gap-1 rounded-sm px-1 hover:text-ink",
            isSorted && "text-ink",
          )}
        >
          {t(props.id)}
          {isSorted ? <Arrow aria-hidden className="size-3.5" /> : null}
        </button>
      ) : (
        t(props.id)
      )}
    </th>
  );
}

/** One cell only: spanning columns that are hidden on a narrow page would bring them back. */
function Spacer({ height }: { height: number }) {
  return (
    <tr aria-hidden style={{ height }}>
      <td />
    </tr>
  );
}
