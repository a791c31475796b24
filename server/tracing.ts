import {
  type Attributes,
  type Context,
  context,
  INVALID_SPAN_CONTEXT,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import type { TracingOptions } from "./tracing-sdk.ts";

/** Names and counts only: no token, no path with a secret in it, no statement's parameters, no VLESS id. */
export type SpanAttributes = Attributes;
export type TraceSpan = Pick<
  Span,
  "setAttribute" | "setAttributes" | "updateName" | "setStatus" | "isRecording"
>;
type Kind = "internal" | "server" | "client" | "producer" | "consumer";

const KINDS: Record<Kind, SpanKind> = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};
const TRACEPARENT = /^(?!ff)[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-.*)?$/;
const NO_SPAN: Span = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

/** Next bundles modules more than once: only globalThis is one for all. */
const KEY = Symbol.for("causeway.tracing");
const holder = globalThis as { [KEY]?: { tracer: Tracer; stop: () => Promise<void> } };

/** Call once, before what is to be traced is opened. Without an endpoint nothing is loaded and nothing costs. */
export async function initTracing(options: TracingOptions): Promise<void> {
  if (options.endpoint === "" || holder[KEY]) return;
  const { startTracingSdk } = await import("./tracing-sdk.ts");
  holder[KEY] = startTracingSdk(options);
}

/** Sends what is left, for two seconds at most. */
export async function stopTracing(): Promise<void> {
  const running = holder[KEY];
  delete holder[KEY];
  await running?.stop();
}

export const isTracing = (): boolean => holder[KEY] !== undefined;

/** Whether what happens now is part of a trace that is kept: worth collecting details for. */
export const isRecording = (): boolean =>
  holder[KEY] !== undefined && trace.getActiveSpan()?.isRecording() === true;

/** Runs `fn` as one span under the current one, or as the start of a trace. What it throws is thrown on. */
export function withSpan<T>(
  name: string,
  attributes: SpanAttributes,
  fn: (span: TraceSpan) => T,
  kind: Kind = "internal",
): T {
  const running = holder[KEY];
  if (running === undefined) return fn(NO_SPAN);
  const parent = context.active();
  const active = trace.getSpan(parent);
  // A trace that is not kept: nothing below it is, and no span need be made to know that.
  if (active && !active.isRecording() && isSpanContextValid(active.spanContext())) return fn(NO_SPAN);
  return runSpan(running.tracer, parent, { name, attributes, kind }, fn);
}

/** The same, only where a trace is under way: for what also happens on a timer, where it would be noise. */
export function withChildSpan<T>(
  name: string,
  attributes: SpanAttributes,
  fn: (span: TraceSpan) => T,
  kind: Kind = "client",
): T {
  return isRecording() ? withSpan(name, attributes, fn, kind) : fn(NO_SPAN);
}

/** Runs `fn` as one span of the trace that came in (null or not readable: of a new one). */
export function continueTrace<T>(
  traceparent: string | null | undefined,
  name: string,
  attributes: SpanAttributes,
  fn: (span: TraceSpan) => T,
  kind: Kind = "server",
): T {
  const running = holder[KEY];
  if (running === undefined) return fn(NO_SPAN);
  const parent = parseTraceparent(traceparent);
  if (parent === null) return runSpan(running.tracer, ROOT_CONTEXT, { name, attributes, kind }, fn);
  if (trace.getSpanContext(parent)?.traceFlags === TraceFlags.NONE)
    return context.with(parent, () => fn(NO_SPAN));
  return runSpan(running.tracer, parent, { name, attributes, kind }, fn);
}

/** The W3C header that lets another program go on with this trace, or null. */
export function currentTraceparent(): string | null {
  const current = currentSpanContext();
  if (!current) return null;
  const { traceId, spanId, traceFlags } = current;
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;
}

export const currentTraceId = (): string | null => currentSpanContext()?.traceId ?? null;

/** Headers of a request to another of our programs: `traceparent`, or none. */
export function traceHeaders(): Record<string, string> {
  const traceparent = currentTraceparent();
  return traceparent === null ? {} : { traceparent };
}

/** The kind of failure, not its message: a driver's message may quote a value. The log line has the rest. */
export function failSpan(span: TraceSpan, type: string): void {
  span.setAttribute("error.type", type);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

function currentSpanContext() {
  if (holder[KEY] === undefined) return null;
  const current = trace.getActiveSpan()?.spanContext();
  return current && isSpanContextValid(current) ? current : null;
}

function parseTraceparent(traceparent: string | null | undefined): Context | null {
  const [, traceId = "", spanId = "", flags = ""] = TRACEPARENT.exec(traceparent ?? "") ?? [];
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  const parent = { traceId, spanId, traceFlags, isRemote: true };
  return isSpanContextValid(parent) ? trace.setSpanContext(ROOT_CONTEXT, parent) : null;
}

function runSpan<T>(
  tracer: Tracer,
  parent: Context,
  { name, attributes, kind }: { name: string; attributes: SpanAttributes; kind: Kind },
  fn: (span: TraceSpan) => T,
): T {
  const span = tracer.startSpan(name, { attributes, kind: KINDS[kind] }, parent);
  let result: T;
  try {
    result = context.with(trace.setSpan(parent, span), fn, undefined, span);
  } catch (error) {
    endFailed(span, error);
    throw error;
  }
  if (!isThenable(result)) {
    span.end();
    return result;
  }
  // The same promise goes back to the caller, who handles its failure; here it is only seen.
  result.then(
    () => span.end(),
    (error: unknown) => endFailed(span, error),
  );
  return result;
}

function endFailed(span: Span, error: unknown): void {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  failSpan(span, String(code ?? name ?? "unknown"));
  span.end();
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
