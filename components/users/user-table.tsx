"use client";
import { useTable } from "@tanstack/react-table";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { cn } from "#components/ui/cn.ts";
import type { User } from "#lib/schemas/user.ts";
import { useTableKeys } from "./use-table-keys.ts";
import type { TableView } from "./use-table-view.ts";
import type { UserSort } from "./use-user-filters.ts";
import { COLUMN_IDS, COLUMN_LAYOUT, type ColumnId, userColumns, userTableFeatures } from "./user-columns.tsx";

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
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    const top = body.current?.getBoundingClientRect().top ?? 0;
    setOffset(top + window.scrollY);
  }, []);

  const columnVisibility = useMemo(
    () => Object.fromEntries(COLUMN_IDS.map((id) => [id, view.columns.includes(id)])),
    [view.columns],
  );
  const table = useTable({
    features: userTableFeatures,
    columns: userColumns,
    data: users,
    getRowId: (user) => user.id,
    state: { columnVisibility },
  });
  const rows = table.getRowModel().rows;
  const rowHeight = view.isCompact ? 36 : 48;
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: offset,
    initialRect: { width: 1200, height: 1000 },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another density is another height of every row
  useEffect(() => virtual.measure(), [rowHeight]);
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const { onEnd } = props;
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - 30) onEnd();
  }, [last, rows.length, onEnd]);

  const toggle = (id: string) => {
    const next = new Set(props.selected);
    if (!next.delete(id)) next.add(id);
    props.onSelect(next);
  };
  const cursor = useTableKeys({
    count: users.length,
    onMove: (index) => virtual.scrollToIndex(index, { align: "auto" }),
    onOpen: (index) => users[index] && props.onOpen(users[index]),
    onToggle: (index) => users[index] && toggle(users[index].id),
    onSearch: props.onSearch,
    onEscape: () => props.onSelect(new Set()),
  });

  const isAllSelected = users.length > 0 && users.every((user) => props.selected.has(user.id));
  const before = (shown[0]?.start ?? offset) - offset;
  const after = virtual.getTotalSize() - ((shown.at(-1)?.end ?? offset) - offset);
  const columnCount = view.columns.length + 1;
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
        {before > 0 ? <Spacer height={before} columns={columnCount} /> : null}
        {shown.map((item) => {
          const row = rows[item.index];
          if (!row) return null;
          const user = row.original;
          const isSelected = props.selected.has(user.id);
          return (
            <tr
              key={row.id}
              aria-rowindex={item.index + 2}
              aria-selected={isSelected}
              style={{ height: rowHeight }}
              className={cn(
                "group relative hover:bg-hover",
                cursor === item.index && "bg-hover shadow-[inset_2px_0_0_var(--color-accent)]",
                isSelected && "bg-accent-well hover:bg-accent-well",
              )}
            >
              <td className="relative z-10 border-b ps-2">
                <Checkbox
                  aria-label={t("selectOne", { name: user.name })}
                  checked={isSelected}
                  onChange={() => toggle(user.id)}
                />
              </td>
              {row.getVisibleCells().map((cell) => (
                <td
                  key={cell.id}
                  className={cn("border-b px-2 last:pe-2", layoutOf(cell.column.id).className)}
                >
                  {cell.column.id === "name" ? (
                    <Link
                      href={`/users/${user.name}`}
                      prefetch={false}
                      className="block rounded-sm after:absolute after:inset-0"
                    >
                      <table.FlexRender cell={cell} />
                    </Link>
                  ) : (
                    <table.FlexRender cell={cell} />
                  )}
                </td>
              ))}
            </tr>
          );
        })}
        {after > 0 ? <Spacer height={after} columns={columnCount} /> : null}
      </tbody>
    </table>
  );
}

const headStyle =
  "sticky top-13 z-10 h-9 border-b bg-canvas px-2 text-start font-medium text-ink-3 text-xs whitespace-nowrap";
const layoutOf = (id: string) => COLUMN_LAYOUT[id as ColumnId];

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

function Spacer({ height, columns }: { height: number; columns: number }) {
  return (
    <tr aria-hidden style={{ height }}>
      <td colSpan={columns} />
    </tr>
  );
}
