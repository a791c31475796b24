import { randomUUID } from "node:crypto";
import { CONFIG_FORMATS, type ConfigFormat } from "#lib/api-client.ts";
import { AppError, invalidInput } from "#server/errors.ts";
import { addressKey } from "#server/sessions/address-key.ts";
import { createRateLimit, type RateLimit } from "#server/sessions/rate-limit.ts";
import { detectFormat } from "#server/subscriptions/detect-format.ts";
import { renderSubscription } from "#server/subscriptions/render-subscription.ts";
import { findUserBySubscriptionToken } from "#server/users/find-user-by-subscription-token.ts";
import { clientIp } from "../client-ip.ts";
import { httpStatus, problemResponse, toAppError } from "../problem.ts";
import type { WebRuntime } from "../web-runtime.ts";
import { userinfoHeader } from "./userinfo-header.ts";

const TOKEN = /^[A-Za-z0-9_-]{43}$/;
const UPDATE_INTERVAL_HOURS = "12";
const PER_MINUTE = 60;
let limit: RateLimit | undefined;

/** `GET /sub/:token[?format=]`: the URL is a secret, so logs know only its template. */
export async function handleSubscription(
  request: Request,
  token: string,
  runtime: WebRuntime,
): Promise<Response> {
  const requestId = randomUUID();
  const startedAt = performance.now();
  const response = await answer(request, token, runtime).catch((error: unknown) => {
    const appError = toAppError(error);
    if (httpStatus(appError) >= 500) {
      runtime.logger.error({ requestId, err: appError.cause ?? appError }, "subscription failed");
    }
    return problemResponse(appError, requestId);
  });
  const ms = Math.round(performance.now() - startedAt);
  runtime.logger.info(
    { requestId, method: "GET", route: "/sub/:token", status: response.status, ms },
    "request",
  );
  response.headers.set("referrer-policy", "no-referrer");
  return response;
}

async function answer(request: Request, token: string, runtime: WebRuntime): Promise<Response> {
  limit ??= createRateLimit(runtime.redis, { name: "subscription", points: PER_MINUTE, seconds: 60 });
  await limit.consume(addressKey(clientIp(request.headers, runtime.env.TRUSTED_PROXIES)));
  const userAgent = request.headers.get("user-agent");
  const format = chooseFormat(new URL(request.url).searchParams.get("format"), userAgent);
  const found = TOKEN.test(token) ? await findUserBySubscriptionToken({ token }) : null;
  // The token stays out of the answer: it would end in the logs of whoever asked.
  if (!found) throw new AppError("NOT_FOUND", "There is no such subscription. Ask for a new address.");
  const file = renderSubscription({ user: found.user, format, userAgent });
  return new Response(file.body, {
    headers: {
      "content-type": file.contentType,
      "content-disposition": `inline; filename="${file.fileName}"`,
      "cache-control": "no-store",
      "subscription-userinfo": userinfoHeader(found.row),
      "profile-title": `Causeway ${found.user.name}`,
      "profile-update-interval": UPDATE_INTERVAL_HOURS,
      "profile-web-page-url": runtime.env.PANEL_URL,
      "x-robots-tag": "noindex",
    },
  });
}

function chooseFormat(asked: string | null, userAgent: string | null): ConfigFormat {
  if (asked === null) return detectFormat(userAgent);
  const format = CONFIG_FORMATS.find((candidate) => candidate === asked);
  if (!format) throw invalidInput(`Choose a format: ${CONFIG_FORMATS.join(", ")}.`);
  return format;
}
