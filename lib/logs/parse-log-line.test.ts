import { expect, it } from "vitest";
import { parseLogLine } from "./parse-log-line.ts";

const where = { id: "1:0", program: "file" };
const REQUEST = "2c41f2d7-6b5e-4b0e-9b2a-0d9a3c9f1e11";

it.each([
  [
    "ours",
    `{"level":"warn","time":"2026-11-23T14:50:14.702Z","program":"web","requestId":"${REQUEST}","userId":"u","status":500,"msg":"request"}`,
    {
      time: "2026-11-23T14:50:14.702Z",
      level: "warn",
      program: "web",
      requestId: REQUEST,
      userId: "u",
      msg: "request",
    },
  ],
  [
    "Traefik's",
    `{"level":"error","time":"2026-11-23T14:46:29Z","message":"boom"}`,
    { time: "2026-11-23T14:46:29.000Z", level: "error", program: "file", msg: "boom" },
  ],
  [
    "Traefik's access log",
    `{"ClientHost":"192.0.2.1","DownstreamStatus":502,"Duration":690972022,"RequestMethod":"GET","RequestPath":"/login","StartUTC":"2026-11-23T14:50:15.306039559Z","downstream_X-Request-Id":"${REQUEST}","level":"info","msg":"","time":"2026-11-23T14:50:15Z"}`,
    { time: "2026-11-23T14:50:15.996Z", level: "warn", msg: "request", requestId: REQUEST },
  ],
  [
    "Redis's",
    "20811:M 23 Nov 2026 14:50:01.765 # WARNING Memory overcommit",
    { time: "2026-11-23T14:50:01.765Z", level: "warn", msg: "WARNING Memory overcommit" },
  ],
  [
    "PostgreSQL's",
    "2026-11-23 14:50:01.780 UTC [20831] causeway@causeway FATAL:  terminating connection",
    { time: "2026-11-23T14:50:01.780Z", level: "fatal", msg: "terminating connection" },
  ],
  [
    "Prometheus's old and new",
    'ts=2026-11-23T14:50:01.896Z caller=main.go:973 level=info msg="Server is \\"ready\\"."',
    { time: "2026-11-23T14:50:01.896Z", level: "info", msg: 'Server is "ready".' },
  ],
  [
    "Grafana's",
    "logger=settings t=2026-11-23T14:50:01.896Z level=error msg=failed",
    { time: "2026-11-23T14:50:01.896Z", level: "error", msg: "failed" },
  ],
  [
    "Jaeger's",
    '{"level":"info","ts":1795445401.5,"caller":"x.go:1","msg":"up"}',
    { time: "2026-11-23T14:50:01.500Z", level: "info", msg: "up" },
  ],
  [
    "a plain time",
    "2026-11-23T14:50:01.500Z went away",
    { time: "2026-11-23T14:50:01.500Z", msg: "went away" },
  ],
])("%s line is understood", (_, text, expected) => expect(parseLogLine(text, where)).toMatchObject(expected));

it.each(["", "{", "[]", '{"msg":"no time"}', '{"time":"never","msg":"x"}', "    at connect (net.js:1)"])(
  "“%s” has no time",
  (text) => expect(parseLogLine(text, where)).toBeNull(),
);
