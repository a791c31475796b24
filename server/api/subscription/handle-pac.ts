import { invalidInput } from "#server/errors.ts";
import { type PacKind, renderPac } from "#server/subscriptions/render-pac.ts";
import type { WebRuntime } from "../web-runtime.ts";
import { serveByToken } from "./serve-by-token.ts";

/** `GET /sub/:token/proxy.pac[?via=plain]`: how a browser or system sets its proxy up by itself. */
export function handlePac(request: Request, token: string, runtime: WebRuntime): Promise<Response> {
  return serveByToken({ request, token, runtime, route: "/sub/:token/proxy.pac" }, () => {
    const { HTTP_PROXY_ADDRESS, HTTP_PROXY_TLS, PANEL_URL } = runtime.env;
    const kind = chooseKind(new URL(request.url).searchParams.get("via"), HTTP_PROXY_TLS === "1");
    const body = renderPac({ httpProxyAddress: HTTP_PROXY_ADDRESS, panelUrl: PANEL_URL, kind });
    return new Response(body, { headers: { "content-type": "application/x-ns-proxy-autoconfig" } });
  });
}

function chooseKind(via: string | null, hasTls: boolean): PacKind {
  if (via === null) return hasTls ? "tls" : "plain";
  if (via === "tls" && !hasTls) throw invalidInput("This installation's proxy speaks no TLS: use via=plain.");
  if (via === "tls") return "tls";
  if (via === "plain") return "plain";
  throw invalidInput("Choose via=tls or via=plain.");
}
