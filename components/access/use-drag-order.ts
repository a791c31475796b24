import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useRef, useState } from "react";

type Grip = {
  onPointerDown: (event: PointerEvent) => void;
  onKeyDown: (event: KeyboardEvent) => void;
};

/**
 * Puts the items of a list in another order: drag a grip, or arrow keys on it. `list` has one child for each item first;
 * `onMove` is told each step.
 */
export function useDragOrder(
  list: RefObject<HTMLElement | null>,
  count: number,
  onMove: (from: number, to: number) => void,
): { dragged: number | null; grip: (index: number) => Grip } {
  const [dragged, setDragged] = useState<number | null>(null);
  const latest = useRef({ dragged, onMove, count });
  useEffect(() => {
    latest.current = { dragged, onMove, count };
  });

  const isDragging = dragged !== null;
  useEffect(() => {
    if (!isDragging) return;
    const middleOf = (index: number) => {
      const rect = list.current?.children[index]?.getBoundingClientRect();
      return rect ? rect.top + rect.height / 2 : null;
    };
    const follow = (event: globalThis.PointerEvent) => {
      const { dragged: at, onMove: tell, count: all } = latest.current;
      if (at === null) return;
      const above = at > 0 ? middleOf(at - 1) : null;
      const below = at < all - 1 ? middleOf(at + 1) : null;
      const to =
        above !== null && event.clientY < above
          ? at - 1
          : below !== null && event.clientY > below
            ? at + 1
            : at;
      if (to === at) return;
      latest.current.dragged = to;
      setDragged(to);
      tell(at, to);
    };
    const end = () => setDragged(null);
    window.addEventListener("pointermove", follow);
    window.addEventListener("pointerup", end);
    window.addEventListener("pointercancel", end);
    return () => {
      window.removeEventListener("pointermove", follow);
      window.removeEventListener("pointerup", end);
      window.removeEventListener("pointercancel", end);
    };
  }, [isDragging, list]);

  const grip = (index: number): Grip => ({
    onPointerDown: (event) => {
      if (event.button !== 0) return;
      // Without this a mouse selects text on its way.
      event.preventDefault();
      if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
      setDragged(index);
    },
    onKeyDown: (event) => {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      const to = index + step;
      if (to >= 0 && to < count) onMove(index, to);
    },
  });
  return { dragged, grip };
}
