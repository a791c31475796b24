import { describe, expect, it } from "vitest";
import { dashboardRoutes } from "./dashboards.ts";
import { forwardAuthMiddleware } from "./dynamic.ts";

const routes = (grafana: string | null, jaeger: string | null) =>
  dashboardRoutes({
    host: "Host(`panel.test`)",
    dashboards: { grafana, jaeger },
    forwardAuth: (query) => forwardAuthMiddleware("127.0.0.1:9001", query),
  });

describe("routes of Grafana and Jaeger", () => {
  it("exist only for what the installation has", () => {
    expect(routes(null, null)).toEqual({ routers: {}, middlewares: {}, services: {} });
    expect(Object.keys(routes("http://127.0.0.1:3000", null).routers)).toEqual(["grafana"]);
    expect(Object.keys(routes(null, "http://127.0.0.1:16686").routers)).toEqual(["jaeger"]);
  });

  it("ask proxy-auth first, and only Grafana's gets a token, for Grafana", () => {
    const { routers, middlewares } = routes("http://grafana:3000", "http://jaeger:16686");
    for (const name of ["grafana", "jaeger"]) {
      const [first] = (routers[name] as { middlewares: string[] }).middlewares;
      expect(first).toBe(`forward-auth-${name}`);
    }
    const addresses = Object.entries(middlewares).flatMap(([name, settings]) =>
      "forwardAuth" in settings ? [[name, (settings.forwardAuth as { address: string }).address]] : [],
    );
    expect(Object.fromEntries(addresses)).toEqual({
      "forward-auth-grafana": "http://127.0.0.1:9001/forward-auth?audience=grafana",
      "forward-auth-jaeger": "http://127.0.0.1:9001/forward-auth",
    });
  });
});
