import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SocksHandshake, type SocksStep } from "./socks-handshake.ts";

function feed(chunks: Buffer[]): { steps: SocksStep[]; rest: string } {
  const handshake = new SocksHandshake();
  const steps: SocksStep[] = [];
  for (const chunk of chunks) {
    handshake.push(chunk);
    for (let step = handshake.next(); step.kind !== "partial"; step = handshake.next()) {
      steps.push(step);
      if (step.kind === "invalid") return { steps, rest: "" };
    }
  }
  return { steps, rest: handshake.rest.toString("hex") };
}

function split(bytes: Buffer, cuts: number[]): Buffer[] {
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  return places.slice(1).map((end, i) => bytes.subarray(places[i], end));
}

const text = fc.string({ minLength: 1, maxLength: 40 });
const address = fc.oneof(
  fc.constant(Buffer.from([1, 127, 0, 0, 1])),
  fc.constant(Buffer.from([4, ...new Array(15).fill(0), 1])),
  fc.domain().map((name) => Buffer.concat([Buffer.from([3, name.length]), Buffer.from(name)])),
);
const conversation = fc
  .record({
    name: text,
    password: text,
    address,
    port: fc.integer({ min: 1, max: 65535 }),
    data: fc.uint8Array(),
  })
  .map((it) => {
    const name = Buffer.from(it.name);
    const password = Buffer.from(it.password);
    return Buffer.concat([
      Buffer.from([5, 2, 0, 2, 1, name.length]),
      name,
      Buffer.from([password.length]),
      password,
      Buffer.from([5, 1, 0]),
      it.address,
      Buffer.from([it.port >> 8, it.port & 255]),
      it.data,
    ]);
  });

describe("SocksHandshake", () => {
  it("gives the same steps and the same rest for any split of the bytes", () => {
    fc.assert(
      fc.property(conversation, fc.array(fc.nat(), { maxLength: 20 }), (bytes, cuts) => {
        const whole = feed([bytes]);
        expect(whole.steps.map(({ kind }) => kind)).toEqual(["methods", "credentials", "request"]);
        expect(feed(split(bytes, cuts))).toEqual(whole);
        expect(feed(Array.from(bytes, (byte) => Buffer.from([byte])))).toEqual(whole);
      }),
    );
  });

  it("never throws on noise, and the split changes nothing", () => {
    const noise = fc
      .uint8Array({ maxLength: 60 })
      .chain((bytes) =>
        fc.constantFrom(Buffer.from(bytes), Buffer.from([5, 1, 2, 1, 1, 97, 1, 98, ...bytes])),
      );
    fc.assert(
      fc.property(noise, (bytes) => {
        expect(feed(Array.from(bytes, (byte) => Buffer.from([byte])))).toEqual(feed([bytes]));
      }),
    );
  });

  it.each([
    ["SOCKS4", "0401", "005b000000000000"],
    ["HTTP", "47", ""],
    ["another auth version", "05010205", "0101"],
    ["an unknown address type", "0501020101610162050100090000", "05080001000000000000"],
  ])("refuses %s with a reply of full length", (_what, bytes, reply) => {
    const last = feed([Buffer.from(bytes, "hex")]).steps.at(-1);
    expect(last?.kind === "invalid" && last.reply.toString("hex")).toBe(reply);
  });
});
