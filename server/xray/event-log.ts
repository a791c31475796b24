export type XrayEvent = {
  level: "debug" | "info" | "warn" | "error";
  /** The part of Xray that speaks, like `proxy/vless/inbound`; a text of Xray's own. */
  source: string;
  text: string;
};

const LINE = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d+)? \[(Debug|Info|Warning|Error)\] (?:\[\d+\] )?(.+)$/;
const LEVELS = { Debug: "debug", Info: "info", Warning: "warn", Error: "error" } as const;
/** A VLESS id; a user's own id stands before its inbound: `<uuid>.direct`. */
const UUID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b(?!\.\w)/gi;

/** One line of Xray's error log (its words for all that is no connection); null for anything else. */
export function parseXrayEvent(line: string): XrayEvent | null {
  const match = LINE.exec(line);
  if (!match) return null;
  const [, level = "Info", text = ""] = match;
  return {
    level: LEVELS[level as keyof typeof LEVELS],
    source: /^[\w/]{1,40}/.exec(text)?.[0] ?? "",
    text: text.replace(UUID, "…"),
  };
}
