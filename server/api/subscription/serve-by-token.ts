import { randomUUID } from "node:crypto";
import { AppError } from "#server/errors.ts";
import { addressKey } from "#server/sessions/address-key.ts";
import { createRateLimit, type RateLimit } from "#server/sessions/rate-limit.ts";
import { findUserBySubscriptionToken } from "#server/users/find-user-by-subscription-token.ts";
import { clientIp } from "../client-ip.ts";
import { httpStatus, problemResponse, toAppError } from "../problem.ts";
import { createRequestLogger, type RequestLogger } from "../request-logger.ts";
import type { WebRuntime } from "../web-runtime.ts";

const TOKEN = /^[A-Za-z0-9_-]{43}$/;
const PER_MINUTE = 60;
let limit: RateLimit | undefined;
let requests: RequestLogger | undefined;

type Found = NonNullable<Awaited<ReturnType<typeof findUserBySubscriptionToken>>>;
type Call = { request: Request; token: string; runtime: WebRuntime; route: string };

/** Answers an address that is a secret: logs know only its template, unknown and revoked answer alike. */
export async function serveByToken(call: Call, answer: (found: Found) => Response): Promise<Response> {
  const { runtime, route } = call;
  const requestId = randomUUID();
  const startedAt = performance.now();
  const response = await find(call)
    .then(answer)
    .catch((error: unknown) => {
      const appError = toAppError(error);
      if (httpStatus(appError) >= 500) {
        runtime.logger.error({ requestId, err: appError.cause ?? appError }, "subscription failed");
      }
      return problemResponse(appError, requestId);
    });
  requests ??= createRequestLogger(runtime.logger);
  requests.log({
    requestId,
    traceId: null,
    userId: null,
    method: "GET",
    route,
    status: response.status,
    milliseconds: performance.now() - startedAt,
  });
  response.headers.set("cache-control", "no-store");
  response.headers.set("referrer-policy", "no-referrer");
  response.headers.set("x-robots-tag", "noindex");
  return response;
}

async function find({ request, token, runtime }: Call): Promise<Found> {
  limit ??= createRateLimit(runtime.redis, { name: "subscription", points: PER_MINUTE, seconds: 60 });
  await limit.consume(addressKey(clientIp(request.headers, runtime.env.TRUSTED_PROXIES)));
  const found = TOKEN.test(token) ? await findUserBySubscriptionToken({ token }) : null;
  // The token stays out of the answer: it would end in the logs of whoever asked.
  if (!found) throw new AppError("NOT_FOUND", "There is no such subscription. Ask for a new address.");
  return found;
}
