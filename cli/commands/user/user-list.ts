import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";
import { statusStyle, statusText } from "#cli/output/describe-user.ts";
import { choiceOption, countOption } from "#cli/parse-options.ts";
import { type Column, renderTable } from "#cli/table.ts";
import type { ApiClient } from "#lib/api-client.ts";
import { formatBytes } from "#lib/format-bytes.ts";
import { formatRelativeTime } from "#lib/format-time.ts";
import {
  type ListUsersQuery,
  ROLES,
  type Role,
  USER_STATUSES,
  type User,
  type UserStatus,
} from "#lib/schemas/user.ts";

const SORTS = ["name", "createdAt", "usedBytes", "expiresAt"] as const;
const PAGE = 200;
const SHOWN = 50;

type Options = {
  query?: string;
  status?: UserStatus;
  role?: Role;
  online?: true;
  sort?: (typeof SORTS)[number];
  desc?: true;
  max?: number;
  all?: true;
};

export function userList(parent: Command, cli: Cli): void {
  const command = parent
    .command("list")
    .alias("ls")
    .description("List users")
    .option("-q, --query <text>", "only where name, e-mail or note holds this")
    .option("--status <status>", USER_STATUSES.join(", "), choiceOption(USER_STATUSES))
    .option("--role <role>", ROLES.join(", "), choiceOption(ROLES))
    .option("--online", "only who is online now")
    .option("--sort <field>", SORTS.join(", "), choiceOption(SORTS))
    .option("--desc", "the highest first")
    .option("--max <count>", `at most so many (default: ${SHOWN}; with --json all)`, countOption)
    .option("--all", "all of them");
  defineCommand<Options>(cli, command, async ({ api, options, print }) => {
    const isAll = options.all || (options.json && options.max === undefined);
    const max = isAll ? Number.POSITIVE_INFINITY : (options.max ?? SHOWN);
    const query: Partial<ListUsersQuery> = {
      ...(options.query === undefined ? {} : { query: options.query }),
      ...(options.status === undefined ? {} : { status: options.status }),
      ...(options.role === undefined ? {} : { role: options.role }),
      ...(options.online ? { online: "true" as const } : {}),
      sort: options.sort ?? "name",
      order: options.desc ? "desc" : "asc",
    };
    print(await readUsers(api, query, max), ({ items, total }) => {
      if (total === 0) return "No user fits. Make one with: vpn user add NAME";
      const table = renderTable(cli.terminal, columns(cli), items);
      return total > items.length ? `${table}\n\n${items.length} of ${total}; --all shows the rest.` : table;
    });
  });
}

async function readUsers(api: ApiClient, query: Partial<ListUsersQuery>, max: number) {
  const items: User[] = [];
  let cursor: string | undefined;
  for (;;) {
    const limit = Math.min(PAGE, max - items.length);
    const page = await api.listUsers({ ...query, limit, ...(cursor === undefined ? {} : { cursor }) });
    items.push(...page.items);
    if (page.nextCursor === null || items.length >= max) return { items, total: page.total };
    cursor = page.nextCursor;
  }
}

const columns = (cli: Cli): Column<User>[] => [
  { title: "NAME", cell: (user) => user.name },
  {
    title: "STATUS",
    cell: (user) => statusText(user.status),
    style: (user) => statusStyle(user.status),
  },
  { title: "USED", cell: (user) => formatBytes(user.usedBytes), isRight: true },
  {
    title: "LIMIT",
    cell: (user) => (user.limitBytes === null ? "–" : formatBytes(user.limitBytes)),
    isRight: true,
    dropOrder: 1,
  },
  {
    title: "EXPIRES",
    cell: (user) => (user.expiresAt === null ? "never" : formatRelativeTime(user.expiresAt, cli.now())),
    dropOrder: 2,
  },
  {
    title: "LAST SEEN",
    cell: (user) =>
      user.isOnline
        ? "online"
        : user.onlineAt === null
          ? "never"
          : formatRelativeTime(user.onlineAt, cli.now()),
    dropOrder: 3,
    style: (user) => (user.isOnline ? "green" : null),
  },
  { title: "ROLE", cell: (user) => user.role, dropOrder: 4 },
];
