import { checkServerIdentity } from "node:tls";
import type { Cli } from "#cli/cli.ts";
import { explainApi } from "#cli/connection/explain-api.ts";
import { readServedCertificate } from "#cli/connection/served-certificate.ts";
import type { ApiClient } from "#lib/api-client.ts";
import { ApiError } from "#lib/api-error.ts";
import type { Finding } from "#lib/schemas/doctor.ts";
import { checkNodes } from "./check-nodes.ts";

const CLOCK_SECONDS = 30;
const SOON_DAYS = 14;
const DAY_MS = 86_400_000;

/** What can be seen of an installation elsewhere: its panel, and what it says of itself. */
export async function checkFromAfar(cli: Cli, api: ApiClient, url: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  const add = (
    group: string,
    name: string,
    state: Finding["state"],
    detail: string,
    rest: Partial<Finding> = {},
  ) => findings.push({ group, name, state, detail, meaning: null, action: null, ...rest });
  const certificate = await readServedCertificate(url);
  const host = new URL(url).hostname;
  if (certificate === null)
    add("Panel", "TLS", "failure", `${url} shows no certificate`, {
      meaning: "It is down, out of reach, or another program answers there.",
      action: "on its machine: vpn doctor",
    });
  else {
    const days = Math.floor((certificate.validToDate.getTime() - cli.now()) / DAY_MS);
    const wrongName = checkServerIdentity(host, certificate.toLegacyObject());
    if (days < SOON_DAYS || wrongName !== undefined)
      add(
        "Panel",
        "TLS",
        days < 0 || wrongName !== undefined ? "failure" : "warning",
        wrongName?.message ?? `the certificate has ${days} days left`,
        {
          meaning: "Browsers and apps refuse it.",
          action: "on its machine: npm run down, then npm run up",
        },
      );
    else add("Panel", "TLS", "ok", `a certificate for ${host}, ${days} days left`);
  }
  try {
    const status = await api.getStatus();
    add("Panel", "API", "ok", `version ${status.version}`);
    for (const { name, isUp, detail } of status.programs)
      if (isUp) add("Programs", name, "ok", "up");
      else
        add("Programs", name, "failure", detail ?? "down", {
          meaning: "The panel cannot reach it, or it says that it cannot do its job.",
          action: `on its machine: ./vpn logs ${name}`,
        });
    const off = Math.abs(Date.parse(status.at) - cli.now()) / 1_000;
    if (off > CLOCK_SECONDS)
      add("Panel", "clock", "warning", `it differs from this machine's by ${Math.round(off)} s`, {
        meaning: "Sign-ins, expiry and Reality (120 s) go by the clock.",
        action: "timedatectl set-ntp true, where it is wrong",
      });
    else add("Panel", "clock", "ok", "it agrees with this machine's");
    findings.push(...(await checkNodes(api)));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    add("Panel", "API", "failure", explainApi(error, cli), {
      meaning: "Nothing more can be asked.",
      action: "on its machine: vpn doctor",
    });
  }
  return findings;
}
