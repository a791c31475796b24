import { once } from "node:events";
import { readFileSync } from "node:fs";
import { systemClock } from "#server/clock.ts";
import { readEnv } from "#server/env.ts";
import { createLogger } from "#server/logger.ts";
import { startTracing } from "#server/start-tracing.ts";
import { stopTracing } from "#server/tracing.ts";
import { startAgent } from "./agent.ts";
import { addAgentMetrics, createAgentMetrics } from "./agent-metrics.ts";
import { createHealthServer } from "./health-server.ts";
import { createAgentServer } from "./routes.ts";

const env = readEnv("node-agent");
const log = createLogger("node-agent", env);
try {
  await run();
} catch (error) {
  log.fatal({ err: error }, `node agent cannot start: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}

async function run(): Promise<void> {
  await startTracing("node-agent", env, log);
  const metrics = createAgentMetrics();
  const agent = await startAgent({
    onApplied: metrics.onApplied,
    stateDir: env.STATE_DIR,
    logDir: env.LOG_DIR,
    xrayBinary: env.XRAY_BIN,
    allowedPrivateTargets: env.ALLOWED_PRIVATE_TARGETS,
    ownPorts: env.OWN_PORTS,
    edgePublicPort: env.EDGE_PUBLIC_PORT,
    edge: env.EDGE_SOCKET === "" ? undefined : { socketPath: env.EDGE_SOCKET, traefik: env.EDGE_TRAEFIK },
    clock: systemClock,
    log,
    xrayLog: createLogger("xray", env),
    keepsDestinations: env.LOG_DESTINATIONS === "1",
  });

  addAgentMetrics(metrics, agent, {
    places: { data: env.STATE_DIR, logs: env.LOG_DIR },
    certificates: { agent: env.AGENT_CERT_FILE, "agent-node-ca": env.NODE_CA_FILE },
  });
  const health = createHealthServer({
    registry: metrics.registry,
    findMissing: agent.findMissing,
  }).listen(env.AGENT_HEALTH_PORT, env.AGENT_HEALTH_HOST ?? env.AGENT_HOST);
  const server = createAgentServer({
    agent,
    log,
    tls: {
      ca: readFileSync(env.NODE_CA_FILE, "utf8"),
      cert: readFileSync(env.AGENT_CERT_FILE, "utf8"),
      key: readFileSync(env.AGENT_KEY_FILE, "utf8"),
    },
  }).listen(env.AGENT_PORT, env.AGENT_HOST);
  await Promise.all([once(server, "listening"), once(health, "listening")]);
  log.info({ port: env.AGENT_PORT, health: env.AGENT_HEALTH_PORT }, "node agent is ready");

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      // Xray stays: only its own tunnels know how long they last.
      log.info({ signal }, "stopping; Xray goes on");
      server.close();
      health.close();
      server.closeIdleConnections();
      setTimeout(() => process.exit(1), 10_000).unref();
      agent
        .stop()
        .finally(stopTracing)
        .then(() => process.exit(0));
    });
  }
}
