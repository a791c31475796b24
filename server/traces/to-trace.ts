import type { Span, Trace, TraceSummary } from "#lib/schemas/trace.ts";
import type { JaegerTrace } from "./ask-jaeger.ts";

/** Attributes that say nothing a person would look for. */
const NOISE = /^(otel\.|span\.kind$|internal\.|network\.|next\.|db\.system|process\.)/;
const programOf = (service: string) => service.replace(/^causeway-/, "");

export function toTraceSummary(trace: JaegerTrace): TraceSummary {
  const spans = toSpans(trace);
  const start = startOf(trace);
  return {
    id: trace.traceID.padStart(32, "0"),
    name: nameOf(spans),
    at: new Date(start / 1_000).toISOString(),
    milliseconds: Math.max(0, ...spans.map((span) => span.startMs + span.milliseconds)),
    spans: spans.length,
    programs: [...new Set(spans.map(({ program }) => program))],
    hasError: spans.some(({ hasError }) => hasError),
  };
}

export function toTree(trace: JaegerTrace): Trace["tree"] {
  const spans = toSpans(trace);
  const ids = new Set(spans.map(({ id }) => id));
  const childrenOf = Map.groupBy(spans, ({ parentId }) =>
    parentId !== null && ids.has(parentId) ? parentId : null,
  );
  const tree: Trace["tree"] = [];
  const visit = (parent: string | null, depth: number) => {
    for (const span of childrenOf.get(parent) ?? []) {
      tree.push({ ...span, depth });
      visit(span.id, depth + 1);
    }
  };
  visit(null, 0);
  return tree;
}

/** The most telling name: our own route, else a decision, else what the first span is called. */
function nameOf(spans: Span[]): string {
  const route = spans.find(({ program, attributes }) => program === "web" && attributes["http.route"]);
  const page = route?.attributes["http.route"] === "/api/v1/[[...route]]";
  const own = page ? spans.find(({ attributes }) => attributes["causeway.request_id"]) : route;
  const [first] = spans;
  const asked = first?.attributes["url.path"];
  if (own && !own.name.includes("/internal/")) return own.name;
  if (asked) return `${first.attributes["http.request.method"] ?? first.name} ${asked}`;
  return (own ?? first)?.name ?? "?";
}

const startOf = ({ spans }: JaegerTrace) =>
  spans.reduce((start, span) => Math.min(start, span.startTime), Number.POSITIVE_INFINITY);

function toSpans(trace: JaegerTrace): Span[] {
  const start = startOf(trace);
  return [...trace.spans]
    .sort((a, b) => a.startTime - b.startTime)
    .map((span) => {
      const attributes = Object.fromEntries(
        span.tags.filter(({ key }) => !NOISE.test(key)).map(({ key, value }) => [key, String(value)]),
      );
      const { error, ...rest } = attributes;
      return {
        id: span.spanID,
        parentId: span.references.find(({ refType }) => refType === "CHILD_OF")?.spanID ?? null,
        program: programOf(trace.processes[span.processID]?.serviceName ?? "?"),
        name: span.operationName,
        startMs: (span.startTime - start) / 1_000,
        milliseconds: span.duration / 1_000,
        hasError: error === "true",
        attributes: rest,
      };
    });
}
