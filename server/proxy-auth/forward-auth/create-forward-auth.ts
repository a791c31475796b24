import type { Server } from "node:http";
import type { ProgramEnv } from "#server/env.ts";
import type { KeyRing } from "../upstream-token/key-ring.ts";
import { UpstreamTokens } from "../upstream-token/upstream-tokens.ts";
import type { DecisionSources } from "./decide.ts";
import { createForwardAuthServer, type ServerOptions } from "./forward-auth-server.ts";
import { KnownVisitors } from "./known-visitors.ts";
import { SecureForwardAuth } from "./secure-server.ts";

export type ForwardAuth = {
  server: Server;
  /** null: there is no certificate for it. */
  secure: SecureForwardAuth | null;
};

type Options = Omit<ServerOptions, "sources" | "tokens" | "panelUrl"> & {
  env: ProgramEnv<"proxy-auth">;
  sources: Omit<DecisionSources, "panelHostname">;
  ring: KeyRing;
};

/** ForwardAuth over plain HTTP and over TLS, which share what they know of visitors. */
export function createForwardAuth({ env, ring, sources, ...rest }: Options): ForwardAuth {
  const { PANEL_URL: panelUrl, FORWARD_AUTH_CERT_FILE: cert, FORWARD_AUTH_KEY_FILE: key } = env;
  const panelHostname = new URL(panelUrl).hostname.replace(/^\[|\]$/g, "");
  const options: ServerOptions = {
    ...rest,
    sources: { ...sources, panelHostname },
    tokens: new UpstreamTokens({ ring, issuer: panelUrl, clock: sources.clock }),
    panelUrl,
  };
  const known = new KnownVisitors(options.sources);
  return {
    server: createForwardAuthServer(options, known),
    secure: cert && key ? new SecureForwardAuth(options, known, { cert, key }) : null,
  };
}
