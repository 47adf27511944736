import { createPublicKey, generateKeyPairSync, type KeyObject, sign, X509Certificate } from "node:crypto";
import { request as httpsRequest } from "node:https";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { KubeObject } from "../api/object.ts";
import { type Cluster, createCluster } from "./cluster.ts";
import { bitString, integer, objectIdentifier, sequence, set, tagged, utf8String } from "./pki/der.ts";

const requests = {
  group: "certificates.k8s.io",
  version: "v1",
  resource: "certificatesigningrequests",
};
const bindings = { group: "rbac.authorization.k8s.io", version: "v1", resource: "clusterrolebindings" };

let cluster: Cluster;
const errors: unknown[] = [];
beforeAll(async () => {
  cluster = await createCluster({ onError: (error) => errors.push(error) });
});
afterAll(async () => {
  await cluster.close();
  expect(errors).toEqual([]);
});

/** A PKCS #10 request, PEM in base64. */
function requestFor(
  { privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject },
  names: [oid: string, value: string][],
): string {
  const subject = sequence(
    ...names.map(([oid, value]) => set(sequence(objectIdentifier(oid), utf8String(value)))),
  );
  const key = publicKey.export({ type: "spki", format: "der" });
  const body = sequence(integer(Buffer.from([0])), subject, key, tagged(0));
  const signature = sign("sha256", body, privateKey);
  const der = sequence(body, sequence(objectIdentifier("1.2.840.10045.4.3.2")), bitString(signature));
  const lines = der.toString("base64").match(/.{1,64}/g)!;
  const pem = ["-----BEGIN CERTIFICATE REQUEST-----", ...lines, "-----END CERTIFICATE REQUEST-----", ""];
  return Buffer.from(pem.join("\n")).toString("base64");
}

const commonName = "2.5.4.3";
const organization = "2.5.4.10";
const newKey = () => generateKeyPairSync("ec", { namedCurve: "P-256" });

interface Request {
  status?: { certificate?: string; conditions?: { type: string; reason: string; message: string }[] };
}

async function ask(name: string, signer: string, usages: string[], request: string, more: object = {}) {
  const signerName = `kubernetes.io/${signer}`;
  await cluster.client.create(requests, {
    ...{ kind: "CertificateSigningRequest", apiVersion: "certificates.k8s.io/v1", metadata: { name } },
    spec: { signerName, usages, request, ...more },
  } as KubeObject);
}

async function approve(name: string): Promise<void> {
  const conditions = [{ type: "Approved", status: "True", reason: "Fine", message: "it is" }];
  const current = await cluster.client.get(requests, name);
  await cluster.client.update(requests, { ...current, status: { conditions } } as KubeObject, {
    subresource: "approval",
  });
}

const statusOf = async (name: string) =>
  ((await cluster.client.get(requests, name)) as KubeObject & Request).status ?? {};

const issued = (name: string) =>
  vi.waitFor(
    async () => {
      const { certificate } = await statusOf(name);
      expect(certificate).toBeDefined();
      return Buffer.from(certificate!, "base64").toString();
    },
    { timeout: 10_000, interval: 5 },
  );

/** Who the server says that the holder of a certificate is. */
function whoIs(cert: string, key: KeyObject): Promise<{ username: string; groups: string[] }> {
  const body = JSON.stringify({ kind: "SelfSubjectReview", apiVersion: "authentication.k8s.io/v1" });
  const options = {
    ...{ method: "POST", cert, key: key.export({ type: "pkcs8", format: "pem" }), rejectUnauthorized: false },
    headers: { "Content-Type": "application/json" },
  };
  return new Promise((resolve, reject) => {
    const url = `${cluster.url}/apis/authentication.k8s.io/v1/selfsubjectreviews`;
    const outgoing = httpsRequest(url, options, async (response) => {
      const text = (await response.setEncoding("utf8").toArray()).join("");
      resolve(JSON.parse(text).status.userInfo);
    });
    outgoing.on("error", reject).end(body);
  });
}

test("an approved request becomes a certificate that logs in", async () => {
  const pair = newKey();
  const subject: [string, string][] = [
    [organization, "developers"],
    [commonName, "jane"],
  ];
  const usages = ["digital signature", "client auth"];
  await ask("jane", "kube-apiserver-client", usages, requestFor(pair, subject), { expirationSeconds: 3600 });
  expect(await statusOf("jane")).not.toHaveProperty("certificate");
  await approve("jane");
  const pem = await issued("jane");
  const certificate = new X509Certificate(pem);
  expect(certificate.publicKey.equals(createPublicKey(pair.privateKey))).toBe(true);
  expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
  const life = certificate.validToDate.getTime() - certificate.validFromDate.getTime();
  expect(life).toBe(3_600_000 + 300_000);
  const { username, groups } = await whoIs(pem, pair.privateKey);
  expect([username, groups]).toEqual(["jane", ["developers", "system:authenticated"]]);
});

test("what a signer does not sign fails with its reason", async () => {
  const request = requestFor(newKey(), [[commonName, "jane"]]);
  await ask("server", "kube-apiserver-client", ["server auth"], request);
  await ask("nobody", "kubelet-serving", ["digital signature", "server auth"], request);
  for (const [name, message] of [
    ["server", "invalid usage for client certificate: server auth"],
    ["nobody", "subject organization is not system:nodes"],
  ] as const) {
    await approve(name);
    await vi.waitFor(async () => {
      const { conditions, certificate } = await statusOf(name);
      expect(conditions?.[1]).toMatchObject({ type: "Failed", reason: "SignerValidationFailure", message });
      expect(certificate).toBeUndefined();
    }, 5000);
  }
});

test("a kubelet's request is approved as soon as it may be", async () => {
  const pair = newKey();
  const subject: [string, string][] = [
    [organization, "system:nodes"],
    [commonName, "system:node:a"],
  ];
  const usages = ["digital signature", "client auth"];
  await ask("kubelet", "kube-apiserver-client-kubelet", usages, requestFor(pair, subject));
  const role = "system:certificates.k8s.io:certificatesigningrequests:nodeclient";
  await cluster.client.create(bindings, {
    ...{
      kind: "ClusterRoleBinding",
      apiVersion: "rbac.authorization.k8s.io/v1",
      metadata: { name: "nodes" },
    },
    subjects: [{ kind: "Group", apiGroup: bindings.group, name: "system:authenticated" }],
    roleRef: { kind: "ClusterRole", apiGroup: bindings.group, name: role },
  } as KubeObject);
  const pem = await issued("kubelet");
  expect((await statusOf("kubelet")).conditions?.[0]).toMatchObject({
    ...{ type: "Approved", reason: "AutoApproved" },
    message: "Auto approving kubelet client certificate after SubjectAccessReview.",
  });
  expect((await whoIs(pem, pair.privateKey)).username).toBe("system:node:a");
});
