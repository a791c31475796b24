import { parseEmail } from "./email.ts";
import { splitAddress } from "./report.ts";

export type AccessLine =
  | { kind: "accepted"; userId: string; inboundTag: string; ip: string; port: number }
  | { kind: "rejected"; ip: string; port: number; reason: string };

const LINE = /from (?:tcp:|udp:)?(\S+) (accepted|rejected) (.*)$/;

/** One line of Xray's access log without its destination; null for what is of no use. A UUID is masked. */
export function parseAccessLine(line: string): AccessLine | null {
  const match = LINE.exec(line);
  if (!match) return null;
  const [, source = "", status, rest = ""] = match;
  const address = splitAddress(source);
  if (!address) return null;
  if (status === "rejected") {
    return { kind: "rejected", ...address, reason: maskUuids(rest.trim()).slice(0, 200) };
  }
  const email = / email: (\S+)$/.exec(rest)?.[1];
  const user = email === undefined ? null : parseEmail(email);
  return user && { kind: "accepted", ...user, ...address };
}

/** Where an accepted line leads, like `tcp:example.org:443`: for who was told to keep it. */
export function readDestination(line: string): string | null {
  return / accepted (\S+)/.exec(line)?.[1] ?? null;
}

function maskUuids(text: string): string {
  return text.replace(/([0-9a-f]{4})[0-9a-f]{4}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, "$1…");
}
