import { expect, test } from "vitest";
import { findUnreported } from "./find-unreported.ts";

const GONE = "11111111-1111-4111-8111-111111111111";
const OTHER = "22222222-2222-4222-8222-222222222222";
const socket = (port: number, ip = "198.51.100.1") => ({ ip, port, localPort: 8443 });
const base = {
  userIds: new Set([GONE]),
  sockets: [socket(1), socket(2), socket(3, "198.51.100.2")],
  isReported: ({ port }: { port: number }) => port === 2,
  getLocalPort: (tag: string) => (tag === "direct" ? 8443 : null),
};

test("a socket of the user's address that nobody reported is the user's, when nobody else is there", () => {
  const online = [{ email: `${GONE}.direct`, ips: ["198.51.100.1"] }];
  expect(findUnreported({ ...base, online })).toEqual([socket(1)]);
});

test("with somebody else behind the same address nothing is guessed", () => {
  const online = [
    { email: `${OTHER}.direct`, ips: ["198.51.100.1"] },
    { email: `${GONE}.direct`, ips: ["198.51.100.1"] },
  ];
  expect(findUnreported({ ...base, online })).toEqual([]);
});

test("a stranger's e-mail or inbound is nobody's", () => {
  const online = [
    { email: "someone", ips: ["198.51.100.1"] },
    { email: `${GONE}.other`, ips: ["198.51.100.1"] },
  ];
  expect(findUnreported({ ...base, online })).toEqual([]);
});
