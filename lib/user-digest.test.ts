import fc from "fast-check";
import { expect, test } from "vitest";
import { digestUsers, UserDigest } from "./user-digest.ts";

const userArbitrary = fc.record({ id: fc.uuid(), vlessId: fc.uuid() });
const usersArbitrary = fc.uniqueArray(userArbitrary, { selector: (user) => user.id, maxLength: 30 });

test("the order of users does not matter", () => {
  fc.assert(
    fc.property(usersArbitrary, (users) => {
      expect(digestUsers([...users].reverse())).toBe(digestUsers(users));
    }),
  );
});

test("taking a user out gives the digest of the rest", () => {
  fc.assert(
    fc.property(usersArbitrary, userArbitrary, (users, extra) => {
      const digest = new UserDigest();
      for (const user of [...users, extra]) digest.add(user);
      digest.remove(extra);
      expect(digest.toString()).toBe(digestUsers(users));
    }),
  );
});

test("another VLESS id, or two users' ids swapped, changes the digest", () => {
  fc.assert(
    fc.property(userArbitrary, userArbitrary, (a, b) => {
      fc.pre(a.id !== b.id && a.vlessId !== b.vlessId);
      const before = digestUsers([a, b]);
      expect(
        digestUsers([
          { ...a, vlessId: b.vlessId },
          { ...b, vlessId: a.vlessId },
        ]),
      ).not.toBe(before);
      expect(digestUsers([a])).not.toBe(before);
    }),
  );
});

test("the empty set is all zeros", () => {
  expect(digestUsers([])).toBe("0".repeat(32));
});
