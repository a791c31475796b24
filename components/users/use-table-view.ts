import { useEffect, useState } from "react";
import { COLUMN_IDS, type ColumnId, DEFAULT_COLUMNS } from "./user-columns.tsx";

const KEY = "causeway-users-view";
export type TableView = { columns: ColumnId[]; isCompact: boolean };
const DEFAULT_VIEW: TableView = { columns: [...DEFAULT_COLUMNS], isCompact: false };

/** Columns and density: a reader's own habit, so it stays in their browser. */
export function useTableView() {
  const [view, setView] = useState(DEFAULT_VIEW);
  useEffect(() => setView(readView()), []);
  return {
    view,
    change: (next: TableView) => {
      setView(next);
      localStorage.setItem(KEY, JSON.stringify(next));
    },
  };
}

function readView(): TableView {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "null") as Partial<TableView> | null;
    if (!stored || !Array.isArray(stored.columns)) return DEFAULT_VIEW;
    const columns = COLUMN_IDS.filter((id) => id === "name" || stored.columns?.includes(id));
    return { columns, isCompact: stored.isCompact === true };
  } catch {
    return DEFAULT_VIEW;
  }
}
