/** The error at the bottom of a chain of causes; null when there is none. */
export function innermost(error: unknown): NodeJS.ErrnoException | null {
  let cause = error;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  return cause instanceof Error ? cause : null;
}

/** ` (ECONNREFUSED)`, to stand behind words. */
export function reasonOf(error: unknown): string {
  const cause = innermost(error);
  return cause === null ? "" : ` (${cause.code ?? cause.message})`;
}

const UNKNOWN_ISSUER = new Set([
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
]);

/** In words, what was wrong with the certificate of `url`; null when something else was wrong. */
export function describeTlsFailure(url: string, error: unknown): string | null {
  const cause = innermost(error);
  const code = cause?.code ?? "";
  if (UNKNOWN_ISSUER.has(code))
    return `The certificate of ${url} is signed by a CA this machine does not know. Give it with --ca FILE, or check and keep its fingerprint: vpn login ${url}`;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return `The certificate of ${url} is for another name. Use the address the installation was set up with (npm run up -- --host NAME).`;
  if (code === "CERT_HAS_EXPIRED")
    return `The certificate of ${url} has expired. On its machine, npm run up makes a new one; check your own clock too (date).`;
  if (code === "CERT_NOT_YET_VALID")
    return `The certificate of ${url} is not valid yet: the clock of this machine or of that one is wrong (date).`;
  if (code === "CERT_SIGNATURE_FAILURE" || code === "ERR_SSL_CERTIFICATE_VERIFY_FAILED")
    return `The certificate of ${url} is not signed by the CA that is known here: somebody may be in between, or it has a new CA. Compare, then sign in again: vpn login ${url}`;
  if (code.startsWith("ERR_SSL_") || code === "EPROTO")
    return `${url} does not speak TLS as expected (${code}). Is it the panel's address and port?`;
  return null;
}
