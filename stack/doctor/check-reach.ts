import { lookup } from "node:dns/promises";
import { connect, isIP } from "node:net";
import { networkInterfaces } from "node:os";
import type { Report } from "#stack/doctor/report.ts";
import { describeReach } from "#stack/public-host.ts";
import type { PortName, Settings } from "#stack/settings.ts";

const PUBLIC: PortName[] = ["http", "https", "httpProxy", "socksProxy", "dashboard", "vpn"];
const HOW = "npm run up -- --host NAME";

/** Can a client find this machine by the name that links and certificates carry? Answers whether we can. */
export async function checkReach(report: Report, settings: Settings): Promise<{ isReachable: boolean }> {
  const { publicHost, ports } = settings;
  const hasName = await checkName(report, publicHost);
  if (!hasName) return { isReachable: false };
  const answers = await Promise.all(
    PUBLIC.map(async (name) => ({ port: ports[name], isOpen: await canConnect(publicHost, ports[name]) })),
  );
  const shut = answers.filter(({ isOpen }) => !isOpen).map(({ port }) => port);
  if (shut.length === 0)
    report.ok("by its public host", `${publicHost} answers on ${answers.map(({ port }) => port).join(", ")}`);
  else
    report.warning("by its public host", {
      detail: `${publicHost} does not answer from here on ${shut.join(", ")}`,
      meaning:
        "Clients dial exactly that. Behind NAT this machine may not reach itself by its public name, although others do: try from outside.",
      action: `from another network: curl -vk https://${publicHost}:${ports.https}/login; then open the ports in the firewall or the router: ${shut.join(", ")}`,
    });
  const words = describeReach(publicHost);
  if (words !== null)
    report.warning("for whom", {
      detail: words,
      meaning: "Links and certificates name this host.",
      action: HOW,
    });
  return { isReachable: shut.length === 0 };
}

async function checkName(report: Report, publicHost: string): Promise<boolean> {
  if (isIP(publicHost) !== 0) return true;
  const own = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).map(({ address }) => address),
  );
  try {
    const found = (await lookup(publicHost, { all: true })).map(({ address }) => address);
    const isOurs = found.some((address) => own.includes(address));
    if (isOurs) report.ok("DNS", `${publicHost} is ${found.join(", ")}, an address of this machine`);
    else
      report.warning("DNS", {
        detail: `${publicHost} is ${found.join(", ")}, no address of this machine`,
        meaning: "Right behind NAT or a cloud's address mapping; wrong when the name still points elsewhere.",
        action: `compare with the machine's public address; if it is wrong, change the A/AAAA record of ${publicHost}`,
      });
    return true;
  } catch (error) {
    report.failure("DNS", {
      detail: `${publicHost} has no address (${(error as NodeJS.ErrnoException).code ?? "error"})`,
      meaning: "No client finds this machine by the name that links and certificates carry.",
      action: `set an A/AAAA record for ${publicHost}, or use another name: ${HOW}`,
    });
    return false;
  }
}

export function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.setTimeout(3_000, () => settle(false));
    socket.once("connect", () => settle(true));
    socket.once("error", () => settle(false));
  });
}
