import { CONFIG_FORMATS, type ConfigFormat } from "#lib/api-client.ts";
import { invalidInput } from "#server/errors.ts";
import { detectFormat } from "#server/subscriptions/detect-format.ts";
import { renderSubscription } from "#server/subscriptions/render-subscription.ts";
import type { WebRuntime } from "../web-runtime.ts";
import { serveByToken } from "./serve-by-token.ts";
import { userinfoHeader } from "./userinfo-header.ts";

const UPDATE_INTERVAL_HOURS = "12";

/** `GET /sub/:token[?format=]`: a person's VPN configuration, in the form their app reads. */
export function handleSubscription(request: Request, token: string, runtime: WebRuntime): Promise<Response> {
  return serveByToken({ request, token, runtime, route: "/sub/:token" }, (found) => {
    const userAgent = request.headers.get("user-agent");
    const format = chooseFormat(new URL(request.url).searchParams.get("format"), userAgent);
    const file = renderSubscription({ user: found.user, format, userAgent });
    return new Response(file.body, {
      headers: {
        "content-type": file.contentType,
        "content-disposition": `inline; filename="${file.fileName}"`,
        "subscription-userinfo": userinfoHeader(found.row),
        "profile-title": `Causeway ${found.user.name}`,
        "profile-update-interval": UPDATE_INTERVAL_HOURS,
        "profile-web-page-url": runtime.env.PANEL_URL,
      },
    });
  });
}

function chooseFormat(asked: string | null, userAgent: string | null): ConfigFormat {
  if (asked === null) return detectFormat(userAgent);
  const format = CONFIG_FORMATS.find((candidate) => candidate === asked);
  if (!format) throw invalidInput(`Choose a format: ${CONFIG_FORMATS.join(", ")}.`);
  return format;
}
