import { connect } from "node:net";
import { create, type DescMessage, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { AddUserOperationSchema, HandlerService, RemoveUserOperationSchema } from "./generated/handler_pb.ts";
import { StatsService } from "./generated/stats_pb.ts";
import { AccountSchema } from "./generated/vless_pb.ts";

export type XrayUser = { email: string; vlessId: string };
export type XraySystem = {
  uptimeSeconds: number;
  goroutines: number;
  memoryBytes: number;
  traffic: { inbound: string; direction: "up" | "down"; bytes: number }[];
};
export type XrayClient = ReturnType<typeof createXrayClient>;

/** 100 000 users with two inbounds answer 16 MB of counters. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;

/**
 * Xray's gRPC API on its unix socket. Only VLESS accounts are ever sent, and no call is made without an operation:
 * a wrong account type or an empty operation crashes the core.
 */
export function createXrayClient({ socketPath }: { socketPath: string }) {
  const transport = createGrpcTransport({
    baseUrl: "http://xray",
    nodeOptions: { createConnection: () => connect(socketPath) },
    readMaxBytes: MAX_ANSWER_BYTES,
    defaultTimeoutMs: 10_000,
  });
  const handler = createClient(HandlerService, transport);
  const stats = createClient(StatsService, transport);

  return {
    /** Throws `already exists` when the e-mail is taken: the caller removes first. */
    async addUser(tag: string, user: XrayUser): Promise<void> {
      const account = pack(AccountSchema, { id: user.vlessId, flow: "xtls-rprx-vision" });
      await handler.alterInbound({
        tag,
        operation: pack(AddUserOperationSchema, { user: { level: 0, email: user.email, account } }),
      });
    },

    /** True when the user was there. Live connections go on: end them apart. */
    async removeUser(tag: string, email: string): Promise<boolean> {
      try {
        await handler.alterInbound({ tag, operation: pack(RemoveUserOperationSchema, { email }) });
        return true;
      } catch (error) {
        if (error instanceof ConnectError && /User .* not found/.test(error.rawMessage)) return false;
        throw error;
      }
    },

    async listUsers(tag: string): Promise<XrayUser[]> {
      const { users } = await handler.getInboundUsers({ tag });
      return users
        .filter((user) => user.email !== "")
        .map((user) => ({
          email: user.email,
          vlessId: user.account ? readVlessId(user.account.value) : "",
        }));
    },

    async countUsers(tag: string): Promise<number> {
      return Number((await handler.getInboundUsersCount({ tag })).count);
    },

    /** Absolute counters by e-mail since Xray started. A user without a connection so far has none. */
    async queryTraffic(): Promise<Map<string, { upBytes: number; downBytes: number }>> {
      const { stat } = await stats.queryStats({ pattern: "user>>>" });
      const traffic = new Map<string, { upBytes: number; downBytes: number }>();
      for (const { name, value } of stat) {
        const [, email, kind, direction] = name.split(">>>");
        if (email === undefined || kind !== "traffic") continue;
        let entry = traffic.get(email);
        if (!entry) {
          entry = { upBytes: 0, downBytes: 0 };
          traffic.set(email, entry);
        }
        entry[direction === "uplink" ? "upBytes" : "downBytes"] = Number(value);
      }
      return traffic;
    },

    /** Xray's own state; `traffic` by inbound since its start, Reality's overhead included. */
    async readSystem(): Promise<XraySystem> {
      const [sys, { stat }] = await Promise.all([
        stats.getSysStats({}, { timeoutMs: 700 }),
        stats.queryStats({ pattern: "inbound>>>" }, { timeoutMs: 700 }),
      ]);
      const traffic = stat.flatMap(({ name, value }) => {
        const [kind, inbound, , direction] = name.split(">>>");
        if (kind !== "inbound" || inbound === undefined || inbound === "api") return [];
        return [
          { inbound, direction: direction === "uplink" ? "up" : "down", bytes: Number(value) } as const,
        ];
      });
      return {
        uptimeSeconds: sys.uptime,
        goroutines: sys.numGoroutine,
        memoryBytes: Number(sys.sys),
        traffic,
      };
    },

    async getUptimeSeconds(): Promise<number> {
      return (await stats.getSysStats({}, { timeoutMs: 1000 })).uptime;
    },

    /** Who has a live connection, and from which addresses. Clients from loopback are left out by Xray. */
    async listOnline(): Promise<{ email: string; ips: string[] }[]> {
      const { users } = await stats.getUsersStats({});
      return users.map(({ email, ips }) => ({ email, ips: ips.map(({ ip }) => ip) }));
    },
  };
}

function pack<Desc extends DescMessage>(schema: Desc, value: MessageInitShape<Desc>) {
  return { type: schema.typeName, value: toBinary(schema, create(schema, value)) };
}

/** Field 1 of the account, read by hand: 100 000 users are listed every few seconds. */
function readVlessId(account: Uint8Array): string {
  if (account[0] !== 0x0a || account[1] !== 36) return "";
  return Buffer.from(account.buffer, account.byteOffset + 2, 36).toString("latin1");
}
