import { clean, paint, type Terminal } from "./terminal.ts";

export type Column<T> = {
  title: string;
  cell: (row: T) => string;
  isRight?: boolean;
  /** Left out, from the highest on, when the terminal is too narrow. 0 or left out: always shown. */
  dropOrder?: number;
  style?: (row: T) => Parameters<typeof paint>[1] | null;
};

const GAP = "  ";
const SHORTEST = 8;

/** A table that fits the terminal: less important columns go first, then the widest is cut. */
export function renderTable<T>(
  terminal: Terminal,
  columns: readonly Column<T>[],
  rows: readonly T[],
): string {
  const cells = new Map(columns.map((column) => [column, rows.map((row) => clean(column.cell(row)))]));
  const widthOf = (column: Column<T>) =>
    Math.max(column.title.length, ...(cells.get(column) ?? []).map((text) => text.length));
  const widths = new Map(columns.map((column) => [column, widthOf(column)]));
  let shown = [...columns];
  const total = () =>
    shown.reduce((sum, column) => sum + (widths.get(column) ?? 0), 0) + GAP.length * (shown.length - 1);
  while (total() > terminal.columns) {
    const least = Math.max(...shown.map((column) => column.dropOrder ?? 0));
    if (least > 0) {
      shown = shown.filter((column) => column.dropOrder !== least);
      continue;
    }
    const widest = shown.reduce((a, b) => ((widths.get(b) ?? 0) > (widths.get(a) ?? 0) ? b : a));
    const width = widths.get(widest) ?? 0;
    const fitting = Math.max(SHORTEST, width - (total() - terminal.columns));
    if (fitting >= width) break;
    widths.set(widest, fitting);
  }
  const pad = (column: Column<T>, text: string) => {
    const width = widths.get(column) ?? 0;
    const cut = text.length > width ? `${text.slice(0, width - 1)}…` : text;
    return column.isRight ? cut.padStart(width) : cut.padEnd(width);
  };
  const head = shown.map((column) => pad(column, column.title)).join(GAP);
  const lines = rows.map((row, index) =>
    shown
      .map((column) => {
        const text = pad(column, cells.get(column)?.[index] ?? "");
        const style = column.style?.(row) ?? null;
        return style === null ? text : paint(terminal, style, text);
      })
      .join(GAP)
      .trimEnd(),
  );
  return [paint(terminal, "dim", head.trimEnd()), ...lines].join("\n");
}

/** `name   value` lines with the names aligned; a null value is left out. */
export function renderDetails(
  terminal: Terminal,
  details: readonly (readonly [string, string | null])[],
): string {
  const shown = details.filter((detail): detail is [string, string] => detail[1] !== null);
  const width = Math.max(...shown.map(([name]) => name.length));
  return shown
    .map(([name, value]) => `${paint(terminal, "dim", name.padEnd(width))}  ${clean(value)}`)
    .join("\n");
}
