import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { migrate } from "../prisma/migrate.ts";
import { startPostgres, type TestPostgres } from "./postgres.ts";

declare module "vitest" {
  interface ProvidedContext {
    servicesUrl: string;
  }
}

const REDIS_DATABASES = 1_000;

/**
 * Vitest's globalSetup. PostgreSQL and Redis start when the first test asks (test/database.ts), so that a run
 * without them stays quick. Each caller of /database gets its own clone, of /redis its own database number.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let postgres: Promise<TestPostgres> | undefined;
  let redis: Promise<{ port: number; child: ChildProcess }> | undefined;
  let clones = 0;
  let redisDatabases = 0;

  const clone = async (isEmpty: boolean): Promise<string> => {
    postgres ??= startWithTemplate();
    const server = await postgres;
    const name = `test_${++clones}`;
    if (isEmpty) return server.urlFor(name);
    await query(
      server.urlFor("postgres"),
      `CREATE DATABASE ${name} TEMPLATE template_causeway STRATEGY file_copy`,
    );
    return server.urlFor(name);
  };
  const redisUrl = async (): Promise<string> => {
    redis ??= startRedis();
    return `redis://127.0.0.1:${(await redis).port}/${redisDatabases++ % REDIS_DATABASES}`;
  };

  const server = createServer((request, response) => {
    const answer = request.url === "/redis" ? redisUrl() : clone(request.url === "/empty-database");
    answer.then(
      (url) => response.end(url),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  project.provide("servicesUrl", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);

  return async () => {
    server.close();
    await (await postgres)?.stop();
    (await redis)?.child.kill("SIGTERM");
  };
}

async function startWithTemplate(): Promise<TestPostgres> {
  const server = await startPostgres(await freePort());
  await migrate({ databaseUrl: server.urlFor("template_causeway") });
  await query(
    server.urlFor("postgres"),
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'template_causeway'",
  );
  return server;
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

async function startRedis(): Promise<{ port: number; child: ChildProcess }> {
  const port = await freePort();
  const settings = [
    "--save",
    "",
    "--appendonly",
    "no",
    "--bind",
    "127.0.0.1",
    "--databases",
    String(REDIS_DATABASES),
  ];
  const child = spawn("redis-server", ["--port", String(port), ...settings], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  process.once("exit", () => child.kill("SIGKILL"));
  await new Promise<void>((resolve, reject) => {
    child.once("error", () =>
      reject(new Error("redis-server is missing. Run: apt-get install redis-server")),
    );
    child.once("exit", () => reject(new Error("redis-server for the tests did not start.")));
    child.stdout.on("data", (text: Buffer) => {
      if (text.includes("Ready to accept connections")) resolve();
    });
  });
  return { port, child };
}

async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
