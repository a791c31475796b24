/** The rooms of docs/architecture.md as lint. Each message says where the code belongs. */
const room = (path) => `^${path}`;
const forbid = (name, from, to, comment, extra = {}) => ({
  name,
  severity: "error",
  comment,
  from: { path: from, ...(extra.fromNot ? { pathNot: extra.fromNot } : {}) },
  to: { path: to, ...(extra.toNot ? { pathNot: extra.toNot } : {}) },
});
const PLATFORM =
  "^server/(log-files/[a-z-]+|env|db|redis|session-store|logger|metrics|quick-metrics|readiness|read-within|certificate-metrics|tracing|start-tracing|tracing-sdk|tracing-redaction|tracing-postgres|tracing-redis|errors|context|crypto|clock|answer-panel)\\.ts$";

export default {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      comment: "Break the cycle: move what both need into its own file.",
      from: {},
      to: { circular: true },
    },
    forbid(
      "lib-is-the-floor",
      room("lib/"),
      "^(app|components|server|stack|cli|test)/",
      "lib/ imports nothing of ours: move the code up, or the shared part into lib/.",
    ),
    {
      name: "lib-is-isomorphic",
      severity: "error",
      comment: "lib/ runs in the browser too: node:* belongs in server/.",
      from: { path: "^lib/", pathNot: "\\.test\\.ts$" },
      to: { dependencyTypes: ["core"] },
    },
    forbid(
      "components-stay-client",
      room("components/"),
      "^(server|app|stack|cli)/",
      "components/ take data through lib/api-client.ts, never from server/ (not even types: put the schema in lib/schemas).",
    ),
    forbid(
      "ui-has-no-domain",
      room("components/ui/"),
      "^components/(?!ui/)",
      "components/ui/ are primitives without domain words.",
    ),
    forbid(
      "cli-talks-rest",
      room("cli/"),
      "^(app|components|server|stack)/",
      "cli/ talks to the REST API through lib/.",
    ),
    forbid(
      "services-know-no-web",
      "^server/(?!sessions/|api/)",
      "^(next|react|next-auth)($|/)|node_modules/(next|react|next-auth)/",
      "Services know no HTTP or React: pass what you need in ctx or input.",
    ),
    forbid(
      "next-auth-behind-sessions",
      "^(app|components|lib|cli|stack|server/(?!sessions/))",
      "node_modules/next-auth/",
      "Only server/sessions imports next-auth, so that it can be replaced.",
    ),
    forbid(
      "no-db-in-the-doors",
      "^server/(proxy-auth|node-agent)/",
      "^server/(db\\.ts|generated/)",
      "proxy-auth and node-agent have no database: ask /internal or the controller.",
      { fromNot: "\\.test\\.ts$" },
    ),
    forbid(
      "doors-import-little",
      "^server/(proxy-auth|node-agent)/",
      "^server/",
      "A door imports server/xray, platform files and lib only.",
      { fromNot: "\\.test\\.ts$", toNot: `^server/(proxy-auth|node-agent|xray)/|${PLATFORM}` },
    ),
    forbid(
      "xray-is-pure",
      room("server/xray/"),
      "^server/(?!xray/)",
      "server/xray is knowledge about Xray: pure, on lib only.",
    ),
    forbid(
      "platform-stands-alone",
      PLATFORM,
      "^server/",
      "Platform files import lib and other platform files only.",
      { toNot: `${PLATFORM}|^server/generated/` },
    ),
    forbid(
      "stack-uses-platform",
      room("stack/"),
      "^(app|components|cli)/|^server/",
      "stack/ starts programs as processes; it may import platform files and server/xray.",
      { fromNot: "\\.test\\.ts$", toNot: `^server/xray/|${PLATFORM}` },
    ),
    forbid(
      "nothing-imports-app",
      "^(components|server|lib|cli|stack)/",
      "^app/",
      "app/ is routes only: move the code to components/ or server/.",
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(server/generated|server/xray/generated|\\.next)" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
      extensions: [".ts", ".tsx", ".mjs", ".js"],
    },
  },
};
