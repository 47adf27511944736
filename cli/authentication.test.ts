import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { request as httpsRequest } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { KubeObject } from "../api/object.ts";
import { type Cluster, createCluster } from "./cluster.ts";
import type { ClusterOptions } from "./cluster-options.ts";
import { issueCertificate } from "./pki/certificate.ts";

let cluster: Cluster | undefined;
afterEach(() => cluster?.close());

async function start(options: ClusterOptions): Promise<Cluster> {
  cluster = await createCluster(options);
  return cluster;
}

interface LoggedIn {
  status: number | undefined;
  user: { username?: string; groups?: string[] } | undefined;
}

/** Who somebody is told to be. */
function logIn(headers: Record<string, string | string[]>, more: object = {}): Promise<LoggedIn> {
  const body = JSON.stringify({ kind: "SelfSubjectReview", apiVersion: "authentication.k8s.io/v1" });
  const options = {
    ...{ method: "POST", rejectUnauthorized: false, agent: false, ...more },
    headers: { "content-type": "application/json", ...headers },
  };
  return new Promise((resolve, reject) => {
    const url = `${cluster!.url}/apis/authentication.k8s.io/v1/selfsubjectreviews`;
    const asked = httpsRequest(url, options, async (answer) => {
      const { status } = JSON.parse((await answer.setEncoding("utf8").toArray()).join(""));
      resolve({ status: answer.statusCode, user: status?.userInfo });
    });
    asked.on("error", reject).end(body);
  });
}

const byToken = (token: string) => logIn({ authorization: `Bearer ${token}` });

const bootstrapSecret = {
  ...{ kind: "Secret", apiVersion: "v1", type: "bootstrap.kubernetes.io/token" },
  metadata: { name: "bootstrap-token-abcdef" },
  stringData: {
    ...{ "token-id": "abcdef", "token-secret": "0123456789abcdef", "usage-bootstrap-authentication": "true" },
  },
} as KubeObject;

const secrets = { group: "", version: "v1", resource: "secrets", namespace: "kube-system" };

test("a bootstrap token logs in where that is wanted", async () => {
  const { client } = await start({ enableBootstrapTokenAuth: true });
  await client.create(secrets, bootstrapSecret);
  const { user } = await byToken("abcdef.0123456789abcdef");
  expect(user).toMatchObject({
    username: "system:bootstrap:abcdef",
    groups: ["system:bootstrappers", "system:authenticated"],
  });
  expect((await byToken("abcdef.0123456789abcdee")).status).toBe(401);
});

test("a bootstrap token is none where that is not wanted", async () => {
  const { client } = await start({});
  await client.create(secrets, bootstrapSecret);
  expect((await byToken("abcdef.0123456789abcdef")).status).toBe(401);
});

test("a token that the cluster does not know is asked for elsewhere", async () => {
  const hook = createServer(async (request, response) => {
    const { spec } = JSON.parse((await request.setEncoding("utf8").toArray()).join(""));
    const authenticated = spec.token === "from-elsewhere";
    response.end(JSON.stringify({ status: { authenticated, user: { username: "jane" } } }));
  });
  await new Promise<void>((resolve) => hook.listen(0, "127.0.0.1", resolve));
  const { port } = hook.address() as AddressInfo;
  try {
    await start({ authenticationTokenWebhook: { target: { url: `http://127.0.0.1:${port}/` } } });
    expect((await byToken("from-elsewhere")).user?.username).toBe("jane");
    expect((await byToken("from-nowhere")).status).toBe(401);
  } finally {
    hook.close();
  }
});

