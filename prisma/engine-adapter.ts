import { AsyncLocalStorage } from "node:async_hooks";
import { PrismaPg } from "@prisma/adapter-pg";
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
} from "@prisma/driver-adapter-utils";
import pg from "pg";

const PG_CHAR = 18;
const PG_TEXT = 25;

/** Indexes of the current query's columns of PostgreSQL's internal type "char", which PrismaPg does not know. */
const charColumns = new AsyncLocalStorage<number[]>();

class CatalogPool extends pg.Pool {
  // biome-ignore lint/suspicious/noExplicitAny: pg overloads `query` ten ways; each passes through unchanged.
  override query(...args: any[]): any {
    const answer = Reflect.apply(super.query, this, args) as unknown;
    if (!(answer instanceof Promise)) return answer;
    return answer.then((result: pg.QueryResult) => {
      for (const [index, field] of (result.fields ?? []).entries()) {
        if (field.dataTypeID !== PG_CHAR) continue;
        field.dataTypeID = PG_TEXT;
        charColumns.getStore()?.push(index);
      }
      return result;
    });
  }
}

/**
 * The adapter for the schema engine. PrismaPg splits a migration at every `;`, also inside `DO $$ … $$` and
 * comments; here a migration is sent whole, which also makes it one transaction.
 */
export function createEngineAdapter(connectionString: string) {
  const pool = new CatalogPool({ connectionString, idleTimeoutMillis: 200, allowExitOnIdle: true });
  const factory = new PrismaPg(pool, { disposeExternalPool: true });
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    const queryRaw: SqlDriverAdapter["queryRaw"] = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (query) => {
      const columns: number[] = [];
      const result = await charColumns.run(columns, () => queryRaw(query));
      for (const index of columns) result.columnTypes[index] = ColumnTypeEnum.Character;
      return result;
    };
    adapter.executeScript = async (script) => {
      await pool.query(script);
    };
    return adapter;
  };
  return bindMigrationAwareSqlAdapterFactory(factory);
}
