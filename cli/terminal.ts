/** Where a command writes, and how wide and colourful that place is. */
export type Terminal = {
  out(text: string): void;
  error(line: string): void;
  /** Characters a line; Infinity when nobody looks (a pipe). */
  columns: number;
  isColored: boolean;
  /** A person answers; null when none is there. */
  ask: ((question: string) => Promise<string>) | null;
  /** The same without showing what is typed. */
  askSecret: ((question: string) => Promise<string>) | null;
  /** All of stdin. */
  readInput: () => Promise<string>;
  /** Shows one line in place of the last such line; "" takes it away. null: nobody looks. */
  progress: ((line: string) => void) | null;
  /** Empties the screen; null when there is none. */
  clear: (() => void) | null;
};

type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";
const CODES: Record<Style, [number, number]> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

export function paint(terminal: Pick<Terminal, "isColored">, style: Style, text: string): string {
  if (!terminal.isColored || text === "") return text;
  const [on, off] = CODES[style];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}

/** Text from elsewhere must not move the cursor or change the terminal. */
export function clean(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, "�");
}
