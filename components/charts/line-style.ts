/** How a line looks: a colour of globals.css and a shape, so that neither has to be told apart alone. */
export type LineStyle = {
  color: string;
  dash: number[];
  mark: "circle" | "square" | "diamond" | "triangle" | "line";
};

const DOORS: Record<string, LineStyle> = {
  vpn: { color: "var(--color-vpn)", dash: [], mark: "circle" },
  http: { color: "var(--color-http)", dash: [], mark: "square" },
  socks: { color: "var(--color-socks)", dash: [], mark: "diamond" },
  web: { color: "var(--color-chart-4)", dash: [], mark: "triangle" },
};
/** Written out: the stylesheet keeps only variables that it finds in the source. */
const COLORS = [
  "var(--color-chart-1)",
  "var(--color-chart-2)",
  "var(--color-chart-3)",
  "var(--color-chart-4)",
];
const DASHES = [[], [6, 3], [2, 3]];

export const isByDoor = (keys: readonly string[]): boolean => keys.every((key) => key in DOORS);

/** Doors look the same everywhere; other lines by their place, with a dash where the colours begin again. */
export function lineStyle(key: string, index: number, isDoor: boolean): LineStyle {
  const door = isDoor ? DOORS[key] : undefined;
  return (
    door ?? {
      color: COLORS[index % COLORS.length] ?? "",
      dash: DASHES[Math.floor(index / COLORS.length) % DASHES.length] ?? [],
      mark: "line",
    }
  );
}
