import { request as httpsRequest } from "node:https";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { KubeObject } from "../api/object.ts";
import { signatureOf } from "../controllers/bootstrap-tokens/bootstrap-signer.ts";
import { type Cluster, createCluster } from "./cluster.ts";

const inside = (resource: string, namespace = "default") => ({
  group: "",
  version: "v1",
  resource,
  namespace,
});
const nodes = { group: "", version: "v1", resource: "nodes" };

interface Secret extends KubeObject {
  type?: string;
  data?: Record<string, string>;
}

let cluster: Cluster;
const errors: unknown[] = [];
beforeAll(async () => {
  const controllers = ["*", "token-cleaner-controller", "bootstrap-signer-controller"];
  cluster = await createCluster({ controllers, onError: (error) => errors.push(error) });
});
afterAll(async () => {
  await cluster.close();
  expect(errors).toEqual([]);
});

const soon = { timeout: 10_000, interval: 5 };
const text = (secret: Secret, key: string) => Buffer.from(secret.data?.[key] ?? "", "base64").toString();

async function tokenSecret(name: string, account: string): Promise<Secret> {
  await cluster.client.create(inside("secrets"), {
    ...{ kind: "Secret", apiVersion: "v1", type: "kubernetes.io/service-account-token" },
    metadata: { name, annotations: { "kubernetes.io/service-account.name": account } },
  } as KubeObject);
  return vi.waitFor(async () => {
    const secret: Secret = await cluster.client.get(inside("secrets"), name);
    expect(secret.data?.["token"]).toBeDefined();
    return secret;
  }, soon);
}

const isGone = (resource: ReturnType<typeof inside>, name: string) =>
  vi.waitFor(() => expect(cluster.client.get(resource, name)).rejects.toMatchObject({ code: 404 }), soon);

/** The status and the user that a token logs in as. */
function logIn(token: string): Promise<{ status: number | undefined; username?: string; warning?: string }> {
  const body = JSON.stringify({ kind: "SelfSubjectReview", apiVersion: "authentication.k8s.io/v1" });
  const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    const url = `${cluster.url}/apis/authentication.k8s.io/v1/selfsubjectreviews`;
    const outgoing = httpsRequest(
      url,
      { method: "POST", headers, rejectUnauthorized: false },
      async (response) => {
        const answer = JSON.parse((await response.setEncoding("utf8").toArray()).join(""));
        const { warning } = response.headers;
        const username = answer.status?.userInfo?.username;
        resolve({ status: response.statusCode, username, ...(warning === undefined ? {} : { warning }) });
      },
    );
    outgoing.on("error", reject).end(body);
  });
}

test("a secret for an account's token is filled, logs in, and remembers the day", async () => {
  const secret = await tokenSecret("filled", "default");
  expect(text(secret, "namespace")).toBe("default");
  expect(text(secret, "ca.crt")).toContain("BEGIN CERTIFICATE");
  const account = await cluster.client.get(inside("serviceaccounts"), "default");
  expect(secret.metadata.annotations?.["kubernetes.io/service-account.uid"]).toBe(account.metadata.uid);
  const user = { status: 201, username: "system:serviceaccount:default:default" };
  expect(await logIn(text(secret, "token"))).toEqual(user);
  const { metadata } = await cluster.client.get(inside("secrets"), "filled");
  expect(metadata.labels?.["kubernetes.io/legacy-token-last-used"]).toMatch(/^\d{4}-\d\d-\d\d$/);
  const emptied = { data: { token: null } };
  await cluster.client.patch(inside("secrets"), "filled", emptied, { type: "merge" });
  await vi.waitFor(async () => {
    expect(text(await cluster.client.get(inside("secrets"), "filled"), "token")).not.toBe("");
  }, soon);
});

