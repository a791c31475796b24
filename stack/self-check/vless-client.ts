import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { renderClientConfig } from "#server/xray/client-config.ts";
import { writeAtomic } from "#stack/files.ts";
import { inData } from "#stack/paths.ts";
import { urlHost } from "#stack/settings.ts";
import { waitPort } from "#stack/wait-ready.ts";

/** Xray as a person's client of this link, for as long as `work` takes; it dials `host`, this machine itself if left out. */
export async function withVlessClient<T>(
  xrayBin: string,
  link: string,
  socksPort: number,
  work: () => Promise<T>,
  host = "127.0.0.1",
): Promise<T> {
  const config = inData("run", `self-check-${socksPort}.json`);
  // The public name may lead elsewhere from here (NAT): the check is about our own ports.
  const local = link.replace(/@(?:\[[^\]]+\]|[^:]+):/, `@${urlHost(host)}:`);
  writeAtomic(config, renderClientConfig({ link: local, socksPort }));
  const client = spawn(xrayBin, ["run", "-c", config], { stdio: "ignore" });
  try {
    await waitPort("the VPN client of the self-check", socksPort, 10_000);
    return await work();
  } finally {
    client.kill("SIGKILL");
    rmSync(config, { force: true });
  }
}
