import { expect, it } from "vitest";
import { onLoopback } from "#stack/addresses.ts";
import { usualPorts } from "#stack/ports.ts";
import { traefikDynamic } from "#stack/traefik/dynamic.ts";
import { traefikStatic } from "#stack/traefik/static.ts";

const ports = usualPorts();
const paths = { dynamicDirectory: "/d", accessLog: "/a" };
const routes = {
  publicHost: "vpn.test",
  realityServerName: "www.reality.test",
  addresses: onLoopback(ports),
  dashboards: { grafana: null, jaeger: null },
  certificate: () => ({ certFile: "c", keyFile: "k" }),
  forwardAuthCa: "ca",
};

it.each([true, false])("Traefik has the proxies' ports unless proxy-auth has them itself: %s", (isDirect) => {
  const { entryPoints } = traefikStatic(ports, onLoopback(ports), paths, null, isDirect);
  const { routers, services } = traefikDynamic({ ...routes, hasDirectDoors: isDirect }).tcp;
  const ofDoors = [...Object.keys(entryPoints), ...Object.keys(routers), ...Object.keys(services)].filter(
    (name) => /^(http|socks)-?proxy/.test(name),
  );
  expect(ofDoors).toHaveLength(isDirect ? 0 : 7);
  expect(Object.keys(routers)).toContain("vpn-edge");
});
