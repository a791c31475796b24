import type { NodeInfo, Status } from "#lib/schemas/status.ts";

/** `unready`: it runs and answers, and cannot do its job now. `unknown`: nobody could be asked. */
export type ProgramState = "up" | "unready" | "down" | "unknown";
export type ProgramLine = { name: string; state: ProgramState; detail: string | null };

export type CertificateEnd = { name: string; endsAt: string; daysLeft: number };
export type DiskSpace = { path: string; freeBytes: number; totalBytes: number };
export type Rates = Record<
  "vpn" | "http" | "socks",
  { upBytesPerSecond: number; downBytesPerSecond: number }
>;

/** What needs somebody: in words, and what to do, with the exact command where there is one. */
export type Problem = { severity: "down" | "warning"; what: string; action: string };

/** Everything `vpn status` knows. `status` and `nodes` are null when the panel does not answer. */
export type StatusReport = {
  isWell: boolean;
  url: string;
  at: string;
  panelError: string | null;
  status: Status | null;
  nodes: NodeInfo[] | null;
  programs: ProgramLine[];
  rates: Rates | null;
  certificates: CertificateEnd[];
  disks: DiskSpace[];
  versions: Record<string, string>;
  problems: Problem[];
};
