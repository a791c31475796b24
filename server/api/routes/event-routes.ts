import { AppError } from "#server/errors.ts";
import { authenticate } from "../authenticate.ts";
import { defineRoute, type Route } from "../define-route.ts";
import { streamStatus } from "../events/stream-status.ts";

export const eventRoutes: Route[] = [
  defineRoute({
    method: "get",
    path: "/events",
    permission: "status:read",
    tag: "Operation",
    summary: "The status as server-sent events",
    description:
      "Events: `status` (as GET /status answers it; every 5 s and right after each change), `lost` (it cannot be read now) and `end` (the session is over).",
    answer: "file",
    handle: async ({ request, runtime }) => {
      const isAllowed = () =>
        authenticate(request, { runtime }).then(
          ({ actor }) => actor.role !== "user",
          (error: unknown) => {
            if (error instanceof AppError && error.code === "UNAUTHENTICATED") return false;
            throw error;
          },
        );
      return new Response(streamStatus({ runtime, isAllowed, signal: request.signal }), {
        headers: { "content-type": "text/event-stream", "cache-control": "no-store, no-transform" },
      });
    },
  }),
];
