import pg from "pg";

/** Grafana's role. It sees the views of the schema reporting (prisma/migrations) and nothing else. */
export const READER = "causeway_grafana";

/** A role can change most of these for itself, so the limits that must hold are the last three. */
const SETTINGS = {
  search_path: "reporting",
  default_transaction_read_only: "on",
  statement_timeout: "15s",
  lock_timeout: "2s",
  idle_in_transaction_session_timeout: "30s",
  temp_file_limit: "256MB",
};
const MAX_CONNECTIONS = 10;

type Names = { password: string; database?: string; owner?: string };

/**
 * What makes the role and holds it to its views; repeatable. Run by a superuser in the database itself, after the
 * migrations and before anybody connects with the role.
 */
export function readerStatements({ password, database = "causeway", owner = "causeway" }: Names): string[] {
  const name = pg.escapeIdentifier;
  const text = pg.escapeLiteral;
  const rights = `LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS CONNECTION LIMIT ${MAX_CONNECTIONS}`;
  return [
    `DO $$ BEGIN CREATE ROLE ${READER}; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
    `ALTER ROLE ${READER} ${rights} PASSWORD ${text(password)}`,
    ...Object.entries(SETTINGS).map(([key, value]) => `ALTER ROLE ${READER} SET ${key} = ${text(value)}`),
    `REVOKE ALL ON DATABASE ${name(database)} FROM PUBLIC`,
    `GRANT CONNECT ON DATABASE ${name(database)} TO ${READER}`,
    "REVOKE CONNECT ON DATABASE postgres FROM PUBLIC",
    "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    `GRANT USAGE, CREATE ON SCHEMA public TO ${name(owner)}`,
    takeFromPublic(owner),
    `GRANT USAGE ON SCHEMA reporting TO ${READER}`,
    `GRANT SELECT ON ALL TABLES IN SCHEMA reporting TO ${READER}`,
  ];
}

/**
 * Whoever may connect may take advisory locks and store large objects: with the first the role could hold up every
 * write of ours, which take turns by one, with the second fill the disk.
 */
const takeFromPublic = (owner: string) => `DO $$
DECLARE f regprocedure;
BEGIN
  FOR f IN SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace
    AND (proname ~ '^pg_(try_)?advisory_' OR proname ~ '^lo_(creat|create|from_bytea|put)$')
  LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO ${owner}', f);
  END LOOP;
END $$`;
