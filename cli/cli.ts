import type { ApiClient } from "#lib/api-client.ts";
import type { Terminal } from "./terminal.ts";

/** What every command gets. */
export type Cli = {
  terminal: Terminal;
  /** The checkout, and where its state is. */
  rootDir: string;
  dataDir: string;
  /** Opened when a command first needs it, so that help and `logs` work without a stack. */
  connect: (options: ConnectOptions) => Promise<ApiClient>;
  now: () => number;
};

export type ConnectOptions = { url?: string; tokenFile?: string; caFile?: string };
