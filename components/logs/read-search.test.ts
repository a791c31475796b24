import { expect, it } from "vitest";
import { readSearch } from "./read-search.ts";

it.each([
  ["timeout", { text: "timeout" }],
  ["user:ada  timeout after", { user: "ada", text: "timeout after" }],
  ["request:1-2 trace:ab", { requestId: "1-2", traceId: "ab", text: null }],
  ["see user: ada", { text: "see user: ada" }],
  ["", { text: null }],
])("reads “%s”", (typed, filters) => expect(readSearch(typed)).toEqual(filters));
