type Operation = {
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: { name: string; in: string; required?: boolean; description?: string }[];
  requestBody?: { content: { "application/json": { schema: unknown; example?: unknown } } };
  responses: Record<string, { content?: Record<string, { schema?: unknown }> }>;
};
type Document = {
  info: { title: string; version: string; description?: string };
  servers?: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, unknown> };
};

const escapeHtml = (text: string) =>
  text.replaceAll(
    /[&<>"]/g,
    (char) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[char] ?? char,
  );
const json = (value: unknown) => `<pre>${escapeHtml(JSON.stringify(value, null, 2))}</pre>`;
const words = (text = "") =>
  escapeHtml(text)
    .replaceAll(/`([^`]+)`/g, "<code>$1</code>")
    .replaceAll("\n\n", "<br>");

const STYLE = `:root{color-scheme:light dark;--line:light-dark(#e3e5e9,#2c3037);--soft:light-dark(#f6f7f9,#16181c)}
body{font:15px/1.55 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:2rem 1.25rem 5rem}
h1{font-size:1.6rem}h2{margin-top:2.5rem;border-bottom:1px solid var(--line);padding-bottom:.3rem}
details{border:1px solid var(--line);border-radius:8px;margin:.5rem 0;padding:.6rem .9rem}
summary{cursor:pointer}code,pre{font:13px/1.5 ui-monospace,monospace}pre{background:var(--soft);padding:.8rem;border-radius:6px;overflow:auto;max-height:24rem}
.method{display:inline-block;min-width:4rem;font-weight:600}.path{overflow-wrap:anywhere}.what{opacity:.75;margin-inline-start:.75rem}
table{border-collapse:collapse}td{padding:.15rem 1rem .15rem 0;vertical-align:top}`;

/** The OpenAPI document as one page for people: no scripts, nothing from elsewhere. */
export function docsPage(document: unknown): string {
  const api = document as Document;
  const groups = new Map<string, string[]>();
  for (const [path, operations] of Object.entries(api.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const tag = operation.tags?.[0] ?? "Other";
      groups.set(tag, [...(groups.get(tag) ?? []), renderOperation(method, path, operation)]);
    }
  }
  const server = api.servers?.[0]?.url ?? "";
  const sections = [...groups].map(
    ([tag, items]) => `<section><h2>${escapeHtml(tag)}</h2>${items.join("")}</section>`,
  );
  const schemas = Object.entries(api.components?.schemas ?? {}).map(
    ([name, schema]) =>
      `<details id="${escapeHtml(name)}"><summary><code>${escapeHtml(name)}</code></summary>${json(schema)}</details>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(api.info.title)} API</title><style>${STYLE}</style></head><body><main>
<h1>${escapeHtml(api.info.title)} API <small>${escapeHtml(api.info.version)}</small></h1><p>${words(api.info.description)}</p>
<p>Base address <code>${escapeHtml(server)}</code>, machine-readable: <a href="/api/v1/openapi.json">openapi.json</a>.</p>
<pre>curl ${escapeHtml(server)}/users -H "Authorization: Bearer cwy_…"</pre>
${sections.join("\n")}<section><h2>Schemas</h2>${schemas.join("")}</section></main></body></html>`;
}

function renderOperation(method: string, path: string, operation: Operation): string {
  const rows = (operation.parameters ?? []).map(
    (item) =>
      `<tr><td><code>${escapeHtml(item.name)}</code></td><td>${escapeHtml(item.in)}${item.required ? ", required" : ""}</td><td>${words(item.description)}</td></tr>`,
  );
  const body = operation.requestBody?.content["application/json"];
  const answers = Object.entries(operation.responses).map(([status, answer]) => {
    const schema = Object.values(answer.content ?? {})[0]?.schema;
    return `<tr><td><code>${escapeHtml(status)}</code></td><td>${schemaLink(schema)}</td></tr>`;
  });
  return `<details><summary><code><span class="method">${method.toUpperCase()}</span><span class="path">${escapeHtml(path)}</span></code><span class="what">${words(operation.summary)}</span></summary>
<p>${words(operation.description)}</p>${rows.length > 0 ? `<table>${rows.join("")}</table>` : ""}
${body ? `<p>Body: ${schemaLink(body.schema)}</p>${body.example === undefined ? "" : json(body.example)}` : ""}
<table>${answers.join("")}</table></details>`;
}

function schemaLink(schema: unknown): string {
  const ref = typeof schema === "object" && schema !== null && "$ref" in schema ? String(schema.$ref) : "";
  const name = ref.split("/").at(-1) ?? "";
  if (name !== "") return `<a href="#${escapeHtml(name)}"><code>${escapeHtml(name)}</code></a>`;
  return schema === undefined ? "no body" : "<code>text</code>";
}
