type Move = { to: number } | { zoom: [first: number, last: number] | null } | "hide";

/** What a key does to the crosshair at `index` of a chart with `count` points; null = nothing. */
export function chartKey(key: string, isShifted: boolean, index: number, count: number): Move | null {
  const last = count - 1;
  const within = (place: number) => Math.max(0, Math.min(last, place));
  const step = isShifted ? 10 : 1;
  const width = Math.max(2, Math.round(count / 4));
  switch (key) {
    case "ArrowLeft":
      return { to: within(index - step) };
    case "ArrowRight":
      return { to: within(index + step) };
    case "PageUp":
      return { to: within(index - 10) };
    case "PageDown":
      return { to: within(index + 10) };
    case "Home":
      return { to: 0 };
    case "End":
      return { to: last };
    case "+":
      return { zoom: [within(index - width), within(index + width)] };
    case "-":
      return { zoom: null };
    case "Escape":
      return "hide";
    default:
      return null;
  }
}
