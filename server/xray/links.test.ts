import fc from "fast-check";
import { expect, test } from "vitest";
import { buildVlessLink, parseVlessLink, type VlessLink } from "./links.ts";

const example: VlessLink = {
  vlessId: "66ad4540-b58c-4ad2-9926-ea63445a9b57",
  host: "203.0.113.5",
  port: 8443,
  serverName: "www.example.com",
  publicKey: "E59WjnvZcQMu7tR7_BgyhycuEdBS-CtKxfImRCdAvFM",
  shortId: "0123456789abcdef",
  remark: "Node 1 #a & b",
};

test("a link reads as in Xray's share link standard", () => {
  expect(buildVlessLink(example)).toBe(
    "vless://66ad4540-b58c-4ad2-9926-ea63445a9b57@203.0.113.5:8443?encryption=none&flow=xtls-rprx-vision&type=tcp" +
      "&security=reality&sni=www.example.com&fp=chrome&pbk=E59WjnvZcQMu7tR7_BgyhycuEdBS-CtKxfImRCdAvFM" +
      "&sid=0123456789abcdef#Node%201%20%23a%20%26%20b",
  );
});

test("an IPv6 host stands in brackets", () => {
  expect(buildVlessLink({ ...example, host: "2001:db8::1" })).toContain("@[2001:db8::1]:8443?");
});

test("what is built is read back, whatever the remark", () => {
  const links = fc.record({
    vlessId: fc.uuid(),
    host: fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6()),
    port: fc.integer({ min: 1, max: 65535 }),
    serverName: fc.domain(),
    publicKey: fc.constant(example.publicKey),
    shortId: fc.constant(example.shortId),
    remark: fc.string({ unit: "grapheme" }),
  });
  fc.assert(
    fc.property(links, (link) => {
      expect(parseVlessLink(buildVlessLink(link))).toEqual(link);
    }),
  );
});

test.each([
  ["http://example.com", "not a vless://"],
  [buildVlessLink(example).replace("security=reality", "security=tls"), "security"],
  [buildVlessLink(example).replace(/pbk=[^&]*/, "pbk="), "no pbk"],
  [buildVlessLink(example).replace(":8443", ":84430"), "port"],
])("a link that cannot work is refused with the reason", (link, reason) => {
  expect(() => parseVlessLink(link)).toThrow(reason);
});
