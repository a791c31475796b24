import { invalidInput } from "#server/errors.ts";
import { type PacKind, renderPac } from "#server/subscriptions/render-pac.ts";
import type { WebRuntime } from "../web-runtime.ts";
import { serveByToken } from "./serve-by-token.ts";

/** `GET /sub/:token/proxy.pac[?via=plain]`: how a browser or system sets its proxy up by itself. */
export function handlePac(request: Request, token: string, runtime: WebRuntime): Promise<Response> {
  return serveByToken({ request, token, runtime, route: "/sub/:token/proxy.pac" }, () => {
    const { HTTP_PROXY_ADDRESS, PANEL_URL } = runtime.env;
    const kind = chooseKind(new URL(request.url).searchParams.get("via"));
    const body = renderPac({ httpProxyAddress: HTTP_PROXY_ADDRESS, panelUrl: PANEL_URL, kind });
    return new Response(body, { headers: { "content-type": "application/x-ns-proxy-autoconfig" } });
  });
}

function chooseKind(via: string | null): PacKind {
  if (via === null || via === "tls") return "tls";
  if (via === "plain") return "plain";
  throw invalidInput("Choose via=tls or via=plain.");
}
