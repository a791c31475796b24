import { useEffect, useState } from "react";
import type { LogLine } from "#lib/schemas/log.ts";

/** At the top of the page new lines come in by themselves; who has scrolled down or opened one (`isReading`) is told. */
export function useHeldLines(lines: readonly LogLine[], isReading: boolean) {
  const [shown, setShown] = useState<readonly LogLine[]>([]);
  useEffect(() => {
    const take = () => {
      if (window.scrollY < 120 && !isReading) setShown(lines);
    };
    take();
    // Other filters: what is held belongs to nobody.
    if (lines.length === 0) setShown(lines);
    window.addEventListener("scroll", take, { passive: true });
    return () => window.removeEventListener("scroll", take);
  }, [lines, isReading]);
  const known = new Set(shown.map(({ id }) => id));
  const waiting = lines.filter(({ id }) => !known.has(id)).length;
  const release = () => {
    setShown(lines);
    window.scrollTo({ top: 0 });
  };
  return { shown, waiting, release };
}
