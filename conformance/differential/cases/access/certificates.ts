import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Conversation, test } from "../../conversation.ts";
import { CERTIFICATE_REQUEST, MASTERS_REQUEST } from "../../csr.ts";
import type { JsonObject } from "../../json.ts";
import { named } from "../../objects.ts";

export const flags = [
  "--authorization-mode=RBAC",
  "--feature-gates=ClusterTrustBundle=true,ClusterTrustBundleProjection=true",
  "--runtime-config=certificates.k8s.io/v1beta1=true",
];

const REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
const BUNDLES = "/apis/certificates.k8s.io/v1beta1/clustertrustbundles";
const ROLES = "/apis/rbac.authorization.k8s.io/v1";
const LAG_MS = 400;
const trustBundle = readFileSync(join(import.meta.dirname, "../../../upstream/client-ca.pem"), "utf8");
const alice = { token: "alice-token" };

/** Gives alice rights, and waits until the authorizers know it. */
async function allow(t: Conversation, name: string, ...rules: JsonObject[]): Promise<void> {
  const metadata = { name };
  const apiVersion = "rbac.authorization.k8s.io/v1";
  await t.ask("POST", `${ROLES}/clusterroles`, { apiVersion, kind: "ClusterRole", metadata, rules });
  await t.ask("POST", `${ROLES}/clusterrolebindings`, {
    apiVersion,
    kind: "ClusterRoleBinding",
    metadata,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
    subjects: [{ kind: "User", name: "alice", apiGroup: "rbac.authorization.k8s.io" }],
  });
  t.leftovers.add(`${ROLES}/clusterroles/${name}`);
  t.leftovers.add(`${ROLES}/clusterrolebindings/${name}`);
  await t.pause(LAG_MS);
}

const rule = (resources: string[], verbs: string[], resourceNames?: string[]): JsonObject => ({
  apiGroups: ["certificates.k8s.io"],
  resources,
  verbs,
  ...(resourceNames ? { resourceNames } : {}),
});

const csr = (name: string, signerName: string, request = CERTIFICATE_REQUEST): JsonObject =>
  named("certificates.k8s.io/v1", "CertificateSigningRequest", name, {
    spec: { request, signerName, usages: ["client auth"] },
  });

const approved = { type: "Approved", status: "True", reason: "r", message: "m" };

export const cases = [
  test("certificates: who may approve and sign", async (t) => {
    const path = `${REQUESTS}/rights-csr`;
    t.leftovers.add(path);
    const created = await t.post(REQUESTS, csr("rights-csr", "example.com/one"));
    await allow(
      t,
      "rights-csr",
      rule(["certificatesigningrequests/approval", "certificatesigningrequests/status"], ["update", "patch"]),
    );
    const approval = created.with({ "status.conditions": [approved], "metadata.resourceVersion": undefined });
    await t.put(`${path}/approval`, approval, alice);
    await t.put(`${path}/status`, created.with({ "metadata.resourceVersion": undefined }), alice);
    const failed = { type: "Failed", status: "True", reason: "r", message: "m" };
    const signing = created.with({ "status.conditions": [failed], "metadata.resourceVersion": undefined });
    await t.put(`${path}/status`, signing, alice);
    await allow(
      t,
      "rights-csr-one",
      rule(["signers"], ["approve"], ["example.com/one"]),
      rule(["signers"], ["sign"], ["example.com/*"]),
    );
    await t.put(`${path}/approval`, approval, { ...alice, query: { dryRun: "All" } });
    await t.put(`${path}/status`, signing, { ...alice, query: { dryRun: "All" } });
    await t.put(`${path}/approval`, approval);
  }),
  test("certificates: who may attest", async (t) => {
    const bundle = (name: string, signerName: string, more: JsonObject = {}): JsonObject => ({
      ...named("certificates.k8s.io/v1beta1", "ClusterTrustBundle", name, {
        spec: { signerName, trustBundle },
      }),
      metadata: { name, ...more },
    });
    await allow(t, "rights-bundle", rule(["clustertrustbundles"], ["create", "update", "patch", "get"]));
    await t.post(BUNDLES, bundle("example.com:one:a", "example.com/one"), alice);
    await t.post(
      BUNDLES,
      named("certificates.k8s.io/v1beta1", "ClusterTrustBundle", "rights-plain", { spec: { trustBundle } }),
      alice,
    );
    await t.post(BUNDLES, bundle("example.com:one:b", "example.com/one"));
    for (const name of ["rights-plain", "example.com:one:b"]) t.leftovers.add(`${BUNDLES}/${name}`);
    await t.patch(`${BUNDLES}/example.com:one:b`, { metadata: { finalizers: ["example.com/f"] } }, alice);
    await t.patch(`${BUNDLES}/example.com:one:b`, { metadata: { finalizers: [] } }, alice);
    await t.patch(`${BUNDLES}/example.com:one:b`, { metadata: { labels: { a: "b" } } }, alice);
    await allow(t, "rights-attest", rule(["signers"], ["attest"], ["example.com/*"]));
    await t.patch(`${BUNDLES}/example.com:one:b`, { metadata: { labels: { a: "b" } } }, alice);
  }),
  test("certificates: nobody becomes a master", async (t) => {
    const dry = { query: { dryRun: "All" } };
    await t.post(REQUESTS, csr("masters", "kubernetes.io/kube-apiserver-client", MASTERS_REQUEST), dry);
    await t.post(REQUESTS, csr("masters", "kubernetes.io/kube-apiserver-client"), dry);
    await t.post(REQUESTS, csr("masters", "example.com/one", MASTERS_REQUEST), dry);
  }),
];
