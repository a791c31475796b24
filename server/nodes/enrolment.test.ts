import "reflect-metadata";
import { webcrypto, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeJoinToken } from "#lib/join-token.ts";
import { createAgentSigner } from "#server/controller/sign-agent-certificate.ts";
import { addNode } from "#server/nodes/add-node.ts";
import { enrolNode } from "#server/nodes/enrol-node.ts";
import { inviteNode } from "#server/nodes/invite-node.ts";
import { listFleet } from "#server/nodes/list-fleet.ts";
import { getNode, listNodes } from "#server/nodes/list-nodes.ts";
import { removeNode } from "#server/nodes/remove-node.ts";
import { type SignAgent, signEnrolments } from "#server/nodes/sign-enrolments.ts";
import { getUserSecrets } from "#server/users/get-user-secrets.ts";
import { issueCa } from "#stack/pki/issue.ts";
import { makeApi, makeVisitor, makeWebRuntime, write } from "#test/api.ts";
import { cliContext, preparePlatform, systemContext, userContext } from "#test/database.ts";
import { makeNode, makeUser, trailOf } from "#test/made.ts";

const platform = preparePlatform();
const dir = mkdtempSync(join(tmpdir(), "causeway-enrol-"));
const ctx = cliContext();
let ca: string;
let sign: SignAgent;

beforeAll(async () => {
  const pem = await issueCa("CN=test node CA", 10);
  ca = pem.certificate;
  writeFileSync(join(dir, "ca.crt"), pem.certificate);
  writeFileSync(join(dir, "ca.key"), pem.key);
  sign = createAgentSigner({ caFile: join(dir, "ca.crt"), caKeyFile: join(dir, "ca.key") });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function makeCsr(name = "CN=controller", curve = "P-256"): Promise<string> {
  const algorithm = { name: "ECDSA", namedCurve: curve, hash: "SHA-256" };
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as CryptoKeyPair;
  const names = new x509.SubjectAlternativeNameExtension([{ type: "dns", value: "controller" }]);
  const csr = await x509.Pkcs10CertificateRequestGenerator.create({
    name,
    keys,
    signingAlgorithm: algorithm,
    extensions: [names],
  });
  return csr.toString("pem");
}
const run = () => signEnrolments({ ctx: systemContext(), sign });
async function enrol(secret: string, csr: string) {
  const asked = enrolNode({ input: { secret, csr }, patienceMs: 3_000 });
  asked.catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await run();
  return asked;
}

describe("a node that joins", () => {
  it("waits unseen until its machine has come, and gets a certificate for its own id whatever the CSR says", async () => {
    const user = await makeUser();
    const links = async () => (await getUserSecrets({ ctx, ref: user.id })).vlessLinks.join(" ");
    let added = { id: "", secret: "" };
    const trail = await trailOf(platform.db, async () => {
      added = await addNode({ ctx, input: { name: "oslo", address: "203.0.113.20", agentPort: 9104 } });
    });
    expect(trail).toMatchObject({
      audit: [{ action: "node.add", targetName: "oslo" }],
      changes: [{ kind: "inbound", ids: [added.id] }],
    });
    expect(await getNode({ ctx, ref: "oslo" })).toMatchObject({
      enrolment: { isPending: true },
      isUp: false,
    });
    expect(await links()).not.toContain("203.0.113.20");
    expect((await listFleet()).map(({ name }) => name)).not.toContain("oslo");

    const answer = await enrol(added.secret, await makeCsr());
    expect(answer.node).toEqual({
      id: added.id,
      name: "oslo",
      address: "203.0.113.20",
      port: 8443,
      agentPort: 9104,
    });
    const certificate = new X509Certificate(answer.certificate);
    expect(certificate.subjectAltName).toBe(`DNS:${added.id}.node.causeway.internal`);
    expect(certificate.checkHost("controller")).toBeUndefined();
    // Server authentication only: no agent takes it for a client.
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
    expect(certificate.ca).toBe(false);
    expect(certificate.verify(new X509Certificate(ca).publicKey)).toBe(true);

    expect(await listFleet()).toContainEqual(
      expect.objectContaining({ name: "oslo", certificateName: `${added.id}.node.causeway.internal` }),
    );
    expect(await links()).toContain("203.0.113.20:8443");
    expect(await getNode({ ctx, ref: "oslo" })).toMatchObject({ enrolment: { isPending: false } });
    const where = { action: "node.join", targetName: "oslo" };
    expect(await platform.db.auditEntry.count({ where })).toBe(1);
  });

  it("uses a token once: the same CSR hears the same answer, another one is refused", async () => {
    const { secret } = await addNode({ ctx, input: { name: "once", address: "n.example" } });
    const csr = await makeCsr();
    const first = await enrol(secret, csr);
    expect(await enrol(secret, csr)).toEqual(first);
    await expect(enrol(secret, await makeCsr())).rejects.toMatchObject({ code: "GONE" });
    await expect(enrol("x".repeat(43), csr)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  });

  it("refuses a token that has ended, one that a newer one replaced, and one of a node taken out", async () => {
    const { id, secret } = await addNode({ ctx, input: { name: "late", address: "n.example" } });
    await platform.db.nodeEnrolment.update({ where: { nodeId: id }, data: { expiresAt: new Date() } });
    await expect(enrol(secret, await makeCsr())).rejects.toMatchObject({ code: "GONE" });
    const again = await inviteNode({ ctx, ref: "late" });
    await expect(enrol(secret, await makeCsr())).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    await removeNode({ ctx, ref: "late" });
    await expect(enrol(again.secret, await makeCsr())).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    expect(await platform.db.node.findUnique({ where: { id } })).toBeNull();
  });

  it("signs no other kind of key, and says so; without the controller it says whom to look for", async () => {
    const { secret } = await addNode({ ctx, input: { name: "curve", address: "n.example" } });
    await expect(enrol(secret, await makeCsr("CN=x", "P-384"))).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: expect.stringContaining("P-256"),
    });
    const csr = await makeCsr();
    await expect(enrolNode({ input: { secret, csr }, patienceMs: 200 })).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining("controller"),
    });
    await expect(enrol(secret, csr)).resolves.toMatchObject({ node: { name: "curve" } });
  });
});

