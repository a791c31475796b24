const TITLE = "PostgreSQL does not answer";
const TEXT =
  "Nothing can be shown or changed here until it is back. The doors stay open for the people they know, and nothing they use is lost. Whoever runs this server finds the reason with ./vpn status and ./vpn logs postgres.";

/** Colours and type of the panel, which cannot be rendered without its session. */
const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 Inter, system-ui, sans-serif; }
body { margin: 0; min-height: 100dvh; display: grid; place-items: center; background: light-dark(#fff, #101114); color: light-dark(#17181c, #eceef2); }
main { max-width: 26rem; padding: 1rem; }
p { color: light-dark(#565b66, #a6acb8); margin-block: .25rem 1rem; }
h1 { font-size: 1.25rem; margin: 0; }
a { color: inherit; font-weight: 500; }
`;

/** What people see in place of any page while Postgres is away; it tries again by itself. */
export function unavailableResponse(requestId: string): Response {
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${TITLE} · Causeway</title><style>${STYLE}</style><main><p>503</p><h1>${TITLE}</h1><p>${TEXT}</p><a href="">Try again</a><p><small>Request id: ${requestId}</small></p></main></html>`;
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "retry-after": "5",
    refresh: "5",
  };
  return new Response(html, { status: 503, headers });
}
