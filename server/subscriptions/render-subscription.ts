import type { ConfigFile, ConfigFormat } from "#lib/api-client.ts";
import type { UserSecrets } from "#lib/schemas/user.ts";
import { wantsTun } from "./detect-format.ts";
import { readEndpoints } from "./read-endpoints.ts";
import { renderMihomo } from "./render-mihomo.ts";
import { renderSingBox } from "./render-sing-box.ts";

/**
 * The file a client app (or a person) gets. `userAgent` only decides whether sing-box opens a tun interface
 * (its own apps) or a local proxy port (everything else).
 */
export function renderSubscription(request: {
  user: Pick<UserSecrets, "name" | "vlessLinks">;
  format: ConfigFormat;
  userAgent?: string | null | undefined;
}): ConfigFile {
  const { user, format } = request;
  if (format === "links") {
    return {
      contentType: "text/plain; charset=utf-8",
      fileName: `causeway-${user.name}.txt`,
      body: Buffer.from(user.vlessLinks.join("\n")).toString("base64"),
    };
  }
  const endpoints = readEndpoints(user.vlessLinks);
  if (format === "sing-box") {
    return {
      contentType: "application/json; charset=utf-8",
      fileName: `causeway-${user.name}.json`,
      body: renderSingBox(endpoints, wantsTun(request.userAgent)),
    };
  }
  return {
    contentType: "application/yaml; charset=utf-8",
    fileName: `causeway-${user.name}.yaml`,
    body: renderMihomo(endpoints),
  };
}
