import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type JSONObject, search } from "@jmespath-community/jmespath";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { JWKS_MAX_AGE_SECONDS } from "#lib/schemas/jwks.ts";
import { jwksRoutes } from "#server/api/routes/jwks-routes.ts";
import { ROOT } from "#stack/paths.ts";
import { READER } from "#stack/postgres/reader.ts";
import { dashboards } from "./dashboards.ts";
import { POSTGRES, PROMETHEUS } from "./queries.ts";

const DIRECTORY = join(ROOT, "docker/grafana");
const text = (file: string) => readFileSync(join(DIRECTORY, file), "utf8");

/** Sections of key = value, as Grafana's parser reads them; values in three quotes are verbatim. */
function parseIni(source: string): Map<string, string> {
  const settings = new Map<string, string>();
  let section = "";
  for (const line of source.split("\n").map((raw) => raw.trim())) {
    if (line === "" || line.startsWith("#")) continue;
    const head = /^\[(.+)\]$/.exec(line)?.[1];
    if (head !== undefined) section = head;
    else {
      const [, key = "", value = ""] = /^(\w+)\s*=\s*(.*)$/.exec(line) ?? [];
      if (key === "") throw new Error(`not a setting: ${line}`);
      if (settings.has(`${section}.${key}`)) throw new Error(`twice: ${section}.${key}`);
      settings.set(`${section}.${key}`, value.replace(/^"""(.*)"""$/, "$1"));
    }
  }
  return settings;
}

describe("grafana.ini", () => {
  const ini = parseIni(text("grafana.ini"));

  it("has one way in, by our token", () => {
    const enabled = [...ini].filter(
      ([key, value]) => key.startsWith("auth") && key.endsWith(".enabled") && value === "true",
    );
    expect(enabled.map(([key]) => key)).toEqual(["auth.jwt.enabled"]);
    expect(Object.fromEntries(ini)).toMatchObject({
      "auth.disable_login_form": "true",
      "auth.basic.enabled": "false",
      "auth.anonymous.enabled": "false",
      "auth.proxy.enabled": "false",
      "auth.jwt.header_name": "Remote-Jwt",
      "auth.jwt.url_login": "false",
      "auth.jwt.role_attribute_strict": "true",
      "auth.jwt.allow_assign_grafana_admin": "false",
      "users.allow_sign_up": "false",
      "users.allow_org_create": "false",
      "snapshots.enabled": "false",
      "public_dashboards.enabled": "false",
      "sso_settings.configurable_providers": "",
    });
  });

  it("has no password and no key in it, and makes no account with one", () => {
    const secret = /password|secret|token|private/;
    const values = [...ini].filter(([key]) => secret.test(key.replace(/^auth\.jwt\./, "")));
    for (const [key, value] of values) expect(value, key).toMatch(/^\$__file\{\/run\/secrets\/[\w-]+\}$/);
    expect(ini.get("security.disable_initial_admin_creation")).toBe("true");
    expect(ini.get("security.secret_key")).toBe("$__file{/run/secrets/grafana-secret-key}");
    expect([...ini.keys()].some((key) => /admin_(user|password)/.test(key))).toBe(false);
  });

  it("checks issuer and audience, with keys that are fetched anew before a new one signs", () => {
    const panel = "https://panel.test";
    const claims = (ini.get("auth.jwt.expect_claims") ?? "").replace("$__env{PANEL_URL}", panel);
    expect(JSON.parse(claims)).toEqual({ iss: panel, aud: "grafana" });
    const url = (ini.get("auth.jwt.jwk_set_url") ?? "").replace("$__env{PANEL_URL}", panel);
    // Grafana refuses another scheme outside of its development mode.
    expect(url).toBe(`${panel}/api/v1${jwksRoutes[0]?.path}`);
    expect(Number.parseInt(ini.get("auth.jwt.cache_ttl") ?? "", 10)).toBeLessThanOrEqual(
      JWKS_MAX_AGE_SECONDS,
    );
  });

  it.each([
    ["owner", "Admin"],
    ["admin", "Editor"],
    ["user", false],
    ["Owner", false],
    ["", false],
    [["owner"], false],
    [undefined, false],
  ])("gives the role %s the role %s in Grafana", (role, expected) => {
    const claims = { sub: "1", name: "ada", groups: ["owner"], ...(role === undefined ? {} : { role }) };
    const found = search(claims as JSONObject, ini.get("auth.jwt.role_attribute_path") ?? "");
    expect(typeof found === "string" && found !== "" ? found : false).toBe(expected);
  });

  it("lets only pages of its own origin frame it, and runs no script without a nonce", () => {
    const policy = Object.fromEntries(
      (ini.get("security.content_security_policy_template") ?? "").split(";").map((directive) => {
        const [name = "", ...sources] = directive.trim().split(" ");
        return [name, sources];
      }),
    );
    expect(ini.get("security.content_security_policy")).toBe("true");
    expect(ini.get("security.allow_embedding")).toBe("true");
    expect(policy["frame-ancestors"]).toEqual(["'self'"]);
    expect(policy["object-src"]).toEqual(["'none'"]);
    expect(policy["script-src"]).toContain("$NONCE");
    expect(policy["script-src"]).not.toContain("'unsafe-inline'");
    expect(Object.fromEntries(ini)).toMatchObject({
      "security.cookie_secure": "true",
      "server.serve_from_sub_path": "true",
      "server.root_url": "$__env{PANEL_URL}/grafana/",
      "analytics.reporting_enabled": "false",
      "analytics.check_for_updates": "false",
    });
  });
});

