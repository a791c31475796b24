import type { Cli } from "#cli/cli.ts";
import { findDeadPrograms } from "#cli/connection/find-dead-programs.ts";
import { describeTlsFailure, reasonOf } from "#cli/connection/network-failure.ts";
import type { ApiError } from "#lib/api-error.ts";

/** What the API said, or why it did not, as one line that says what to do. */
export function explainApi(error: ApiError, cli: Cli): string {
  const isOurs = cli.target === null || cli.target.source === "stack";
  const url = cli.target?.baseUrl ?? "The panel";
  switch (error.code) {
    case "UNREACHABLE":
      return (
        describeTlsFailure(url, error) ?? (isOurs ? explainSilence(error, cli) : explainDistance(error, url))
      );
    case "UNAUTHENTICATED":
      return isOurs
        ? "The API token is not accepted. Start the stack again to renew the CLI's: npm run up"
        : `${url} does not accept this API token: it was revoked or has ended. Sign in again: vpn login ${url}`;
    case "FORBIDDEN":
      return isOurs || error.detail.includes("token")
        ? error.detail
        : `${error.detail} You are signed in with an account or a token that may not do this (vpn token list).`;
    case "INVALID_INPUT": {
      const fields = error.errors.map(({ path, message }) => `${path}: ${message}`);
      return fields.length === 0 ? error.detail : fields.join(" ");
    }
    case "INTERNAL":
      return `${error.detail} Look for request ${error.requestId ?? "id"} in: vpn logs web`;
    case "BAD_ANSWER":
      return isOurs ? error.detail : `${error.detail} Is ${url} a Causeway panel of this version?`;
    default:
      return error.detail;
  }
}

function explainSilence(error: ApiError, cli: Cli): string {
  const dead = findDeadPrograms(cli.dataDir);
  const which = dead.length === 0 ? "Is it running?" : `Not running: ${dead.join(", ")}.`;
  return `The panel does not answer${reasonOf(error.cause)}. ${which} See vpn status and vpn logs web, or start it: npm run up`;
}

const explainDistance = (error: ApiError, url: string) =>
  `${url} does not answer${reasonOf(error.cause)}. Check the address, the network and whether it runs there: vpn status, on that machine`;
