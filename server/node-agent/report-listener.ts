import { rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { type ConnectionReport, parseReport } from "#server/xray/report.ts";

const MAX_REPORT_BYTES = 16 * 1024;

/** Takes Xray's connection reports on a unix socket; the destination in them is dropped here. */
export async function listenForReports(options: {
  socketPath: string;
  onReport: (report: ConnectionReport) => void;
}): Promise<Server> {
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => {
      text += chunk;
      if (text.length > MAX_REPORT_BYTES) request.destroy();
    });
    request.on("error", () => {});
    request.on("end", () => {
      response.writeHead(204).end();
      const report = parseReport(parseJson(text));
      if (report) options.onReport(report);
    });
  });
  server.keepAliveTimeout = 60_000;
  rmSync(options.socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.socketPath, resolve);
  });
  return server;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
