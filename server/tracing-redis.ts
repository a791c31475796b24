import { tracingChannel } from "node:diagnostics_channel";
import { type Span, SpanKind, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";

type Command = { command: string; error?: unknown };

/**
 * A span for each Redis command inside a trace that is kept, from ioredis's own channel. The command's name only: keys
 * hold hashes of sessions and addresses of people.
 */
export function traceRedis(tracer: Tracer): () => void {
  const spans = new WeakMap<object, Span>();
  const channel = tracingChannel<"ioredis:command", Command>("ioredis:command");
  const end = (message: Command) => {
    spans.get(message)?.end();
    spans.delete(message);
  };
  const subscribers = {
    start(message: Command) {
      if (trace.getActiveSpan()?.isRecording() !== true) return;
      const name = message.command.toUpperCase();
      const attributes = { "db.system.name": "redis", "db.operation.name": name };
      spans.set(message, tracer.startSpan(`redis ${name}`, { kind: SpanKind.CLIENT, attributes }));
    },
    error(message: Command) {
      const { name } = (message.error ?? {}) as { name?: unknown };
      spans
        .get(message)
        ?.setAttribute("error.type", String(name ?? "unknown"))
        .setStatus({ code: SpanStatusCode.ERROR });
    },
    end: () => undefined,
    asyncStart: () => undefined,
    asyncEnd: end,
  };
  channel.subscribe(subscribers);
  return () => channel.unsubscribe(subscribers);
}
