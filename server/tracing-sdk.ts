import { type Attributes, context, propagation, type Tracer, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { ExportResultCode, W3CTraceContextPropagator } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { hidesSecretPath, isNextDetail, withoutQuery } from "./tracing-redaction.ts";
import { traceRedis } from "./tracing-redis.ts";

export type TracingOptions = {
  program: string;
  version: string;
  /** Where spans go as OTLP over HTTP, e.g. http://127.0.0.1:4318; empty = tracing is off. */
  endpoint: string;
  /** Share of the traces that begin here which are kept; those that come in keep what their sender decided. */
  sampleRatio: number;
  /** After each batch: null, or why it was dropped. */
  onExport?: (error: Error | null) => void;
};

/** About 2 MB at most wait for the collector; what comes on top is dropped. */
const MAX_QUEUE = 2_048;
const BATCH = 512;
const SEND_EVERY_MS = 1_000;
const EXPORT_TIMEOUT_MS = 4_000;
const STOP_WITHIN_MS = 2_000;

/** Loaded only when tracing is on. Nothing here throws into a request, and nothing waits for the collector. */
export function startTracingSdk(options: TracingOptions): { tracer: Tracer; stop: () => Promise<void> } {
  const { program, version, endpoint, sampleRatio } = options;
  const exporter = watchExporter(
    new OTLPTraceExporter({
      url: `${endpoint.replace(/\/+$/, "")}/v1/traces`,
      timeoutMillis: EXPORT_TIMEOUT_MS,
      concurrencyLimit: 2,
    }),
    options.onExport,
  );
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      "service.name": `causeway-${program}`,
      "service.version": version,
      "process.pid": process.pid,
    }),
    sampler: refuse(new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampleRatio) })),
    spanLimits: { attributeValueLengthLimit: 1_024, attributeCountLimit: 48, eventCountLimit: 16 },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        maxQueueSize: MAX_QUEUE,
        maxExportBatchSize: BATCH,
        scheduledDelayMillis: SEND_EVERY_MS,
        exportTimeoutMillis: EXPORT_TIMEOUT_MS + 500,
      }),
    ],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  // For Next, which makes spans of its own as soon as somebody listens.
  trace.setGlobalTracerProvider(provider);
  const tracer = provider.getTracer("causeway", version);
  const forgetRedis = traceRedis(tracer);
  return { tracer, stop: () => stop(provider).finally(forgetRedis) };
}

async function stop(provider: TracerProvider): Promise<void> {
  await Promise.race([
    provider.shutdown().catch(() => undefined),
    new Promise((resolve) => setTimeout(resolve, STOP_WITHIN_MS).unref()),
  ]);
  trace.disable();
  context.disable();
  propagation.disable();
}

/** What is no span, nor is anything below it: Next names a request by its address, which may carry a secret. */
function refuse(inner: Sampler): Sampler {
  return {
    shouldSample(parent, traceId, name, kind, attributes, links) {
      if (isNextDetail(attributes) || hidesSecretPath(name, attributes))
        return { decision: SamplingDecision.NOT_RECORD };
      return inner.shouldSample(parent, traceId, name, kind, attributes, links);
    },
    toString: () => `Refuse(${inner.toString()})`,
  };
}

/** Last look at what leaves the process, and word of how it went. */
function watchExporter(inner: SpanExporter, onExport: TracingOptions["onExport"]): SpanExporter {
  return {
    export(spans, done) {
      for (const span of spans) cleanAttributes(span.attributes);
      inner.export(spans, (result) => {
        const isSent = result.code === ExportResultCode.SUCCESS;
        onExport?.(isSent ? null : (result.error ?? new Error("the collector refused the spans")));
        done(result);
      });
    },
    shutdown: () => inner.shutdown(),
  };
}

function cleanAttributes(attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "string") attributes[name] = withoutQuery(value);
  }
}
