import { jwksSchema } from "#lib/schemas/jwks.ts";
import { defineRoute, type Route } from "../define-route.ts";
import { jwksResponse } from "../jwks-response.ts";

export const jwksRoutes: Route[] = [
  defineRoute({
    method: "get",
    path: "/jwks.json",
    permission: "public",
    tag: "Operation",
    summary: "Public keys of the tokens that upstreams get",
    description:
      "A site behind ForwardAuth may ask for a token that names the visitor (header `Remote-Jwt`, ES256, good for a minute, one audience). It is checked with these keys.",
    answer: jwksSchema,
    handle: ({ runtime }) => jwksResponse(runtime),
  }),
];
