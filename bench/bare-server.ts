import cluster from "node:cluster";
import { createServer } from "node:http";

/** The shortest node:http server, in as many processes as proxy-auth has workers. Prints its port. */
if (cluster.isPrimary) {
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  let starting = Number(process.env.WORKERS);
  cluster.on("listening", (_worker, { port }) => {
    starting -= 1;
    if (starting === 0) console.info(port);
  });
  for (let i = starting; i > 0; i--) cluster.fork();
  process.on("SIGTERM", () => {
    for (const worker of Object.values(cluster.workers ?? {})) worker?.kill("SIGKILL");
    process.exit();
  });
} else {
  createServer((_request, response) => response.end()).listen(Number(process.env.PORT), "127.0.0.1");
}
