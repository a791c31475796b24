import { Command } from "commander";
import { dressProgram } from "#cli/help/dress-program.ts";
import type { Cli } from "./cli.ts";
import { accessList } from "./commands/access/access-list.ts";
import { accessSet } from "./commands/access/access-set.ts";
import { accessTest } from "./commands/access/access-test.ts";
import { audit } from "./commands/audit.ts";
import { completion } from "./commands/completion.ts";
import { doctor } from "./commands/doctor.ts";
import { groupAdd } from "./commands/group/group-add.ts";
import { groupDelete } from "./commands/group/group-delete.ts";
import { groupEdit } from "./commands/group/group-edit.ts";
import { groupList } from "./commands/group/group-list.ts";
import { groupMembers } from "./commands/group/group-members.ts";
import { groupShow } from "./commands/group/group-show.ts";
import { jobList } from "./commands/job/job-list.ts";
import { jobRun } from "./commands/job/job-run.ts";
import { login } from "./commands/login/login.ts";
import { logout } from "./commands/login/logout.ts";
import { sessionEnd } from "./commands/login/session-end.ts";
import { sessionList } from "./commands/login/session-list.ts";
import { logs } from "./commands/logs.ts";
import { names } from "./commands/names.ts";
import { nodeAdd } from "./commands/node/node-add.ts";
import { nodeEdit } from "./commands/node/node-edit.ts";
import { nodeInvite } from "./commands/node/node-invite.ts";
import { nodeJoin } from "./commands/node/node-join.ts";
import { nodeList } from "./commands/node/node-list.ts";
import { nodeRemove } from "./commands/node/node-remove.ts";
import { nodeShow } from "./commands/node/node-show.ts";
import { stackRun } from "./commands/stack-run.ts";
import { status } from "./commands/status.ts";
import { tokenCreate } from "./commands/token/token-create.ts";
import { tokenList } from "./commands/token/token-list.ts";
import { tokenRevoke } from "./commands/token/token-revoke.ts";
import { traceList } from "./commands/trace/trace-list.ts";
import { traceShow } from "./commands/trace/trace-show.ts";
import { usage } from "./commands/usage.ts";
import { userAdd } from "./commands/user/user-add.ts";
import { userConnections } from "./commands/user/user-connections.ts";
import { userDelete } from "./commands/user/user-delete.ts";
import { userDisable } from "./commands/user/user-disable.ts";
import { userEdit } from "./commands/user/user-edit.ts";
import { userEnable } from "./commands/user/user-enable.ts";
import { userInvite } from "./commands/user/user-invite.ts";
import { userLinks } from "./commands/user/user-links.ts";
import { userList } from "./commands/user/user-list.ts";
import { userQr } from "./commands/user/user-qr.ts";
import { userReset } from "./commands/user/user-reset.ts";
import { userRotate } from "./commands/user/user-rotate.ts";
import { userShow } from "./commands/user/user-show.ts";

const USER_COMMANDS = [
  userAdd,
  userList,
  userShow,
  userConnections,
  userEdit,
  userInvite,
  userDisable,
  userEnable,
  userRotate,
  userReset,
  userDelete,
  userLinks,
  userQr,
];

/** The whole command line. Errors are thrown, not printed: run-cli.ts makes the one line of them. */
export function createProgram(cli: Cli, version: string): Command {
  const program = new Command("vpn")
    .description("Causeway: one account through every door.")
    .version(version)
    .exitOverride();
  status(program, cli, version);
  doctor(program, cli);
  const user = program.command("user").description("People and their doors");
  for (const define of USER_COMMANDS) define(user, cli);
  const node = program.command("node").description("Machines that run the VPN door");
  for (const define of [nodeAdd, nodeList, nodeShow, nodeEdit, nodeInvite, nodeRemove, nodeJoin])
    define(node, cli);
  const group = program.command("group").description("Groups of people, and where they may go");
  for (const define of [groupAdd, groupList, groupShow, groupEdit, groupMembers, groupDelete])
    define(group, cli);
  const access = program.command("access").description("Who may see the sites behind the sign-in");
  for (const define of [accessList, accessSet, accessTest]) define(access, cli);
  usage(program, cli);
  audit(program, cli);
  const trace = program.command("trace").description("Requests, followed through every program");
  for (const define of [traceList, traceShow]) define(trace, cli);
  const job = program.command("job").description("Background work");
  for (const define of [jobList, jobRun]) define(job, cli);
  login(program, cli);
  logout(program, cli);
  const token = program.command("token").description("Your own API tokens");
  for (const define of [tokenCreate, tokenList, tokenRevoke]) define(token, cli);
  const session = program.command("session").description("Your own sign-ins on the panel");
  for (const define of [sessionList, sessionEnd]) define(session, cli);
  stackRun(program, cli);
  logs(program, cli);
  completion(program, cli);
  names(program, cli);
  dressProgram(program, cli.terminal);
  return program;
}
