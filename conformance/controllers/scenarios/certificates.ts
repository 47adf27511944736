import assert from "node:assert/strict";
import {
  type Any,
  aWhile,
  base64,
  eventually,
  gone,
  inGroup,
  newCertificateRequest,
  type Scenario,
  userOf,
  type World,
} from "../world.ts";

const requests = inGroup("certificates.k8s.io", "certificatesigningrequests");
const bindings = inGroup("rbac.authorization.k8s.io", "clusterrolebindings");
const rbac = "rbac.authorization.k8s.io";
const kubelet = "kubernetes.io/kube-apiserver-client-kubelet";
const clients = "kubernetes.io/kube-apiserver-client";

const signingRequest = (name: string, request: string, signerName: string, usages: string[]): Any => ({
  ...{ kind: "CertificateSigningRequest", apiVersion: "certificates.k8s.io/v1", metadata: { name } },
  spec: { request, signerName, usages },
});

async function decide({ client }: World, name: string, condition: object): Promise<void> {
  const found = (await client.get(requests, name)) as Any;
  const conditions = [{ status: "True", reason: "Scenario", ...condition }];
  await client.update(requests, { ...found, status: { conditions } }, { subresource: "approval" });
}

const conditionsOf = async ({ client }: World, name: string): Promise<Any[]> =>
  ((await client.get(requests, name)) as Any).status?.conditions ?? [];

/** PEM. */
const issued = ({ client }: World, name: string): Promise<string> =>
  eventually(async () => {
    const { certificate } = ((await client.get(requests, name)) as Any).status ?? {};
    assert.ok(certificate, `${name} has no certificate`);
    return Buffer.from(certificate, "base64").toString();
  });

async function logIn(world: World, cert: string, key: string): Promise<Any> {
  const client = await world.as({ "client-certificate-data": base64(cert), "client-key-data": base64(key) });
  const user = await userOf(client);
  client.close();
  return user;
}

const long = 2 * 3_600_000;
const onceAnHour = "it looks once an hour only, and at first before it knows of any request";

export const certificateScenarios: readonly Scenario[] = [
  {
    name: "a kubelet's request is approved where its sender may, and its certificate is good to log in with",
    async play(world) {
      const { client } = world;
      const binding = (name: string, role: string, user: string): Any => ({
        metadata: { name },
        roleRef: { apiGroup: rbac, kind: "ClusterRole", name: role },
        subjects: [{ kind: "User", apiGroup: rbac, name: user }],
      });
      await client.create(bindings, binding("scenario-bootstrap", "system:node-bootstrapper", "bob"));
      const bob = await world.as({ token: "bob-token" });
      const { request, key } = newCertificateRequest(world.folder, "/O=system:nodes/CN=system:node:scenario");
      const usages = ["client auth", "digital signature"];
      await eventually(() => bob.create(requests, signingRequest("kubelet", request, kubelet, usages)));
      await aWhile();
      assert.deepEqual(await conditionsOf(world, "kubelet"), []);
      const role = "system:certificates.k8s.io:certificatesigningrequests:nodeclient";
      await client.create(bindings, binding("scenario-approve", role, "bob"));
      const cert = await issued(world, "kubelet");
      const [{ lastUpdateTime: _, lastTransitionTime: __, ...approved }] = await conditionsOf(
        world,
        "kubelet",
      );
      const message = "Auto approving kubelet client certificate after SubjectAccessReview.";
      assert.deepEqual(approved, { type: "Approved", status: "True", reason: "AutoApproved", message });
      const user = await logIn(world, cert, key);
      assert.equal(user.username, "system:node:scenario");
      assert.deepEqual(user.groups.toSorted(), ["system:authenticated", "system:nodes"]);
      bob.close();
    },
  },
  {
    name: "an approved request is signed for as long as it asks, an unapproved one is not",
    async play(world) {
      const { client, folder } = world;
      const { request, key } = newCertificateRequest(folder, "/O=developers/CN=carol");
      const asked = signingRequest("carol", request, clients, ["client auth", "digital signature"]);
      await client.create(requests, { ...asked, spec: { ...asked.spec, expirationSeconds: 3600 } });
      await aWhile();
      assert.deepEqual(((await client.get(requests, "carol")) as Any).status, {});
      await decide(world, "carol", { type: "Approved" });
      const cert = await issued(world, "carol");
      assert.equal((await logIn(world, cert, key)).username, "carol");
      const { X509Certificate } = await import("node:crypto");
      const { validFromDate, validToDate } = new X509Certificate(cert);
      const minutes = (validToDate.getTime() - validFromDate.getTime()) / 60_000;
      // From five minutes ago on.
      assert.equal(Math.round(minutes), 65);
    },
  },
  {
    name: "an approved request for what its signer does not sign fails",
    async play(world) {
      const { request } = newCertificateRequest(world.folder, "/CN=dave");
      await world.client.create(requests, signingRequest("dave", request, clients, ["server auth"]));
      await decide(world, "dave", { type: "Approved" });
      await eventually(async () => {
        const failed = (await conditionsOf(world, "dave")).find(({ type }) => type === "Failed");
        assert.deepEqual(
          [failed?.status, failed?.reason, failed?.message],
          ["True", "SignerValidationFailure", "invalid usage for client certificate: server auth"],
        );
      });
    },
  },
  {
    name: "requests that were settled long ago are deleted, others are not",
    notIn: {
      "upstream's on ours": onceAnHour,
      "upstream's on upstream's": onceAnHour,
      "ours on ours": "nothing is there before the controllers run",
    },
    async before(world) {
      const { client, folder } = world;
      const { request } = newCertificateRequest(folder, "/CN=eve");
      const lastUpdateTime = new Date(Date.now() - long).toISOString().replace(/\.\d+/, "");
      for (const name of ["old-denied", "old-approved", "new-denied"]) {
        await client.create(requests, signingRequest(name, request, "example.com/signer", ["client auth"]));
      }
      await decide(world, "old-denied", { type: "Denied", lastUpdateTime });
      await decide(world, "old-approved", { type: "Approved", lastUpdateTime });
      await decide(world, "new-denied", { type: "Denied" });
    },
    async play({ client }) {
      await gone(client, requests, "old-denied");
      const { items } = await client.list(requests);
      const names = items.map(({ metadata }) => metadata.name);
      assert.ok(names.includes("new-denied") && names.includes("old-approved"), `only ${names} are left`);
    },
  },
];
