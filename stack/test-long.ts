import { conclude, vitest } from "#stack/checks.ts";
import { parseFlags } from "#stack/flags.ts";
import { runMain } from "#stack/stack-error.ts";
import { findPackaged } from "#stack/tools/packaged.ts";

/** `npm run test:long`: what takes longer than minutes: rounds of kills, thousands of slow clients. */
await runMain(async () => {
  const { rounds, connections } = parseFlags({
    rounds: { type: "string", default: "1000" },
    connections: { type: "string", default: "5000" },
  });
  await findPackaged("redis-server");
  const env = { KILL_ROUNDS: String(rounds), FAULT_CONNECTIONS: String(connections) };
  conclude([
    await vitest("doors: slow and vanishing clients, noise", ["server/proxy-auth/faults"], env),
    await vitest(
      "ForwardAuth: headers and paths by chance, 100 000 cases",
      ["server/proxy-auth/forward-auth/fuzz", "lib/path-readings", "--testTimeout", "600000"],
      { FUZZ_RUNS: "100000" },
    ),
    await vitest("doors: kill -9 in rounds", ["server/proxy-auth/kill"], env),
  ]);
});