test("tokens of service accounts are signed with the key that is given, and name the audiences that are", async () => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { client } = await start({
    serviceAccountSigningKey: privateKey.export({ type: "sec1", format: "pem" }) as string,
    serviceAccountIssuer: ["https://issuer.example", "https://former.example"],
    apiAudiences: ["api"],
  });
  const accounts = { group: "", version: "v1", resource: "serviceaccounts", namespace: "default" };
  await client.create(accounts, { metadata: { name: "robot" } } as KubeObject);
  const request = { kind: "TokenRequest", apiVersion: "authentication.k8s.io/v1", spec: {} };
  const answer = await client.create(accounts, request as object as KubeObject, {
    subresource: "token",
    name: "robot",
  });
  const { token } = (answer as unknown as { status: { token: string } }).status;
  const [header, claims] = token.split(".").map((part) => Buffer.from(part, "base64url").toString());
  expect(JSON.parse(header!)).toMatchObject({ alg: "ES256" });
  expect(JSON.parse(claims!)).toMatchObject({ iss: "https://issuer.example", aud: ["api"] });
  expect((await byToken(token)).user?.username).toBe("system:serviceaccount:default:robot");
});

test("a proxy logs its users in; nobody else does, and it is no user itself", async () => {
  const facts = {
    notBefore: Date.now() - 3_600_000,
    notAfter: Date.now() + 3_600_000,
    serial: Buffer.from("01", "hex"),
  };
  const authority = issueCertificate({ commonName: "proxies", usage: "authority", ...facts });
  const proxy = issueCertificate({ commonName: "front-proxy", usage: "client", ...facts }, authority);
  const users = issueCertificate({ commonName: "users", usage: "authority", ...facts });
  const user = issueCertificate({ commonName: "front-proxy", usage: "client", ...facts }, users);
  const { client } = await start({
    clientCa: users.certificate,
    requestHeader: {
      clientCa: authority.certificate,
      allowedNames: ["front-proxy"],
      usernameHeaders: ["X-Remote-User"],
      uidHeaders: [],
      groupHeaders: ["X-Remote-Group"],
      extraHeaderPrefixes: ["X-Remote-Extra-"],
    },
  });
  const headers = { "x-remote-user": "jane", "x-remote-group": ["a", "b"] };
  const as = ({ key, certificate }: typeof proxy, sent: typeof headers | object) =>
    logIn(sent as typeof headers, { key, cert: certificate });
  expect((await as(proxy, headers)).user).toMatchObject({
    username: "jane",
    groups: ["a", "b", "system:authenticated"],
  });
  expect((await as(proxy, {})).status).toBe(401);
  expect((await as(user, headers)).user?.username).toBe("front-proxy");
  expect((await logIn(headers)).status).toBe(403);
  const maps = { group: "", version: "v1", resource: "configmaps", namespace: "kube-system" };
  expect(await client.get(maps, "extension-apiserver-authentication")).toMatchObject({
    data: {
      "requestheader-username-headers": '["X-Remote-User"]',
      "requestheader-client-ca-file": authority.certificate,
      "client-ca-file": expect.stringContaining(users.certificate),
    },
  });
});

test.each<[ClusterOptions, string]>([
  [{ serviceAccountIssuer: [] }, "service-account-issuer is a required flag"],
  [{ serviceAccountIssuer: "" }, "service-account-issuer should not be an empty string"],
  [{ serviceAccountIssuer: ["a", "a"] }, 'service-account-issuer "a" is already specified'],
  [
    { serviceAccountIssuer: "https://a b" },
    `service-account-issuer "https://a b" contained a ':' but was not a valid URL: parse "https://a b": invalid character " " in host name`,
  ],
  [
    { serviceAccountJwksUri: "http://a" },
    "service-account-jwks-uri requires https scheme, parsed as: http://a",
  ],
  [
    { serviceAccountMaxTokenExpiration: 60 },
    "the service-account-max-token-expiration must be between 1 hour and 2^32 seconds",
  ],
  [
    { serviceAccountSigningKey: "" },
    "failed to parse service-account-issuer-key-file: data does not contain a valid RSA or ECDSA private key",
  ],
  [{ serviceAccountKeys: ["x"] }, "data does not contain any valid RSA or ECDSA public keys"],
])("options that cannot be meant are refused: %j", async (options, message) => {
  await expect(start(options)).rejects.toThrow(message);
});
