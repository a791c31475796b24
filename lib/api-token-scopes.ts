export const apiTokenScopes = ["read", "write", "forward-auth"] as const;
