import type { z } from "zod";
import { ApiError } from "./api-error.ts";
import { problemSchema } from "./schemas/common.ts";

/** The part of `fetch` that the client needs: the browser's, Node's and undici's all fit. */
export type ApiFetch = (
  url: string,
  init: {
    method: string;
    headers: Record<string, string>;
    body?: string;
    signal?: AbortSignal;
    credentials?: "same-origin";
    cache?: "no-store";
  },
) => Promise<ApiResponse>;
type ApiResponse = {
  status: number;
  ok: boolean;
  headers: { get(name: string): string | null };
  text(): Promise<string>;
};

export type ApiClientOptions = {
  /** `https://host[:port]`, or "" for the page's own origin. `/api/v1` is added. */
  baseUrl: string;
  fetch?: ApiFetch;
  /** Bearer API token; left out in the browser, where the session cookie speaks. */
  token?: string;
};

type Query = Record<string, string | number | boolean | null | undefined>;
export type ApiRequest = {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  path: string;
  query?: Query | undefined;
  body?: unknown;
  signal?: AbortSignal | undefined;
};

/** Sends one request; an answer that is not 2xx becomes an ApiError. */
export async function sendApiRequest(options: ApiClientOptions, request: ApiRequest): Promise<ApiResponse> {
  const send: ApiFetch = options.fetch ?? ((url, init) => fetch(url, init));
  const headers: Record<string, string> = { accept: "application/json" };
  if (options.token !== undefined) headers.authorization = `Bearer ${options.token}`;
  const isWrite = request.method !== "GET";
  if (isWrite) headers["content-type"] = "application/json";
  const url = `${options.baseUrl.replace(/\/$/, "")}/api/v1${request.path}${queryString(request.query)}`;
  let response: ApiResponse;
  try {
    response = await send(url, {
      method: request.method,
      headers,
      credentials: "same-origin",
      cache: "no-store",
      ...(isWrite ? { body: JSON.stringify(request.body ?? {}) } : {}),
      ...(request.signal ? { signal: request.signal } : {}),
    });
  } catch (cause) {
    if (request.signal?.aborted) throw cause;
    throw new ApiError({
      status: 0,
      code: "UNREACHABLE",
      detail: "The server cannot be reached. Check the connection and try again.",
      cause,
    });
  }
  if (!response.ok) throw await readProblem(response);
  return response;
}

export async function readJson<T extends z.ZodType>(response: ApiResponse, schema: T): Promise<z.output<T>> {
  const text = await response.text();
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw badAnswer(
      response,
      "The server's answer is not what this version expects. Reload, or update.",
      cause,
    );
  }
}

async function readProblem(response: ApiResponse): Promise<ApiError> {
  const text = await response.text().catch(() => "");
  const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
  try {
    const problem = problemSchema.parse(JSON.parse(text));
    return new ApiError({
      ...problem,
      errors: problem.errors,
      retryAfterSeconds: Number.isFinite(retryAfter) ? retryAfter : null,
    });
  } catch (cause) {
    return badAnswer(response, `The server answered ${response.status}. Try again in a moment.`, cause);
  }
}

function badAnswer(response: ApiResponse, detail: string, cause: unknown): ApiError {
  const requestId = response.headers.get("x-request-id");
  return new ApiError({ status: response.status, code: "BAD_ANSWER", detail, requestId, cause });
}

function queryString(query: Query | undefined): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== "") params.set(key, String(value));
  }
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}
