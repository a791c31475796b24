import QRCode from "qrcode";
import type { UserSecrets } from "#lib/schemas/user.ts";
import type { UpResult } from "#stack/bring-up.ts";
import { pkiPath } from "#stack/paths.ts";

/** What to do with the new installation; with `isJson`, one line for programs. stdout carries nothing else. */
export async function printResult(result: UpResult, isJson: boolean): Promise<void> {
  const text = isJson ? JSON.stringify(pick(result)) : await toText(result);
  await new Promise<void>((resolve) => process.stdout.write(`${text}\n`, () => resolve()));
}

const pick = ({ panelUrl, apiUrl, owner, user }: UpResult) => ({ panelUrl, apiUrl, owner, user });

async function toText({ panelUrl, owner, user }: UpResult): Promise<string> {
  const password = owner.password ?? "(as set before; ./vpn owner reset makes a new one)";
  return `
Causeway is ready.

  Panel       ${panelUrl}
              its certificate is signed by ${pkiPath("web-ca.crt")}: import it to be rid of the warning
  Sign in     ${owner.name}  ${password}${owner.password === null ? "" : "   ← shown only now: keep it"}
${user === null ? "" : await guestText(user)}
  ./vpn status shows how it does; npm run down stops it.
`;
}

async function guestText(user: UserSecrets): Promise<string> {
  const [link = ""] = user.vlessLinks;
  return `
The example user “${user.name}”:
  VPN         ${link}

${await QRCode.toString(link, { type: "terminal", small: true, errorCorrectionLevel: "L" })}
  HTTP proxy  curl -x ${user.proxy.httpUrl} https://example.org
  SOCKS5      curl -x ${user.proxy.socksUrl} https://example.org
  Configs     ${user.subscriptionUrl}
`;
}
