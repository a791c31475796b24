import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import pino from "pino";
import { beforeEach, describe, expect, it } from "vitest";
import type { RegisterJwtKeyInput } from "#lib/schemas/jwks.ts";
import { readAudience } from "./audience.ts";
import { KeyRing } from "./key-ring.ts";
import { UpstreamTokens } from "./upstream-tokens.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ada = {
  id: "0199aaaa-0000-7000-8000-000000000001",
  name: "ada",
  email: null,
  role: "owner" as const,
  groups: ["crew"],
};

/** A panel that keeps leases by the same clock. */
class KeyList {
  now = 1_800_000_000_000;
  isAway = false;
  calls = 0;
  readonly leases = new Map<string, { input: RegisterJwtKeyInput; until: number }>();
  readonly ring = new KeyRing({
    clock: { now: () => this.now },
    logger: pino({ level: "silent" }),
    register: async (input) => {
      this.calls++;
      if (this.isAway) throw new Error("away");
      const isNew = (this.leases.get(input.kid)?.until ?? 0) <= this.now;
      this.leases.set(input.kid, { input, until: this.now + 15 * MINUTE });
      return { isNew, leaseSeconds: 900 };
    },
  });
  readonly tokens = new UpstreamTokens({
    ring: this.ring,
    issuer: "https://panel.test/",
    clock: { now: () => this.now },
  });

  published(): JSONWebKeySet {
    const live = [...this.leases.values()].filter(({ until }) => until > this.now);
    return { keys: live.map(({ input }) => ({ kty: "EC", crv: "P-256", alg: "ES256", ...input })) };
  }

  /** Renews once a minute, as the timer would. */
  async pass(ms: number): Promise<void> {
    for (const end = this.now + ms; this.now < end; this.now += Math.min(MINUTE, end - this.now))
      await this.ring.renew();
    await this.ring.renew();
  }

  token(identity: Parameters<UpstreamTokens["tokenFor"]>[0]["identity"] = ada, credential = "s1") {
    return this.tokens.tokenFor({ identity, audience: "grafana", credential });
  }

  verify(token: string | null, audience = "grafana") {
    return jwtVerify(token ?? "", createLocalJWKSet(this.published()), {
      issuer: "https://panel.test",
      audience,
      algorithms: ["ES256"],
      currentDate: new Date(this.now),
    });
  }
}

let list: KeyList;
beforeEach(async () => {
  list = new KeyList();
  await list.ring.renew();
  list.ring.stop();
  list.now += 6_000;
});

describe("an upstream's token", () => {
  it("names the visitor for one upstream and a minute", async () => {
    const { payload, protectedHeader } = await list.verify(await list.token());
    const now = list.now / 1_000;
    expect(protectedHeader).toMatchObject({ alg: "ES256", typ: "JWT", kid: list.ring.current?.kid });
    expect(payload).toMatchObject({
      sub: ada.id,
      name: "ada",
      role: "owner",
      groups: ["owner", "crew"],
      iat: now,
      nbf: now,
      exp: now + 60,
    });
    expect(payload).not.toHaveProperty("email");
    await expect(list.verify(await list.token(), "jaeger")).rejects.toThrow(/aud/);
    const token = await list.token();
    list.now += 61_000;
    await expect(list.verify(token)).rejects.toThrow(/exp/);
  });

  it("is signed once for a burst, again for another sign-in, role or half a minute later", async () => {
    const [first, ...burst] = await Promise.all(Array.from({ length: 20 }, () => list.token()));
    expect(new Set(burst)).toEqual(new Set([first]));
    expect(await list.token(ada, "s2")).not.toBe(first);
    const demoted = await list.token({ ...ada, role: "admin" });
    expect((await list.verify(demoted)).payload.role).toBe("admin");
    list.now += 29_000;
    expect(await list.token()).toBe(first);
    list.now += 1_000;
    expect(await list.token()).not.toBe(first);
  });
});

describe("signing keys", () => {
  it("sign nothing before every reader of the key set has seen them", async () => {
    const fresh = new KeyList();
    expect(await fresh.token()).toBeNull();
    await fresh.ring.renew();
    fresh.ring.stop();
    fresh.now += 5_900;
    expect(await fresh.token()).toBeNull();
    fresh.now += 100;
    expect(await fresh.token()).not.toBeNull();
  });

  it("rotate so that at every moment each token checks, old ones and new", async () => {
    const kids = new Set<string>();
    let last = await list.token();
    for (let minute = 0; minute < 26 * 60; minute += 1) {
      const token = await list.token();
      const { protectedHeader } = await list.verify(token);
      kids.add(protectedHeader.kid ?? "");
      await list.verify(last).catch((error) => expect(String(error)).toMatch(/exp/));
      last = token;
      await list.pass(MINUTE);
      expect(list.published().keys.length).toBeLessThanOrEqual(2);
    }
    expect(kids.size).toBe(3);
  });

  it("are registered again by a panel that forgot them, and wait until readers know them", async () => {
    list.leases.clear();
    await list.ring.renew();
    expect(list.published().keys).toHaveLength(1);
    expect(await list.token()).toBeNull();
    list.now += 6_000;
    await list.verify(await list.token());
  });

  it("stop signing when the panel was away longer than their lease, and go on when it is back", async () => {
    list.isAway = true;
    await list.pass(13 * MINUTE);
    expect(await list.token()).not.toBeNull();
    await list.pass(2 * MINUTE);
    expect(await list.token()).toBeNull();
    list.isAway = false;
    await list.pass(MINUTE);
    list.now += 6_000;
    await list.verify(await list.token());
  });

  it("cannot be taken out of the process", async () => {
    const { privateKey } = list.ring.current ?? {};
    expect(privateKey?.extractable).toBe(false);
  });

  it("are renewed by one call at a time", async () => {
    const before = list.calls;
    await Promise.all([list.ring.renew(), list.ring.renew(), list.ring.renew()]);
    expect(list.calls).toBe(before + 1);
    list.ring.stop();
    await list.pass(HOUR / 4);
  });
});

it.each([
  ["/forward-auth", null],
  ["/forward-auth?", null],
  ["/forward-auth?audience=grafana", "grafana"],
  ["/forward-auth?audience=", undefined],
  ["/forward-auth?audience=A", undefined],
  ["/forward-auth?audience=a&audience=b", undefined],
  ["/forward-auth?audience=a&x=1", undefined],
  ["/forward-auth?x=1", undefined],
])("the audience of %s is %s", (url, audience) => {
  expect(readAudience(url)).toBe(audience);
});
