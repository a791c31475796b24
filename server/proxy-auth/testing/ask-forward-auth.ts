import { connect } from "node:net";

export type RawAnswer = { status: number; headers: Map<string, string[]>; body: string };

/** What Traefik says of a request it asks about. */
const FORWARDED: Record<string, string> = {
  "X-Forwarded-Method": "GET",
  "X-Forwarded-Proto": "https",
  "X-Forwarded-Host": "site.test",
  "X-Forwarded-Uri": "/",
};
let asked = 0;

/**
 * One check with the header lines as they stand, in Latin-1: doubled, malformed or alias names too. A line takes the
 * place of the usual one of its name. Status 0 = closed without an answer.
 */
export function askRaw(port: number, lines: readonly string[], path = "/forward-auth"): Promise<RawAnswer> {
  const given = new Set(lines.map((line) => line.split(":", 1)[0]?.toLowerCase()));
  asked += 1;
  // From another address each time: wrong credentials are throttled, which is not what is looked at here.
  const address = `198.18.${(asked >> 8) & 255}.${asked & 255}`;
  const usual = Object.entries({ ...FORWARDED, "X-Forwarded-For": address }).filter(
    ([name]) => !given.has(name.toLowerCase()),
  );
  const head = [
    `GET ${path} HTTP/1.1`,
    "Host: proxy-auth",
    "Connection: close",
    ...usual.map((pair) => pair.join(": ")),
    // `Name:-` leaves it out.
    ...lines.filter((line) => !line.endsWith(":-")),
  ];
  const socket = connect(port, "127.0.0.1");
  socket.write(`${head.join("\r\n")}\r\n\r\n`, "latin1");
  let text = "";
  return new Promise((resolve) => {
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
    });
    socket.on("error", () => {});
    socket.setTimeout(5_000, () => socket.destroy());
    socket.on("close", () => resolve(parse(text)));
  });
}

function parse(text: string): RawAnswer {
  const [head = "", ...rest] = text.split("\r\n\r\n");
  const headers = new Map<string, string[]>();
  for (const line of head.split("\r\n").slice(1)) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0), headers, body: rest.join("\r\n\r\n") };
}
