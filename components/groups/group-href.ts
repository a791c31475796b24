export const groupHref = (name: string): string => `/access/groups/${encodeURIComponent(name)}`;
