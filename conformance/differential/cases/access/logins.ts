import { createPrivateKey, createPublicKey, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer as createHttpServer, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { join } from "node:path";
import { type Conversation, test } from "../../conversation.ts";
import type { JsonObject } from "../../json.ts";

const beside = (name: string) => join(import.meta.dirname, name);

export const flags = [
  `--authentication-config=${beside("authentication.yaml")}`,
  `--authentication-token-webhook-config-file=${beside("token-webhook.kubeconfig")}`,
  "--authentication-token-webhook-version=v1",
  "--authorization-mode=RBAC",
  "--enable-bootstrap-token-auth=true",
  "--api-audiences=api,second",
  "--service-account-max-token-expiration=2h",
  "--service-account-jwks-uri=https://keys.example/jwks",
];

const issuerUrl = "https://127.0.0.1:29872";
// The issuer serves and signs with the same key.
const key = readFileSync(beside("issuer.key"), "utf8");
const cert = readFileSync(beside("issuer.pem"), "utf8");

const elsewhere = (path: string) => ({
  _claim_names: { groups: "there" },
  _claim_sources: { there: { endpoint: `${issuerUrl}${path}`, access_token: "pass" } },
});

function issuer(): Server {
  const jwk = { ...createPublicKey(key).export({ format: "jwk" }), kid: "k", alg: "ES256" };
  return createHttpsServer({ key, cert }, ({ url, headers }, response) => {
    if (url === "/groups") return void response.end(tokenOf({ groups: [String(headers.authorization)] }));
    if (url === "/nothing") return void response.end(tokenOf({}));
    if (url === "/garbage") return void response.end("garbage");
    if (url === "/expired") return void response.end(tokenOf({ groups: ["a"], exp: 1_000_000_000 }));
    if (url === "/absent") return void response.writeHead(404).end();
    const found = url === "/keys" ? { keys: [jwk] } : { issuer: issuerUrl, jwks_uri: `${issuerUrl}/keys` };
    response.setHeader("content-type", "application/json");
    response.setHeader("cache-control", "max-age=3600");
    response.end(JSON.stringify(found));
  });
}

/** Knows tokens that begin with "known", and tells what it heard. */
function webhook(): Server {
  return createHttpServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const review = JSON.parse(text) as { spec: { token: string } };
    const { token } = review.spec;
    if (token.includes("broken")) return void response.writeHead(400).end("broken");
    const user = { username: "jane", groups: ["g"], extra: { heard: [text, String(request.url)] } };
    const audiences = /-for-(\w+)/.exec(token)?.slice(1) ?? [];
    const status = token.startsWith("known")
      ? { authenticated: true, user, audiences }
      : { authenticated: false, error: token.includes("told") ? "it is unknown" : "" };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ ...review, status }));
  });
}

let running: Promise<unknown> | undefined;

/** One of each for all servers of this run. */
function helpers(): Promise<unknown> {
  const listening = (server: Server, port: number) =>
    new Promise<void>((resolve) => {
      // Another run's is as good.
      server.on("error", () => resolve());
      server.listen(port, "127.0.0.1", resolve);
      server.unref();
    });
  running ??= Promise.all([listening(issuer(), 29872), listening(webhook(), 29873)]);
  return running;
}

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
const farAway = 4_102_444_800;

function tokenOf(claims: object, header: object = {}): string {
  const usual = {
    iss: issuerUrl,
    aud: "differential",
    exp: farAway,
    email: "jane@example.com",
    hd: "example.com",
  };
  const content = `${encode({ alg: "ES256", kid: "k", ...header })}.${encode({ ...usual, oid: "u", ...claims })}`;
  const form = { key: createPrivateKey(key), dsaEncoding: "ieee-p1363" as const };
  return `${content}.${sign("sha256", Buffer.from(content), form).toString("base64url")}`;
}

const reviews = "/apis/authentication.k8s.io/v1/tokenreviews";
const reviewOf = (token: string, audiences?: string[]): JsonObject => ({
  apiVersion: "authentication.k8s.io/v1",
  kind: "TokenReview",
  spec: { token, ...(audiences ? { audiences } : {}) },
});

/** The issuer is looked for every ten seconds. */
async function issuerIsKnown(t: Conversation): Promise<void> {
  for (let attempt = 0; attempt < 40; attempt++) {
    const answer = await t.ask("POST", reviews, reviewOf(tokenOf({ jti: `${attempt}` })));
    if (answer.at("status.authenticated") === true) break;
    await t.pause(500);
  }
  // The first to ask for claims that are elsewhere finds that issuer unknown.
  for (let attempt = 0; attempt < 40; attempt++) {
    const token = tokenOf({ ...elsewhere("/groups"), jti: `${attempt}` });
    const answer = await t.ask("POST", reviews, reviewOf(token));
    if (answer.at("status.authenticated") === true) return;
    await t.pause(100);
  }
}

