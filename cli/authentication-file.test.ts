import { generateKeyPairSync, sign } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, request as httpsRequest, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type Cluster, createCluster } from "./cluster.ts";
import type { ClusterOptions } from "./cluster-options.ts";
import { issueCertificate } from "./pki/certificate.ts";

const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
const validity = { notBefore: Date.now() - 3_600_000, notAfter: Date.now() + 3_600_000 };
const serial = Buffer.from("01", "hex");
const authority = issueCertificate({ commonName: "issuer-ca", usage: "authority", serial, ...validity });

let server: Server;
let issuer: string;
let folder: string;
let cluster: Cluster | undefined;
const errors: string[] = [];

beforeAll(async () => {
  const names = { commonName: "issuer", usage: "server" as const, ipAddresses: ["127.0.0.1"] };
  const { key, certificate } = issueCertificate({ ...names, serial, ...validity }, authority);
  server = createServer({ key, cert: certificate }, ({ url = "" }, response) => {
    const jwk = { ...keys.publicKey.export({ format: "jwk" }), kid: "k" };
    if (url === "/groups") return void response.end(tokenOf({ groups: ["far"] }));
    const document = { issuer, jwks_uri: `${issuer}/keys` };
    response.end(JSON.stringify(url === "/keys" ? { keys: [jwk] } : document));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "kubefacade-authentication-"));
  errors.length = 0;
});
afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function start(options: ClusterOptions): Promise<void> {
  cluster = await createCluster({
    onError: (error) => void errors.push((error as Error).message),
    ...options,
  });
}

const hour = 3600;
const now = () => Math.floor(Date.now() / 1000);
const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");

function tokenOf(claims: object, header: object = { alg: "RS256", kid: "k" }): string {
  const all = { iss: issuer, aud: "kubefacade", exp: now() + hour, sub: "jane", groups: ["dev"], ...claims };
  const content = `${encode(header)}.${encode(all)}`;
  return `${content}.${sign("sha256", Buffer.from(content), keys.privateKey).toString("base64url")}`;
}

interface Answer {
  code: number | undefined;
  status: { user?: { username: string; groups: string[] }; error?: string; audiences?: string[] };
}

function ask(path: string, headers: object, body?: object): Promise<Answer> {
  const options = {
    method: body ? "POST" : "GET",
    rejectUnauthorized: false,
    agent: false,
    headers: { ...headers },
  };
  return new Promise((resolve, reject) => {
    const asked = httpsRequest(cluster!.url + path, options, async (answer) => {
      const text = (await answer.setEncoding("utf8").toArray()).join("");
      const status = text.startsWith("{") ? JSON.parse(text).status : {};
      resolve({ code: answer.statusCode, status });
    });
    asked.on("error", reject).end(body && JSON.stringify(body));
  });
}

/** Who a token is, as the cluster's administrator is told. */
async function review(token: string): Promise<Answer["status"]> {
  const reviews = { group: "authentication.k8s.io", version: "v1", resource: "tokenreviews" };
  const answer = await cluster!.client.create(reviews, { metadata: {}, spec: { token } } as object as never);
  return (answer as unknown as Answer).status;
}

/** The issuer is looked for while the server starts. */
const known = () =>
  vi.waitFor(async () => expect((await review(tokenOf({}))).error ?? "").not.toMatch("not initialized"));

const flags = () => ({
  oidc: { issuerUrl: issuer, clientId: "kubefacade", ca: authority.certificate, groupsClaim: "groups" },
});

test("a token of the issuer is its user", async () => {
  await start(flags());
  await known();
  expect(await review(tokenOf({}))).toMatchObject({
    authenticated: true,
    user: { username: `${issuer}#jane`, groups: ["dev", "system:authenticated"] },
    audiences: ["https://kubernetes.default.svc.cluster.local"],
  });
  const { code } = await ask("/api", { authorization: `Bearer ${tokenOf({})}` });
  expect(code).toBe(200);
});

