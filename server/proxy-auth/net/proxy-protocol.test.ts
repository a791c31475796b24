import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ProxyHeader, parseProxyHeader } from "./proxy-protocol.ts";

const SIGNATURE = Buffer.from("0d0a0d0a000d0a515549540a", "hex");

function header(command: number, family: number, payload: Buffer): Buffer {
  const fixed = Buffer.alloc(4);
  fixed[0] = command;
  fixed[1] = family;
  fixed.writeUInt16BE(payload.length, 2);
  return Buffer.concat([SIGNATURE, fixed, payload]);
}

const v4 = Buffer.from("c00002077f00000104d203e8", "hex");
const v6 = Buffer.from(`20010db8${"00".repeat(11)}07${"00".repeat(15)}0104d203e8`, "hex");

describe("parseProxyHeader", () => {
  it.each([
    ["IPv4", header(0x21, 0x11, v4), { address: "192.0.2.7", port: 1234 }],
    ["IPv6", header(0x21, 0x21, v6), { address: "2001:db8::7", port: 1234 }],
    [
      "TLVs",
      header(0x21, 0x11, Buffer.concat([v4, Buffer.alloc(40, 4)])),
      { address: "192.0.2.7", port: 1234 },
    ],
    ["LOCAL", header(0x20, 0x00, Buffer.alloc(0)), null],
    ["UNSPEC", header(0x21, 0x00, Buffer.alloc(0)), null],
  ])("reads %s", (_what, bytes, client) => {
    expect(parseProxyHeader(bytes)).toEqual({ kind: "complete", length: bytes.length, client });
  });

  it.each([
    ["version 1", Buffer.from("PROXY TCP4 1.2.3.4")],
    ["HTTP", Buffer.from("G")],
    ["another version", header(0x31, 0x11, v4)],
    ["UDP", header(0x21, 0x12, v4)],
    ["short addresses", header(0x21, 0x21, v4)],
    ["an endless header", header(0x21, 0x11, Buffer.alloc(4000))],
  ])("refuses %s", (_what, bytes) => {
    expect(parseProxyHeader(bytes).kind).toBe("invalid");
  });

  it("asks for more until the last byte, whatever the split, and never touches what follows", () => {
    const valid = fc.constantFrom(
      header(0x21, 0x11, v4),
      header(0x21, 0x21, v6),
      header(0x20, 0, Buffer.alloc(7)),
    );
    fc.assert(
      fc.property(valid, fc.uint8Array({ maxLength: 50 }), fc.nat(100), (bytes, rest, cut) => {
        const all = Buffer.concat([bytes, rest]);
        const whole = parseProxyHeader(all);
        const part = parseProxyHeader(all.subarray(0, cut));
        expect(whole).toMatchObject({ kind: "complete", length: bytes.length });
        expect(part).toEqual(cut >= bytes.length ? whole : { kind: "partial" });
      }),
    );
  });

  it("decides on noise without throwing, and stays with its decision", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (noise, isSigned) => {
        const bytes = Buffer.concat([isSigned ? SIGNATURE : Buffer.alloc(0), noise]);
        let decided: ProxyHeader | null = null;
        for (let i = 0; i <= bytes.length; i++) {
          const now = parseProxyHeader(bytes.subarray(0, i));
          if (decided) expect(now).toEqual(decided);
          else if (now.kind !== "partial") decided = now;
        }
      }),
    );
  });
});
