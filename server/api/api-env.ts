/** What our middleware leaves for handlers. */
export type ApiEnv = { Variables: { requestId: string; userId?: string } };
