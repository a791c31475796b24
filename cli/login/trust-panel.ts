import { X509Certificate } from "node:crypto";
import { Agent, fetch } from "undici";
import type { Cli } from "#cli/cli.ts";
import { CliError, wrongUse } from "#cli/cli-error.ts";
import { createFetch } from "#cli/connection/create-fetch.ts";
import { describeTlsFailure, innermost, reasonOf } from "#cli/connection/network-failure.ts";
import { readText } from "#cli/connection/read-stack.ts";
import { webCaSchema } from "#lib/schemas/node.ts";

const UNKNOWN = /SELF_SIGNED|UNABLE_TO|CERT_SIGNATURE_FAILURE/;
const TIMEOUT_MS = 10_000;

/**
 * The CA to trust for this address from now on; null = the system's are enough. One that is not known is fetched from
 * the panel itself, and trusted only when a person, or `--fingerprint`, says that it is the right one.
 */
export async function trustPanel(
  cli: Cli,
  url: string,
  options: { ca?: string; fingerprint?: string },
): Promise<string | null> {
  if (options.ca !== undefined) {
    const ca = readText(options.ca, "The CA certificate");
    await insistOn(url, ca);
    return ca;
  }
  const failure = await tryPanel(url, null);
  if (failure === null) return null;
  if (!UNKNOWN.test(innermost(failure)?.code ?? "")) throw unreachable(url, failure);
  const ca = await fetchCa(url);
  const { fingerprint256, subject } = new X509Certificate(ca);
  await confirm(cli, url, { fingerprint: fingerprint256, subject, expected: options.fingerprint });
  await insistOn(url, ca);
  return ca;
}

async function insistOn(url: string, ca: string): Promise<void> {
  const failure = await tryPanel(url, ca);
  if (failure !== null) throw unreachable(url, failure);
}

function unreachable(url: string, failure: unknown): CliError {
  const words = describeTlsFailure(url, failure);
  return new CliError(
    words ?? `${url} does not answer${reasonOf(failure)}. Check the address and the network.`,
  );
}

/** null: an HTTP answer came over a connection that was verified. */
async function tryPanel(url: string, ca: string | null): Promise<unknown> {
  try {
    const response = await createFetch(ca)(`${url}/api/v1/ca`, { method: "GET", headers: {} });
    await response.text();
    return null;
  } catch (error) {
    return error;
  }
}

async function fetchCa(url: string): Promise<string> {
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  const refuse = () =>
    new CliError(
      `${url} has a certificate of a CA that this machine does not know, and does not say which. Give the CA with --ca FILE.`,
    );
  try {
    const response = await fetch(`${url}/api/v1/ca`, {
      dispatcher,
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const { certificate } = webCaSchema.parse(await response.json());
    if (certificate === null) throw refuse();
    return certificate;
  } catch (error) {
    throw error instanceof CliError ? error : refuse();
  } finally {
    await dispatcher.destroy();
  }
}

const digits = (fingerprint: string) =>
  fingerprint
    .replace(/^sha256:/i, "")
    .replaceAll(":", "")
    .toUpperCase();

async function confirm(
  cli: Cli,
  url: string,
  found: { fingerprint: string; subject: string; expected: string | undefined },
): Promise<void> {
  const { fingerprint, subject, expected } = found;
  if (expected !== undefined) {
    if (digits(expected) === digits(fingerprint)) return;
    throw new CliError(
      `The CA of ${url} has another fingerprint: ${fingerprint}. Do not sign in there before you know why.`,
    );
  }
  if (cli.terminal.ask === null)
    throw wrongUse(
      `Nobody is there to compare the CA's fingerprint. Add --fingerprint ${fingerprint} if that is right, or --ca FILE.`,
    );
  cli.terminal.error(
    [
      `The certificate of ${url} is signed by a CA of its own:`,
      `  ${subject.replaceAll("\n", ", ")}`,
      `  SHA-256 ${fingerprint}`,
      "Compare on its machine: openssl x509 -noout -fingerprint -sha256 -in .data/pki/web-ca.crt",
    ].join("\n"),
  );
  const answer = await cli.terminal.ask("Is it the same? Type yes to trust it: ");
  if (answer.trim().toLowerCase() !== "yes") throw new CliError("Not signed in: the CA was not confirmed.");
}
