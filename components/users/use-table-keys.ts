import { useEffect, useRef, useState } from "react";

type Actions = {
  count: number;
  onMove: (index: number) => void;
  onOpen: (index: number) => void;
  onToggle: (index: number) => void;
  onSearch: () => void;
  onEscape: () => void;
};

/** j/k move, Enter opens, x selects, / searches, Esc lets go; answers the row the cursor is on (-1 = none). */
export function useTableKeys(actions: Actions): number {
  const [cursor, setCursor] = useState(-1);
  const latest = useRef({ actions, cursor });
  useEffect(() => {
    latest.current = { actions, cursor };
  });

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
      const target = event.target as HTMLElement;
      const isTyping = target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
      if (isTyping || target.closest("[role=dialog], [role=alertdialog], [role=menu]")) return;
      const { actions: act, cursor: at } = latest.current;
      const move = (to: number) => {
        const next = Math.max(0, Math.min(act.count - 1, to));
        setCursor(next);
        act.onMove(next);
      };
      const keys: Record<string, () => void> = {
        j: () => move(at + 1),
        k: () => move(at - 1),
        x: () => at >= 0 && act.onToggle(at),
        "/": act.onSearch,
      };
      if (event.key === "Escape") {
        setCursor(-1);
        return act.onEscape();
      }
      // Enter on a focused control is that control's own.
      if (event.key === "Enter" && at >= 0 && !target.closest("a, button, input")) return act.onOpen(at);
      const run = keys[event.key];
      if (!run) return;
      event.preventDefault();
      run();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
  return Math.min(cursor, actions.count - 1);
}
