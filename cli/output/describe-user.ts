import type { Cli } from "#cli/cli.ts";
import { renderDetails } from "#cli/table.ts";
import { paint } from "#cli/terminal.ts";
import { formatUsage } from "#lib/format-bytes.ts";
import { formatRelativeTime, formatTime } from "#lib/format-time.ts";
import type { User, UserSecrets, UserStatus } from "#lib/schemas/user.ts";

const STATUS_STYLE = {
  active: "green",
  disabled: "red",
  limited: "yellow",
  expired: "yellow",
  on_hold: "yellow",
} as const;
export const statusStyle = (status: UserStatus) => STATUS_STYLE[status];
export const statusText = (status: UserStatus) => (status === "on_hold" ? "on hold" : status);

export const moment = (cli: Pick<Cli, "now">, time: string) =>
  `${formatTime(time)} (${formatRelativeTime(time, cli.now())})`;

/** `ada · active · 3 GB of 10 GB · expires …` */
export function describeUser(cli: Cli, user: User): string {
  const { terminal } = cli;
  return [
    paint(terminal, "bold", user.name),
    paint(terminal, statusStyle(user.status), statusText(user.status)),
    formatUsage(user.usedBytes, user.limitBytes),
    user.expiresAt === null ? "never expires" : `until ${moment(cli, user.expiresAt)}`,
  ].join(" · ");
}

export function describeUserFully(cli: Cli, user: User): string {
  const { terminal } = cli;
  return [
    describeUser(cli, user),
    "",
    renderDetails(terminal, [
      ["Role", user.role],
      ["E-mail", user.email],
      [
        "Used",
        user.limitBytes === null
          ? `${formatUsage(user.usedBytes, null)}, no limit`
          : formatUsage(user.usedBytes, user.limitBytes),
      ],
      ["Tunnels", user.maxTunnels ? `at most ${user.maxTunnels} at the proxies` : null],
      [
        "Speed",
        user.rateLimitBitsPerSecond ? `${user.rateLimitBitsPerSecond / 1e6} Mbit/s at the proxies` : null,
      ],
      [
        "Reset",
        user.resetPeriod === "never"
          ? "never"
          : `every ${user.resetPeriod}${user.nextResetAt === null ? "" : `, next ${moment(cli, user.nextResetAt)}`}`,
      ],
      ["Groups", user.groups.length === 0 ? null : user.groups.join(", ")],
      ["Expires", user.expiresAt === null ? "never" : moment(cli, user.expiresAt)],
      [
        "Last seen",
        user.isOnline ? "online now" : user.onlineAt === null ? "never" : moment(cli, user.onlineAt),
      ],
      ["Panel password", user.hasPassword ? "set" : "not set yet (vpn user invite)"],
      ["Note", user.note === "" ? null : user.note],
      ["Created", formatTime(user.createdAt)],
      ["Id", user.id],
    ]),
  ].join("\n");
}

/** Everything a person needs to get in. Links stand alone on their lines, to be copied whole. */
export function describeSecrets(cli: Cli, user: UserSecrets): string {
  const title = (text: string) => `\n${paint(cli.terminal, "bold", text)}`;
  const lines = [describeUser(cli, user)];
  if (user.invite !== null) {
    lines.push(title(`Invite: sets the panel password, once, until ${formatTime(user.invite.expiresAt)}`));
    lines.push(`  ${user.invite.url}`);
  }
  lines.push(title("Subscription: keeps a VPN app up to date; a secret"), `  ${user.subscriptionUrl}`);
  lines.push(title("VPN links"), ...user.vlessLinks.map((link) => `  ${link}`));
  lines.push(title("Proxies"), `  ${user.proxy.httpUrl}`, `  ${user.proxy.socksUrl}`);
  return lines.join("\n");
}
