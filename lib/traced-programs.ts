/** Programs that send spans, by the name after `causeway-`. Apart from the schemas: pages load those only when they ask. */
export const TRACED_PROGRAMS = ["traefik", "web", "proxy-auth", "controller", "node-agent"] as const;
