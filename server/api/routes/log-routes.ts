import {
  logDownloadQuerySchema,
  logFilterSchema,
  logPageSchema,
  logProgramsSchema,
  logQuerySchema,
} from "#lib/schemas/log.ts";
import { AppError } from "#server/errors.ts";
import { downloadLogs } from "#server/logs/download-logs.ts";
import { followLogs } from "#server/logs/follow-logs.ts";
import { listLogPrograms } from "#server/logs/list-log-programs.ts";
import { listLogs } from "#server/logs/list-logs.ts";
import { authenticate } from "../authenticate.ts";
import { defineRoute, type Route } from "../define-route.ts";

const common = { method: "get", permission: "logs:read", tag: "Operation" } as const;

export const logRoutes: Route[] = [
  defineRoute({
    ...common,
    path: "/logs",
    summary: "Log lines of all programs, newest first",
    description:
      "Reads the log files from their end. A search that finds little stops after a while: `searchedUntil` says how far it came, and `nextCursor` goes on from there.",
    query: logQuerySchema,
    answer: logPageSchema,
    handle: ({ ctx, query, runtime }) => listLogs({ ctx, query, settings: runtime.env }),
  }),
  defineRoute({
    ...common,
    path: "/logs/stream",
    summary: "New log lines as they are written, as server-sent events",
    description:
      "Events: `lines` (a JSON array of log lines), `skipped` (some were left out, there are too many) and `end` (the session is over). A comment every 15 s keeps the connection open.",
    query: logFilterSchema,
    answer: "file",
    handle: async ({ ctx, query, request, runtime }) => {
      const isAllowed = () =>
        authenticate(request, { runtime }).then(
          ({ actor }) => actor.role !== "user",
          (error: unknown) => {
            if (error instanceof AppError && error.code === "UNAUTHENTICATED") return false;
            throw error;
          },
        );
      const settings = runtime.env;
      const body = await followLogs({ ctx, query, settings, isAllowed, signal: request.signal });
      return new Response(body, {
        headers: { "content-type": "text/event-stream", "cache-control": "no-store, no-transform" },
      });
    },
  }),
  defineRoute({
    ...common,
    path: "/logs/download",
    summary: "The same lines as a file, one JSON object a line, newest first",
    description: "At most 100 000 lines, and a minute.",
    query: logDownloadQuerySchema,
    answer: "file",
    handle: async ({ ctx, query, runtime }) => {
      const body = await downloadLogs({ ctx, query, settings: runtime.env });
      const name = `causeway-logs-${new Date(runtime.clock.now()).toISOString().slice(0, 19).replace(/:/g, "")}`;
      return new Response(body, {
        headers: {
          "content-type": "application/x-ndjson",
          "content-disposition": `attachment; filename="${name}.ndjson"`,
        },
      });
    },
  }),
  defineRoute({
    ...common,
    path: "/logs/programs",
    summary: "Programs that have log files, and how much room they take",
    answer: logProgramsSchema,
    handle: ({ ctx, runtime }) => listLogPrograms({ ctx, settings: runtime.env }),
  }),
];