test("a token that is marked invalid, or not its secret's, does not log in", async () => {
  const secret = await tokenSecret("marked", "default");
  const token = text(secret, "token");
  const labels = { "kubernetes.io/legacy-token-invalid-since": "2026-01-01" };
  await cluster.client.patch(inside("secrets"), "marked", { metadata: { labels } }, { type: "merge" });
  expect((await logIn(token)).status).toBe(401);
  const another = await tokenSecret("another", "default");
  await cluster.client.delete(inside("secrets"), "another");
  expect((await logIn(text(another, "token"))).status).toBe(401);
});

test("tokens go with their account, and accounts list no tokens that are gone", async () => {
  const accounts = inside("serviceaccounts");
  const robot = { kind: "ServiceAccount", apiVersion: "v1", metadata: { name: "robot" } };
  await cluster.client.create(accounts, {
    ...robot,
    secrets: [{ name: "listed" }, { name: "x" }],
  } as KubeObject);
  await tokenSecret("listed", "robot");
  await tokenSecret("kept", "robot");
  await cluster.client.delete(inside("secrets"), "listed");
  await vi.waitFor(async () => {
    const account = (await cluster.client.get(accounts, "robot")) as KubeObject & { secrets?: object[] };
    expect(account.secrets).toEqual([{ name: "x" }]);
  }, soon);
  await cluster.client.delete(accounts, "robot");
  await isGone(inside("secrets"), "kept");
});

test("bootstrap tokens sign the cluster's information until they are over, and then go", async () => {
  const token = (id: string, expiration: string) =>
    cluster.client.create(inside("secrets", "kube-system"), {
      ...{ kind: "Secret", apiVersion: "v1", type: "bootstrap.kubernetes.io/token" },
      metadata: { name: `bootstrap-token-${id}` },
      stringData: {
        ...{ "token-id": id, "token-secret": "0123456789abcdef", "usage-bootstrap-signing": "true" },
        expiration,
      },
    } as KubeObject);
  const info = { kind: "ConfigMap", apiVersion: "v1", metadata: { name: "cluster-info" } };
  const maps = inside("configmaps", "kube-public");
  await cluster.client.create(maps, { ...info, data: { kubeconfig: "content" } } as KubeObject);
  await token("aaaaaa", "2999-01-01T00:00:00Z");
  const signatures = (expected: object) =>
    vi.waitFor(async () => {
      const { data } = (await cluster.client.get(maps, "cluster-info")) as Secret;
      expect(data).toEqual({ kubeconfig: "content", ...expected });
    }, soon);
  const signature = signatureOf("content", "aaaaaa", "0123456789abcdef");
  expect(signature).toMatch(/^[\w-]+\.\.[\w-]+$/);
  await signatures({ "jws-kubeconfig-aaaaaa": signature });
  await token("bbbbbb", "2020-01-01T00:00:00Z");
  await isGone(inside("secrets", "kube-system"), "bootstrap-token-bbbbbb");
  await cluster.client.delete(inside("secrets", "kube-system"), "bootstrap-token-aaaaaa");
  await signatures({});
});

test("nodes are told how long they may keep what they read", async () => {
  await cluster.client.create(nodes, { kind: "Node", apiVersion: "v1", metadata: { name: "n" } });
  await vi.waitFor(async () => {
    const { metadata } = await cluster.client.get(nodes, "n");
    expect(metadata.annotations).toEqual({ "node.alpha.kubernetes.io/ttl": "0" });
  }, soon);
});

test("a token that the cluster is said to have made is warned of", async () => {
  const { client } = cluster;
  await client.create(inside("serviceaccounts"), { metadata: { name: "old" } });
  const token = text(await tokenSecret("generated", "old"), "token");
  const listed = { secrets: [{ name: "generated" }] };
  await client.patch(inside("serviceaccounts"), "old", listed, { type: "merge" });
  const user = { status: 201, username: "system:serviceaccount:default:old" };
  const warning =
    '299 - "Use tokens from the TokenRequest API or manually created secret-based tokens instead of auto-generated secret-based tokens."';
  expect(await logIn(token)).toEqual({ ...user, warning });
  // Also while the token is believed without looking again.
  expect(await logIn(token)).toEqual({ ...user, warning });
});