const claims: readonly (readonly [object, object?])[] = [
  [{}],
  [{ aud: ["x", "other"] }],
  [{ aud: ["x", "y"] }],
  [{ aud: undefined }],
  [{ groups: ["a", "b"], jti: "7" }],
  [{ groups: "a" }],
  [{ groups: [1] }],
  [{ groups: null }],
  [{ groups: { a: 1 } }],
  [{ email: undefined }],
  [{ email: 7 }],
  [{ email: null }],
  [{ email_verified: true }],
  [{ email_verified: false }],
  [{ email_verified: "true" }],
  [{ oid: undefined }],
  [{ oid: true }],
  [{ hd: undefined }],
  [{ hd: "other" }],
  [{ hd: 1.5 }],
  [{ exp: 1_000_000_000 }],
  [{ exp: undefined }],
  [{ exp: 1_000_000_000, aud: "x" }],
  [elsewhere("/groups")],
  [{ ...elsewhere("/groups"), groups: ["here"] }],
  [elsewhere("/nothing")],
  [elsewhere("/garbage")],
  [elsewhere("/expired")],
  [elsewhere("/absent")],
  [{ _claim_names: { groups: "" } }],
  [{ _claim_names: { x: "y" } }],
  [{ _claim_names: { groups: "y" }, _claim_sources: { y: {} } }],
  [{ nbf: 1_000_000_000 }],
  [{ iss: "https://elsewhere" }],
  [{}, { kid: "unknown" }],
  [{}, { kid: undefined }],
  [{}, { alg: "HS256" }],
  [{}, { alg: "none" }],
  [{}, { alg: "ES384" }],
  [{}, { alg: "RS256" }],
];

const secretOf = (id: string, more: JsonObject = {}): JsonObject => ({
  ...{ apiVersion: "v1", kind: "Secret", type: "bootstrap.kubernetes.io/token" },
  metadata: { name: `bootstrap-token-${id}` },
  stringData: {
    ...{ "token-id": id, "token-secret": "0123456789abcdef", "usage-bootstrap-authentication": "true" },
    ...more,
  },
});

export const cases = [
  test("logins: tokens of an issuer", async (t) => {
    await helpers();
    await issuerIsKnown(t);
    for (const [changed, header] of claims) {
      await t.post(reviews, reviewOf(tokenOf(changed, header)), {
        remark: JSON.stringify([changed, header]),
      });
    }
    await t.post(reviews, reviewOf(tokenOf({}), ["second", "x"]));
    await t.post(reviews, reviewOf(tokenOf({}), ["x"]));
    await t.get("/api/v1/nodes", { token: tokenOf({}) });
    await t.get("/api/v1/nodes", { token: tokenOf({ hd: "other" }) });
  }),
  test("logins: a webhook knows tokens", async (t) => {
    await helpers();
    for (const token of ["known", "unknown", "unknown-told", "broken", "known-for-second", "known-for-x"]) {
      await t.post(reviews, reviewOf(token));
      await t.post(reviews, reviewOf(token, ["x", "second"]));
    }
    await t.get("/api/v1/nodes", { token: "known" });
    await t.get("/api/v1/nodes", { token: "unknown-told" });
  }),
  test("logins: bootstrap tokens", async (t) => {
    await helpers();
    const secrets = "/api/v1/namespaces/kube-system/secrets";
    const groups = "system:bootstrappers:b,system:bootstrappers:a";
    await t.post(secrets, secretOf("aaaaaa", { "auth-extra-groups": groups }));
    await t.post(secrets, secretOf("bbbbbb", { expiration: "2001-01-01T00:00:00Z" }));
    await t.post(secrets, secretOf("cccccc", { "usage-bootstrap-authentication": "yes" }));
    await t.post(secrets, secretOf("dddddd", { "auth-extra-groups": "system:masters" }));
    await t.post(secrets, secretOf("eeeeee", { expiration: "2100-01-01T00:00:00+02:00" }));
    await t.pause(400);
    for (const id of ["aaaaaa", "bbbbbb", "cccccc", "dddddd", "eeeeee", "ffffff"]) {
      await t.post(reviews, reviewOf(`${id}.0123456789abcdef`));
    }
    await t.post(reviews, reviewOf("aaaaaa.0123456789abcdee"));
    await t.get("/api/v1/nodes", { token: "aaaaaa.0123456789abcdef" });
    for (const id of ["aaaaaa", "bbbbbb", "cccccc", "dddddd", "eeeeee"])
      await t.delete(`${secrets}/bootstrap-token-${id}`);
  }),
  test("logins: who is anonymous is said by paths", async (t) => {
    for (const path of ["/livez", "/readyz", "/livez/ping", "/version", "/api"])
      await t.get(path, { token: "" });
  }),
  test("logins: a WebSocket brings its token as a protocol", async (t) => {
    const prefix = "base64url.bearer.authorization.k8s.io.";
    const token = Buffer.from("alice-token").toString("base64url");
    for (const protocols of [
      `${prefix}${token}, v5.channel.k8s.io`,
      `${prefix}${token}`,
      `${prefix}YQ, b`,
      "b",
    ]) {
      const headers = {
        ...{ connection: "upgrade", upgrade: "websocket", "sec-websocket-protocol": protocols },
        ...{ "sec-websocket-version": "13", "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==" },
      };
      await t.get(t.path("v1/pods/a/exec"), { token: "", headers });
    }
  }),
  test("logins: tokens of service accounts have limits", async (t) => {
    const accounts = t.path("v1/serviceaccounts");
    await t.ask("POST", accounts, { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "robot" } });
    const apiVersion = "authentication.k8s.io/v1";
    for (const expirationSeconds of [3600, 7200, 7201]) {
      const request = { apiVersion, kind: "TokenRequest", spec: { expirationSeconds } };
      await t.post(`${accounts}/robot/token`, request);
    }
    await t.get("/.well-known/openid-configuration");
  }),
];
