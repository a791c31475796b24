import type { SqlDriverAdapter, SqlDriverAdapterFactory, SqlQuery } from "@prisma/driver-adapter-utils";
import { isRecording, isTracing, withChildSpan } from "./tracing.ts";

const TABLE = /\b(?:FROM|INTO|UPDATE|TABLE)\s+(?:ONLY\s+)?(?:"?public"?\.)?"?(\w+)"?/i;
const LITERAL = /'(?:[^']|'')*'/g;
const MAX_TEXT = 1_000;

type Queries = Pick<SqlDriverAdapter, "queryRaw" | "executeRaw">;

/**
 * A span for each statement inside a trace that is kept: its text with placeholders, never what stands in for them.
 * Without tracing the adapter stays as it is.
 */
export function traceQueries<F extends SqlDriverAdapterFactory>(factory: F): F {
  if (!isTracing()) return factory;
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    traceStatements(adapter);
    const startTransaction = adapter.startTransaction.bind(adapter);
    adapter.startTransaction = (level) =>
      traced("BEGIN", "BEGIN", async () => {
        const transaction = await startTransaction(level);
        traceStatements(transaction);
        return transaction;
      });
    return adapter;
  };
  return factory;
}

function traceStatements(queryable: Queries): void {
  const queryRaw = queryable.queryRaw.bind(queryable);
  const executeRaw = queryable.executeRaw.bind(queryable);
  queryable.queryRaw = (query) => traceQuery(query, () => queryRaw(query));
  queryable.executeRaw = (query) => traceQuery(query, () => executeRaw(query));
}

function traceQuery<T>({ sql }: SqlQuery, run: () => Promise<T>): Promise<T> {
  if (!isRecording()) return run();
  const operation = /\w+/.exec(sql)?.[0].toUpperCase() ?? "QUERY";
  const table = TABLE.exec(sql)?.[1];
  return traced(table === undefined ? operation : `${operation} ${table}`, sql, run);
}

function traced<T>(summary: string, sql: string, run: () => Promise<T>): Promise<T> {
  const attributes = {
    "db.system.name": "postgresql",
    "db.query.summary": summary,
    "db.query.text": sql.replace(LITERAL, "?").slice(0, MAX_TEXT),
  };
  return withChildSpan(`postgres ${summary}`, attributes, run);
}
