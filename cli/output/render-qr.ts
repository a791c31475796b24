import { create } from "qrcode";

/** Modules of quiet zone; the standard asks for four, and cameras read two. */
const QUIET = 2;
/** White on black whatever the terminal's theme, so that dark modules are dark. */
const [ON, OFF] = ["\u001b[97;40m", "\u001b[0m"];

/** A QR code in half blocks, two rows of modules a line. Without colours it suits terminals with a dark background. */
export function renderQr(text: string, isColored: boolean): { code: string; width: number } {
  const { modules } = create(text, { errorCorrectionLevel: "L" });
  const isLight = (row: number, column: number) => {
    const isInside = row >= 0 && column >= 0 && row < modules.size && column < modules.size;
    return !isInside || modules.data[row * modules.size + column] === 0;
  };
  const lines: string[] = [];
  for (let row = -QUIET; row < modules.size + QUIET; row += 2) {
    let line = "";
    for (let column = -QUIET; column < modules.size + QUIET; column++) {
      const [upper, lower] = [isLight(row, column), isLight(row + 1, column)];
      line += upper ? (lower ? "█" : "▀") : lower ? "▄" : " ";
    }
    lines.push(isColored ? `${ON}${line}${OFF}` : line);
  }
  return { code: lines.join("\n"), width: modules.size + 2 * QUIET };
}
