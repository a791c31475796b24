import type { z } from "zod";
import { type ApiClientOptions, type ApiRequest, readJson, sendApiRequest } from "./api-transport.ts";
import { CONFIG_FORMATS, type ConfigFormat } from "./config-formats.ts";
import type { MetricSeries } from "./metric-series.ts";
import {
  accessPolicySchema,
  accessPolicyVersionsSchema,
  accessTestSchema,
  type testAccessInputSchema,
  type updateAccessPolicyInputSchema,
} from "./schemas/access.ts";
import {
  type ChartQuery,
  chartSchema,
  type metricQuerySchema,
  type totalUsageQuerySchema,
} from "./schemas/chart.ts";
import {
  type connectionHistoryQuerySchema,
  connectionHistorySchema,
  connectionListSchema,
} from "./schemas/connection.ts";
import { grafanaSchema } from "./schemas/grafana.ts";
import {
  type changeMembersInputSchema,
  type createGroupInputSchema,
  groupListSchema,
  groupSchema,
  type updateGroupInputSchema,
} from "./schemas/group.ts";
import { type JobName, jobListSchema } from "./schemas/job.ts";
import { type LogQuery, logPageSchema, logProgramsSchema } from "./schemas/log.ts";
import {
  type AddNodeInput,
  addedNodeSchema,
  type EditNodeInput,
  nodeInviteSchema,
  webCaSchema,
} from "./schemas/node.ts";
import type {
  acceptInviteInputSchema,
  changePasswordInputSchema,
  createTokenInputSchema,
  loginInputSchema,
} from "./schemas/session.ts";
import {
  apiTokenListSchema,
  createdTokenSchema,
  inviteInfoSchema,
  meSchema,
  sessionListSchema,
} from "./schemas/session.ts";
import {
  auditPageSchema,
  type auditQuerySchema,
  nodeListSchema,
  nodeSchema,
  statusSchema,
} from "./schemas/status.ts";
import { type TraceQuery, traceListSchema, traceSchema } from "./schemas/trace.ts";
import { usageSchema } from "./schemas/usage.ts";
import type {
  CredentialKind,
  createUserInputSchema,
  ListUsersQuery,
  UpdateUserInput,
} from "./schemas/user.ts";
import { inviteSchema, userPageSchema, userSchema, userSecretsSchema } from "./schemas/user.ts";

export { CONFIG_FORMATS, type ConfigFormat };
export type ConfigFile = { fileName: string; contentType: string; body: string };
export type ApiClient = ReturnType<typeof createApiClient>;
type Call = { signal?: AbortSignal };

/**
 * One method for each route of /api/v1. `ref` is a user's id, name, or `me`. Answers are parsed with lib/schemas;
 * anything else throws ApiError (lib/api-error.ts). Writes without an answer resolve to undefined.
 */
