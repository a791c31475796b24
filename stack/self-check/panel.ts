import { readFileSync } from "node:fs";
import { request } from "node:https";
import { isIP } from "node:net";
import { checkServerIdentity } from "node:tls";
import { pkiPath } from "#stack/paths.ts";
import { panelUrl, type Settings } from "#stack/settings.ts";

/** Fetches the login page as a browser would, on our own port, checking the certificate for the public host. */
export function fetchLoginPage(settings: Settings, dialled = "127.0.0.1"): Promise<void> {
  const { publicHost, ports } = settings;
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: dialled,
        port: ports.https,
        path: "/login",
        headers: { host: new URL(panelUrl(settings)).host, accept: "text/html" },
        ca: readFileSync(pkiPath("web-ca.crt")),
        agent: false,
        timeout: 10_000,
        ...(isIP(publicHost) === 0 ? { servername: publicHost } : {}),
        checkServerIdentity: (_host, certificate) => checkServerIdentity(publicHost, certificate),
      },
      (response) => {
        response.resume();
        if (response.statusCode === 200) response.on("end", resolve);
        else reject(new Error(`/login answered ${response.statusCode}`));
      },
    );
    call.on("timeout", () => call.destroy(new Error("no answer within 10 s")));
    call.on("error", reject);
    call.end();
  });
}
