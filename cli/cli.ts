import type { Terminal } from "./terminal.ts";

/** What every command gets. */
export type Cli = {
  terminal: Terminal;
  /** The checkout, and where its state is. */
  rootDir: string;
  dataDir: string;
  /** Where `vpn login` keeps what it got: $XDG_CONFIG_HOME/causeway. */
  configDir: string;
  /** CAUSEWAY_URL, CAUSEWAY_TOKEN and CAUSEWAY_CA: what the options of the same name are when left out. */
  env: { url?: string | undefined; token?: string | undefined; ca?: string | undefined };
  now: () => number;
  /** The installation this command talked to, for words about what went wrong. */
  target: Target | null;
};

export type ConnectOptions = { url?: string; token?: string; tokenFile?: string; ca?: string };

/** An installation and what opens it. `source` says who named it, for words about what went wrong. */
export type Target = {
  baseUrl: string;
  token: string;
  /** A CA certificate on top of the system's. */
  ca: string | null;
  source: "stack" | "login" | "given";
};