export function createApiClient(options: ApiClientOptions) {
  const ask = async <T extends z.ZodType>(schema: T, request: ApiRequest): Promise<z.output<T>> =>
    readJson(await sendApiRequest(options, request), schema);
  const tell = async (request: ApiRequest): Promise<void> => {
    await sendApiRequest(options, request);
  };
  const get = <T extends z.ZodType>(schema: T, path: string, call: Call = {}, query?: ApiRequest["query"]) =>
    ask(schema, { method: "GET", path, query, signal: call.signal });
  const post = <T extends z.ZodType>(schema: T, path: string, body: unknown = {}) =>
    ask(schema, { method: "POST", path, body });
  const user = (ref: string, rest = "") => `/users/${encodeURIComponent(ref)}${rest}`;
  const group = (ref: string, rest = "") => `/groups/${encodeURIComponent(ref)}${rest}`;

  return {
    /** Signs in: 204 with the session cookie. RATE_LIMITED says when to try again. */
    login: (input: z.input<typeof loginInputSchema>) =>
      tell({ method: "POST", path: "/session", body: input }),
    logout: () => tell({ method: "DELETE", path: "/session" }),
    getMe: (call?: Call) => get(meSchema, "/me", call),

    listUsers: (query: Partial<ListUsersQuery> = {}, call?: Call) =>
      get(userPageSchema, "/users", call, query),
    createUser: (input: z.input<typeof createUserInputSchema>) => post(userSecretsSchema, "/users", input),
    getUser: (ref: string, call?: Call) => get(userSchema, user(ref), call),
    updateUser: (ref: string, body: UpdateUserInput) =>
      ask(userSchema, { method: "PATCH", path: user(ref), body }),
    deleteUser: (ref: string) => tell({ method: "DELETE", path: user(ref) }),
    /** Everybody's, or one user's. */
    listConnections: ({ ref, limit }: { ref?: string; limit?: number } = {}, call?: Call) =>
      get(connectionListSchema, ref === undefined ? "/connections" : user(ref, "/connections"), call, {
        limit,
      }),
    getConnectionHistory: (
      ref: string,
      query: Partial<z.output<typeof connectionHistoryQuerySchema>> = {},
      call?: Call,
    ) => get(connectionHistorySchema, user(ref, "/connections/history"), call, query),
    endConnection: (id: string) => tell({ method: "DELETE", path: `/connections/${encodeURIComponent(id)}` }),
    disableUser: (ref: string) => post(userSchema, user(ref, "/disable")),
    enableUser: (ref: string) => post(userSchema, user(ref, "/enable")),
    /** Usage back to zero. */
    resetUser: (ref: string) => post(userSchema, user(ref, "/reset")),
    rotateUser: (ref: string, input: { only?: CredentialKind } = {}) =>
      post(userSecretsSchema, user(ref, "/rotate"), input),
    inviteUser: (ref: string) => post(inviteSchema, user(ref, "/invite")),
    /** The secrets of a user; each call leaves an audit row. */
    getUserLinks: (ref: string, call?: Call) => get(userSecretsSchema, user(ref, "/links"), call),
    getUsage: (ref: string, query: { from?: string; to?: string } = {}, call?: Call) =>
      get(usageSchema, user(ref, "/usage"), call, query),
    getUsageSeries: (ref: string, query: ChartQuery = {}, call?: Call) =>
      get(chartSchema, user(ref, "/usage/series"), call, query),
    getTotalUsageSeries: (query: z.input<typeof totalUsageQuerySchema> = {}, call?: Call) =>
      get(chartSchema, "/usage/series", call, query),
    /** A line for each id, two weeks by day. */
    listUsersUsage: (ids: readonly string[], call?: Call) =>
      get(chartSchema, "/usage/users", call, { ids: ids.join(",") }),
    /** UNAVAILABLE while Prometheus is away. */
    getMetricSeries: (series: MetricSeries, query: z.input<typeof metricQuerySchema> = {}, call?: Call) =>
      get(chartSchema, `/metrics/${series}`, call, query),
    getUserConfig: (ref: string, format: ConfigFormat) => getConfig(options, user(ref, "/config"), format),
    changePassword: (input: z.input<typeof changePasswordInputSchema>) =>
      tell({ method: "POST", path: "/users/me/password", body: input }),
    listSessions: (call?: Call) => get(sessionListSchema, "/users/me/sessions", call),
    revokeSession: (id: string) =>
      tell({ method: "DELETE", path: `/users/me/sessions/${encodeURIComponent(id)}` }),

    listTokens: (call?: Call) => get(apiTokenListSchema, "/tokens", call),
    /** The token itself is in this answer only. */
    createToken: (input: z.input<typeof createTokenInputSchema>) =>
      post(createdTokenSchema, "/tokens", input),
    revokeToken: (id: string) => tell({ method: "DELETE", path: `/tokens/${encodeURIComponent(id)}` }),

    listNodes: (call?: Call) => get(nodeListSchema, "/nodes", call),
    getNode: (ref: string, call?: Call) => get(nodeSchema, `/nodes/${encodeURIComponent(ref)}`, call),
    /** The join token is in this answer only. */
    addNode: (input: AddNodeInput) => post(addedNodeSchema, "/nodes", input),
    inviteNode: (ref: string) => post(nodeInviteSchema, `/nodes/${encodeURIComponent(ref)}/invite`),
    editNode: (ref: string, body: EditNodeInput) =>
      ask(nodeSchema, { method: "PATCH", path: `/nodes/${encodeURIComponent(ref)}`, body }),
    removeNode: (ref: string) => tell({ method: "DELETE", path: `/nodes/${encodeURIComponent(ref)}` }),
    listGroups: (call?: Call) => get(groupListSchema, "/groups", call),
    getGroup: (ref: string, call?: Call) => get(groupSchema, group(ref), call),
    createGroup: (input: z.input<typeof createGroupInputSchema>) => post(groupSchema, "/groups", input),
    updateGroup: (ref: string, body: z.input<typeof updateGroupInputSchema>) =>
      ask(groupSchema, { method: "PATCH", path: group(ref), body }),
    deleteGroup: (ref: string) => tell({ method: "DELETE", path: group(ref) }),
    changeGroupMembers: (ref: string, input: z.input<typeof changeMembersInputSchema>) =>
      post(groupSchema, group(ref, "/members"), input),
    getAccessPolicy: (call?: Call) => get(accessPolicySchema, "/access/rules", call),
    /** CONFLICT when somebody else changed the rules since `version`. */
    updateAccessPolicy: (input: z.input<typeof updateAccessPolicyInputSchema>) =>
      post(accessPolicySchema, "/access/rules", input),
    /** Newest first, without their rules. */
    listAccessPolicyVersions: (call?: Call) =>
      get(accessPolicyVersionsSchema, "/access/rules/versions", call),
    getAccessPolicyVersion: (version: number, call?: Call) =>
      get(accessPolicySchema, `/access/rules/versions/${version}`, call),
    testAccess: (input: z.input<typeof testAccessInputSchema>) =>
      post(accessTestSchema, "/access/test", input),
    /** Public: what signs the panel's certificate. */
    getCa: (call?: Call) => get(webCaSchema, "/ca", call),
    getStatus: (call?: Call) => get(statusSchema, "/status", call),
    getGrafana: (call?: Call) => get(grafanaSchema, "/grafana", call),
    listAudit: (query: Partial<z.output<typeof auditQuerySchema>> = {}, call?: Call) =>
      get(auditPageSchema, "/audit", call, query),
    /** Newest first. While one follows them: GET /logs/stream, server-sent events. */
    listLogs: (query: LogQuery = {}, call?: Call) => get(logPageSchema, "/logs", call, query),
    listLogPrograms: (call?: Call) => get(logProgramsSchema, "/logs/programs", call),

    /** Recent ones, newest first. UNAVAILABLE while Jaeger is silent. */
    listTraces: (query: TraceQuery = {}, call?: Call) => get(traceListSchema, "/traces", call, query),
    getTrace: (id: string, call?: Call) => get(traceSchema, `/traces/${id}`, call),
    listJobs: (call?: Call) => get(jobListSchema, "/jobs", call),
    runJob: (name: JobName) => tell({ method: "POST", path: `/jobs/${name}/run`, body: {} }),

    /** Public: whom the invite is for. GONE when used or too old. */
    getInvite: (token: string, call?: Call) =>
      get(inviteInfoSchema, `/invites/${encodeURIComponent(token)}`, call),
    /** Public: sets the panel password; sign in afterwards with the name from getInvite. */
    acceptInvite: (token: string, body: z.input<typeof acceptInviteInputSchema>) =>
      tell({ method: "POST", path: `/invites/${encodeURIComponent(token)}`, body }),
  };
}

async function getConfig(options: ApiClientOptions, path: string, format: ConfigFormat): Promise<ConfigFile> {
  const response = await sendApiRequest(options, { method: "GET", path, query: { format } });
  const disposition = response.headers.get("content-disposition") ?? "";
  return {
    fileName: /filename="([^"]+)"/.exec(disposition)?.[1] ?? `causeway-${format}.txt`,
    contentType: response.headers.get("content-type") ?? "text/plain",
    body: await response.text(),
  };
}
