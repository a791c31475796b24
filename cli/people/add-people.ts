import type { Cli } from "#cli/cli.ts";
import { QuietExit } from "#cli/cli-error.ts";
import { explainApi } from "#cli/connection/explain-api.ts";
import { showProgress } from "#cli/output/progress.ts";
import type { Person } from "#cli/people/read-people.ts";
import type { ApiClient } from "#lib/api-client.ts";
import { ApiError } from "#lib/api-error.ts";
import type { UserSecrets } from "#lib/schemas/user.ts";

/**
 * Makes one after another; a failure stops nobody else and is told on stderr. With --json one user a line, as each is
 * made, so that nothing is lost when it is interrupted.
 */
export async function addPeople(
  cli: Cli,
  api: ApiClient,
  people: readonly Person[],
  isJson: boolean,
): Promise<void> {
  const made: UserSecrets[] = [];
  let failed = 0;
  const progress = showProgress(cli.terminal, "Making users", people.length);
  for (const person of people) {
    try {
      const user = await api.createUser(person);
      made.push(user);
      if (isJson) cli.terminal.out(JSON.stringify(user));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failed += 1;
      progress.clear();
      cli.terminal.error(`vpn: ${person.name}: ${explainApi(error, cli)}`);
      // The others would hear the same.
      if (error.code === "UNREACHABLE" || error.code === "UNAUTHENTICATED") break;
    }
    progress.step();
  }
  progress.clear();
  if (!isJson) cli.terminal.out(describeMade(made, people.length));
  if (failed > 0) throw new QuietExit(1);
}

function describeMade(made: readonly UserSecrets[], wanted: number): string {
  const width = Math.max(0, ...made.map(({ name }) => name.length));
  return [
    ...made.map(({ name, invite }) => `${name.padEnd(width)}  ${invite?.url ?? ""}`),
    `Made ${made.length} of ${wanted}. Their invites, above, are good once within 72 h; secrets: vpn user links NAME`,
  ].join("\n");
}
