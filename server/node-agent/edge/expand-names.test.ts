import { expect, it } from "vitest";
import { expandNames } from "./expand-names.ts";

const addresses: Record<string, string[]> = { web: ["10.0.0.5", "10.0.0.3"], gone: [] };
const resolve = async (name: string) => addresses[name] ?? [];

it("makes one server of every address behind a name, in a steady order", async () => {
  const services = {
    http: { services: { web: { loadBalancer: { servers: [{ url: "http://web:9002" }] } } } },
    tcp: {
      services: { door: { loadBalancer: { serversTransport: "pp", servers: [{ address: "web:9011" }] } } },
    },
  };
  expect(await expandNames(services, resolve)).toEqual({
    http: {
      services: {
        web: {
          loadBalancer: { servers: [{ url: "http://10.0.0.3:9002" }, { url: "http://10.0.0.5:9002" }] },
        },
      },
    },
    tcp: {
      services: {
        door: {
          loadBalancer: {
            serversTransport: "pp",
            servers: [{ address: "10.0.0.3:9011" }, { address: "10.0.0.5:9011" }],
          },
        },
      },
    },
  });
});

it("keeps addresses, and names that nobody answers for", async () => {
  const services = { servers: [{ url: "http://gone:9002/x" }, { address: "127.0.0.1:1" }] };
  expect(await expandNames(services, resolve)).toEqual(services);
});

it("has replicas checked, and a single server not", async () => {
  const service = (name: string) => ({ healthCheck: { port: 1 }, servers: [{ url: `http://${name}:9002` }] });
  expect(await expandNames(service("web"), resolve)).toHaveProperty("healthCheck");
  expect(await expandNames(service("gone"), resolve)).not.toHaveProperty("healthCheck");
});
