import { describe, expect, it } from "vitest";
import { nodeState } from "./node-state.ts";

const node = { isUp: true, isXrayUp: true, revisionBehind: 0, enrolment: null };

describe("nodeState", () => {
  it("calls a node up while one change is on its way", () =>
    expect(nodeState({ ...node, revisionBehind: 1 }).key).toBe("up"));
  it("says that it catches up when many are missing", () =>
    expect(nodeState({ ...node, revisionBehind: 40 })).toEqual({ tone: "warn", key: "starting" }));
  it("never calls a node up whose Xray is not", () =>
    expect(nodeState({ ...node, isXrayUp: false }).key).toBe("xrayDown"));
  it("puts an unreachable agent first", () =>
    expect(nodeState({ ...node, isUp: false, isXrayUp: false, revisionBehind: 40 }).key).toBe("down"));
  it("does not call a node down whose machine has not joined yet", () => {
    const enrolment = { isPending: true, expiresAt: "2026-11-24T12:00:00Z" };
    expect(nodeState({ ...node, isUp: false, enrolment })).toEqual({ tone: "warn", key: "toJoin" });
  });
});
