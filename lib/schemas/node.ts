import { z } from "zod";
import { timeSchema, uuidSchema } from "./common.ts";
import { nodeSchema } from "./status.ts";

const portSchema = z.number().int().min(1).max(65535);
const hostSchema = z
  .string()
  .min(1)
  .max(253)
  .regex(/^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|[0-9a-f:]+)$/i, "Write a name or an address, without a port.");
export const nodeNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "Use 1 to 63 of a–z, 0–9 and dash.")
  .refine((name) => !name.startsWith("removed-"), "Names do not begin with “removed-”.");

/** The node agent's own site for Reality, in place of a foreign one: `realityTarget` of an inbound. */
export const AGENT_SITE = "agent";
const realityTargetSchema = z
  .string()
  .max(255)
  .regex(/^(?:agent|\[?[a-z0-9.:-]+\]?:\d{1,5})$/i, "Write host:port, or “agent” for the agent's own site.");

/** `POST /nodes`: a node that another machine is going to be. */
export const addNodeInputSchema = z.strictObject({
  name: nodeNameSchema,
  /** Where VPN clients and the controller reach it. */
  address: hostSchema,
  port: portSchema.default(8443),
  agentPort: portSchema.default(9004),
  /** Left out: a name of its own that leads nowhere. */
  serverName: hostSchema.optional(),
  realityTarget: realityTargetSchema.default(AGENT_SITE),
});
export type AddNodeInput = z.input<typeof addNodeInputSchema>;

/** `PATCH /nodes/{node}`: what is left out stays as it is. */
export const editNodeInputSchema = addNodeInputSchema
  .pick({ address: true, port: true, agentPort: true })
  .partial();
export type EditNodeInput = z.input<typeof editNodeInputSchema>;

/** The token is in this answer only; whoever has it can become this node. */
export const nodeInviteSchema = z.object({ token: z.string(), expiresAt: timeSchema });
export const addedNodeSchema = z.object({ node: nodeSchema, invite: nodeInviteSchema });
export type AddedNode = z.infer<typeof addedNodeSchema>;

/** `POST /nodes/enrol`, by the machine that joins. Its private key stays there. */
export const enrolInputSchema = z.strictObject({
  secret: z.string().min(20).max(100),
  /** PEM, PKCS #10 over a P-256 key; names in it do not count. */
  csr: z.string().min(100).max(4_000),
});
export const enrolledSchema = z.object({
  /** PEM. */
  certificate: z.string(),
  /** The node CA, PEM: who shows a certificate of it named `controller` may command the agent. */
  ca: z.string(),
  node: z.object({
    id: uuidSchema,
    name: z.string(),
    address: z.string(),
    port: portSchema,
    agentPort: portSchema,
  }),
});
export type Enrolled = z.infer<typeof enrolledSchema>;

/** `GET /ca`: what signs the panel's certificate; null = a public CA. */
export const webCaSchema = z.object({ certificate: z.string().nullable() });
