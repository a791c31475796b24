import { type RefObject, useLayoutEffect, useState, useSyncExternalStore } from "react";

/** Rows beyond each edge, so that a fast wheel shows no gap. */
const SPARE = 12;
/** Another range every so many rows, not at every pixel. */
const STEP = 4;
const FIRST_SCREEN = 21;
/** Top bar and table head stand over the first rows; some air below the last. */
const COVERED_TOP = 88;
const COVERED_BOTTOM = 24;

/** The rows to draw when the window's top is `scrolled` rows below the first one's. */
export function rowsInSight(scrolled: number, screen: number, count: number): { start: number; end: number } {
  const start = Math.max(0, Math.min(scrolled, count) - SPARE);
  return { start, end: Math.min(count, Math.max(0, scrolled) + screen + STEP + SPARE) };
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("scroll", listener, { passive: true });
  window.addEventListener("resize", listener);
  return () => {
    window.removeEventListener("scroll", listener);
    window.removeEventListener("resize", listener);
  };
}

/**
 * Of `count` rows of one height in a page that scrolls as a whole: those in sight, the space before and after them, and
 * a way to bring one into sight. `body` holds the rows.
 */
export function useWindowRows(body: RefObject<HTMLElement | null>, count: number, rowHeight: number) {
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    setOffset((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
  }, [body]);
  const block = useSyncExternalStore(
    subscribe,
    () => Math.floor(window.scrollY / rowHeight / STEP),
    () => 0,
  );
  const screen = useSyncExternalStore(
    subscribe,
    () => Math.ceil(window.innerHeight / rowHeight),
    () => FIRST_SCREEN,
  );
  const { start, end } = rowsInSight(block * STEP - Math.floor(offset / rowHeight), screen, count);
  const show = (index: number) => {
    const top = offset + index * rowHeight - COVERED_TOP;
    const bottom = offset + (index + 1) * rowHeight + COVERED_BOTTOM - window.innerHeight;
    if (window.scrollY > top) window.scrollTo({ top });
    else if (window.scrollY < bottom) window.scrollTo({ top: bottom });
  };
  return { start, end, before: start * rowHeight, after: (count - end) * rowHeight, show };
}