describe("a node that is taken out", () => {
  it("leaves links and lists at once, and stays with the controller until it is empty", async () => {
    const user = await makeUser();
    const { id, secret } = await addNode({ ctx, input: { name: "gone", address: "198.51.100.7" } });
    await enrol(secret, await makeCsr());
    const trail = await trailOf(platform.db, () => removeNode({ ctx, ref: "gone" }));
    expect(trail).toMatchObject({
      audit: [{ action: "node.remove", targetName: "gone" }],
      changes: [{ kind: "inbound", ids: [id] }],
    });
    expect((await listNodes({ ctx })).map((node) => node.id)).not.toContain(id);
    expect((await getUserSecrets({ ctx, ref: user.id })).vlessLinks.join()).not.toContain("198.51.100.7");
    expect(await listFleet()).toContainEqual(expect.objectContaining({ id, removedAt: expect.any(Date) }));
    // The name is free again.
    await addNode({ ctx, input: { name: "gone", address: "198.51.100.8" } });
  });

  it("is never the installation's own, and nobody's but an operator's to take", async () => {
    const { id } = await makeNode("built-in");
    for (const work of [() => removeNode({ ctx, ref: "built-in" }), () => inviteNode({ ctx, ref: id })])
      await expect(work()).rejects.toMatchObject({ code: "CONFLICT" });
    const person = userContext({ role: "user" });
    for (const work of [
      () => removeNode({ ctx: person, ref: "built-in" }),
      () => inviteNode({ ctx: person, ref: id }),
      () => addNode({ ctx: person, input: { name: "mine", address: "n.example" } }),
    ])
      await expect(work()).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});

describe("the API", () => {
  it("answers a token that carries the address and the CA's fingerprint, and shows no secret afterwards", async () => {
    const pem = await issueCa("CN=web CA", 10);
    const file = join(dir, "web-ca.crt");
    writeFileSync(file, pem.certificate);
    const { env } = makeWebRuntime(platform);
    const api = makeApi(platform, { env: { ...env, WEB_CA_FILE: file } });
    const { cookie } = await makeVisitor("admin");
    const body = { name: "bergen", address: "203.0.113.9" };
    const response = await api.request("/api/v1/nodes", write("POST", cookie, body));
    expect(response.status).toBe(201);
    const { invite } = (await response.json()) as { invite: { token: string } };
    expect(decodeJoinToken(invite.token)).toEqual({
      url: "https://panel.test",
      caFingerprint: new X509Certificate(pem.certificate).fingerprint256.replaceAll(":", "").toLowerCase(),
      secret: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(await (await api.request("/api/v1/ca")).json()).toEqual({ certificate: pem.certificate });
    const shown = await (await api.request("/api/v1/nodes/bergen", { headers: { cookie } })).text();
    expect(shown).not.toContain(decodeJoinToken(invite.token)?.secret);
    const audit = await (await api.request("/api/v1/audit", { headers: { cookie } })).text();
    expect(audit).not.toContain(decodeJoinToken(invite.token)?.secret);
  });
});
