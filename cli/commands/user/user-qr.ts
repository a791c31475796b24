import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { CliError } from "#cli/cli-error.ts";
import { defineCommand } from "#cli/define-command.ts";
import { renderQr } from "#cli/output/render-qr.ts";

export function userQr(parent: Command, cli: Cli): void {
  const command = parent
    .command("qr")
    .description("Show a user's subscription as a QR code (goes into the audit log)")
    .argument("<name>")
    .option("--vless", "the first VPN link instead");
  defineCommand<{ vless?: true }>(cli, command, async ({ api, options, print }, name = "") => {
    const user = await api.getUserLinks(name);
    const url = options.vless ? user.vlessLinks[0] : user.subscriptionUrl;
    if (url === undefined) throw new CliError(`${user.name} has no VPN link: no node has an enabled host.`);
    print({ kind: options.vless ? "vless" : "subscription", url }, () => {
      const { code, width } = renderQr(url, cli.terminal.isColored);
      return width > cli.terminal.columns
        ? `The QR code needs ${width} columns; make the window wider. The link:\n${url}`
        : `${code}\n${url}`;
    });
  });
}