test("a token that is wrong is refused in upstream's words", async () => {
  await start(flags());
  await known();
  /** Without the words of who comes first, and knows no token of its own. */
  const problem = async (claims: object, header?: object) =>
    (await review(tokenOf(claims, header))).error?.replace(/^\[invalid bearer token, (.*)\]$/s, "$1");
  expect(await problem({ aud: ["other"] })).toBe(
    'oidc: verify token: oidc: expected audience "kubefacade" got ["other"]',
  );
  expect(await problem({ exp: 1_700_000_000 })).toBe(
    "oidc: verify token: oidc: token is expired (Token Expiry: 2023-11-14 22:13:20 +0000 UTC)",
  );
  expect(await problem({ exp: undefined })).toBe(
    "oidc: verify token: oidc: token is expired (Token Expiry: 0001-01-01 00:00:00 +0000 UTC)",
  );
  expect(await problem({ nbf: now() + hour })).toMatch(/before the nbf \(not before\) time/);
  expect(await problem({ nbf: now() + 30 })).toBeUndefined();
  expect(await problem({}, { alg: "HS256", kid: "k" })).toBe(
    'oidc: verify token: oidc: id token signed with unsupported algorithm, expected ["RS256"] got "HS256"',
  );
  expect(await problem({}, { alg: "RS256", kid: "other" })).toBe(
    "oidc: verify token: failed to verify signature: failed to verify id token signature",
  );
  expect(await problem({ iss: "https://other" })).toBe("invalid bearer token");
});

test("groups may be elsewhere", async () => {
  await start(flags());
  await known();
  const claims = (source: string, endpoint: string) => ({
    groups: undefined,
    _claim_names: { groups: source },
    _claim_sources: { there: { endpoint: `${issuer}${endpoint}` } },
  });
  expect((await review(tokenOf(claims("there", "/groups")))).user?.groups).toEqual([
    "far",
    "system:authenticated",
  ]);
  expect((await review(tokenOf(claims("nowhere", "/groups")))).error).toMatch("source does not exist");
  expect((await review(tokenOf(claims("there", "/keys")))).error).toMatch(
    "oidc: could not expand distributed claims: getting untrusted issuer",
  );
});

const file = () => join(folder, "authentication.yaml");
const configured = (more: string, prefix = "oidc:") =>
  writeFile(
    file(),
    `apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
- issuer:
    url: ${issuer}
    audiences: [kubefacade, other]
    audienceMatchPolicy: MatchAny
    certificateAuthority: ${JSON.stringify(authority.certificate)}
  claimMappings:
    username: {claim: sub, prefix: "${prefix}"}
${more}`,
  );

test("a file names the issuers, and is read again when it changes", async () => {
  await configured("");
  await start({ authenticationConfig: file() });
  await known();
  expect((await review(tokenOf({ aud: "other" }))).user?.username).toBe("oidc:jane");
  await configured("anonymous: {enabled: false}\n");
  await vi.waitFor(() =>
    expect(errors).toContain(
      "reloading authentication config: anonymous: Forbidden: changed from initial configuration file",
    ),
  );
  await configured("", "new:");
  // Another token than before: that one is believed for a while.
  await vi.waitFor(async () =>
    expect((await review(tokenOf({ jti: `${Math.random()}` }))).user?.username).toBe("new:jane"),
  );
});

test("who need not log in is said by paths", async () => {
  await configured("anonymous: {enabled: true, conditions: [{path: /livez}]}\n");
  await start({ authenticationConfig: file() });
  expect([(await ask("/livez", {})).code, (await ask("/readyz", {})).code]).toEqual([200, 401]);
});

test("what cannot be meant is one line", async () => {
  const refused = (options: ClusterOptions, message: string) =>
    expect(start(options)).rejects.toThrow(message);
  await refused(
    { oidc: { issuerUrl: issuer } },
    "oidc-issuer-url and oidc-client-id must be specified together when any oidc-* flags are set",
  );
  await refused(
    { oidc: { ...flags().oidc, signingAlgs: ["HS256"] } },
    'oidc: unsupported signing alg: "HS256"',
  );
  await refused(
    { authenticationConfig: "/absent" },
    'failed to load authentication configuration from file "/absent": open /absent: no such file or directory',
  );
  await refused(
    { ...flags(), serviceAccountIssuer: issuer },
    `issuer.url: Invalid value: "${issuer}": URL must not overlap with disallowed issuers: [${issuer}]`,
  );
  await configured("anonymous: {enabled: true}\n");
  const authenticationConfig = file();
  await refused(
    { ...flags(), authenticationConfig },
    "authentication-config file and oidc-* flags are mutually exclusive",
  );
  await refused(
    { anonymousAuth: true, authenticationConfig },
    "anonymous: Forbidden: --anonymous-auth flag cannot be set when anonymous field is configured in authentication configuration file",
  );
  await configured("  userValidationRules: [{expression: 'true'}]\n");
  await refused(
    { authenticationConfig },
    "jwt[0].userValidationRules[0]: expressions cannot be evaluated yet",
  );
});