describe("provisioning", () => {
  type Sources = {
    datasources: {
      uid: string;
      type: string;
      url: string;
      user?: string;
      jsonData: object;
      secureJsonData?: object;
    }[];
  };
  const { datasources } = parse(text("provisioning/datasources/causeway.yml")) as Sources;

  it("makes the data sources that dashboards name, and reads the database as the role that sees only views", () => {
    const made = datasources.map(({ uid, type }) => ({ uid, type }));
    expect(made).toEqual(
      [PROMETHEUS, POSTGRES, { uid: "causeway-jaeger", type: "jaeger" }].map(({ uid, type }) => ({
        uid,
        type,
      })),
    );
    const postgres = datasources.find(({ uid }) => uid === POSTGRES.uid);
    expect(postgres?.user).toBe(READER);
    expect(postgres?.secureJsonData).toEqual({ password: "$__file{/run/secrets/postgres-password-grafana}" });
  });

  it("finds the dashboards where they are mounted, the first of them as the start page", () => {
    const { providers } = parse(text("provisioning/dashboards/causeway.yml")) as {
      providers: { options: { path: string }; allowUiUpdates: boolean }[];
    };
    expect(providers[0]?.options.path).toBe("/etc/grafana/dashboards");
    expect(dashboards[0]?.uid).toBe("causeway-overview");
    expect(existsSync(join(DIRECTORY, "dashboards/overview.json"))).toBe(true);
  });

  const compose = join(ROOT, "docker-compose.yml");
  it.runIf(existsSync(compose))(
    "dials services of the compose file, and uses what it mounts and sets",
    () => {
      type Service = {
        environment?: Record<string, unknown> | string[];
        secrets?: unknown[];
        volumes?: unknown[];
      };
      const { services } = parse(readFileSync(compose, "utf8"), { merge: true }) as {
        services: Record<string, Service>;
      };
      const ports: Record<string, string> = { prometheus: "9090", postgres: "5432", jaeger: "16686" };
      for (const { url } of datasources) {
        const [, host = "", port = ""] = /^(?:http:\/\/)?([\w-]+):(\d+)/.exec(url) ?? [];
        expect(Object.keys(services)).toContain(host);
        expect(port).toBe(ports[host]);
      }
      const grafana = JSON.stringify(services.grafana ?? {});
      for (const needed of [
        "PANEL_URL",
        "JWKS_CA_FILE",
        "grafana-secret-key",
        "postgres-password-grafana",
        "/etc/grafana",
      ])
        expect(grafana, needed).toContain(needed);
    },
  );
});
