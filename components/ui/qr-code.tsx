import { create } from "qrcode";
import { cn } from "./cn.ts";

const QUIET_ZONE = 4;

/** A QR code as one SVG path: dark on white in both themes, as cameras expect it. */
export function QrCode({ text, label, className }: { text: string; label: string; className?: string }) {
  const { modules } = create(text, { errorCorrectionLevel: "M" });
  const size = modules.size + 2 * QUIET_ZONE;
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className={cn("block aspect-square w-full rounded-lg border bg-[#fff] text-[#000]", className)}
    >
      <path d={toPath(modules)} fill="currentColor" />
    </svg>
  );
}

/** Dark modules that touch in a row are one rectangle. */
function toPath(modules: { size: number; get(row: number, column: number): number }): string {
  let path = "";
  for (let row = 0; row < modules.size; row++) {
    for (let column = 0; column < modules.size; column++) {
      const start = column;
      while (column < modules.size && modules.get(row, column)) column++;
      if (column > start)
        path += `M${start + QUIET_ZONE} ${row + QUIET_ZONE}h${column - start}v1h${start - column}z`;
    }
  }
  return path;
}
