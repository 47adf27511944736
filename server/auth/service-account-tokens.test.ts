import { generateKeyPairSync } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { ManualClock } from "../../api/manual-clock.ts";
import type { KubeObject } from "../../api/object.ts";
import { notFound } from "../../api/status.ts";
import { parseJwt, SigningKey } from "./jwt.ts";
import { ServiceAccountTokens, type TokenSubject } from "./service-account-tokens.ts";
import { cachedTokens } from "./token-cache.ts";
import { TokenKeys } from "./token-keys.ts";

const newKey = () => new SigningKey(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey);
const key = newKey();
const formerKey = newKey();
const account: KubeObject = { metadata: { name: "robot", namespace: "n", uid: "u1" } };
const secret: KubeObject = { metadata: { name: "s", namespace: "n", uid: "u2" } };
const pod: KubeObject = { metadata: { name: "p", namespace: "n", uid: "u3" } };

let clock: ManualClock;
let objects: Map<string, KubeObject>;
let tokens: ServiceAccountTokens;

function issuer(signingKey: SigningKey, name = "https://issuer"): ServiceAccountTokens {
  return new ServiceAccountTokens({
    issuers: [name, "https://former"],
    audiences: ["https://issuer"],
    keys: async () => new TokenKeys(signingKey, [formerKey]),
    async objects(resource, namespace, name) {
      const found = objects.get(`${resource}/${namespace}/${name}`);
      if (!found) throw notFound({ group: "", resource }, name);
      return found;
    },
    clock,
    random: { next: () => 0, uuid: () => "id" },
  });
}

beforeEach(() => {
  clock = new ManualClock();
  objects = new Map([
    ["serviceaccounts/n/robot", account],
    ["secrets/n/s", secret],
    ["pods/n/p", pod],
  ]);
  tokens = issuer(key);
});

const issue = (bound: Omit<TokenSubject, "account"> = {}, audiences = ["https://issuer"]) =>
  tokens.issue({ account, ...bound }, { audiences, seconds: 600 });
const authenticate = (bearerToken: string, audiences?: string[]) =>
  tokens.authenticate({ certificateRejected: false, bearerToken, ...(audiences ? { audiences } : {}) });

test("a token is its account, for those it is meant for", async () => {
  const token = await issue({}, ["https://issuer", "other"]);
  expect(await authenticate(token)).toEqual({
    user: {
      name: "system:serviceaccount:n:robot",
      uid: "u1",
      groups: ["system:serviceaccounts", "system:serviceaccounts:n"],
      extra: { "authentication.kubernetes.io/credential-id": ["JTI=id"] },
    },
    audiences: ["https://issuer"],
  });
  expect(await authenticate(token, ["other"])).toMatchObject({ audiences: ["other"] });
  expect(await authenticate(token, ["other", "third", "https://issuer"])).toMatchObject({
    audiences: ["other", "https://issuer"],
  });
  expect(await authenticate(token, ["third"])).toEqual({
    problem: 'token audiences ["https://issuer" "other"] is invalid for the target audiences ["third"]',
  });
});

test("its claims are upstream's", async () => {
  const now = clock.now() / 1000;
  const { header, claims } = parseJwt(await issue({ pod, node: { metadata: { name: "node" } } }))!;
  expect(header).toEqual({ alg: "RS256", kid: key.id });
  expect(claims).toEqual({
    aud: ["https://issuer"],
    exp: now + 600,
    iat: now,
    iss: "https://issuer",
    jti: "id",
    "kubernetes.io": {
      namespace: "n",
      node: { name: "node" },
      pod: { name: "p", uid: "u3" },
      serviceaccount: { name: "robot", uid: "u1" },
    },
    nbf: now,
    sub: "system:serviceaccount:n:robot",
  });
});

describe("a token is refused", () => {
  const problem = async (token: string) => ((await authenticate(token)) as { problem?: string }).problem;

  test("when its time is over, give or take a minute", async () => {
    const token = await issue();
    clock.advance(660_000);
    expect(await problem(token)).toBeUndefined();
    clock.advance(1_000);
    expect(await problem(token)).toBe("service account token has expired");
  });

  test("before its time", async () => {
    const token = await issue();
    clock = new ManualClock();
    const early = issuer(key);
    clock.advance(-61_000);
    expect(await early.authenticate({ certificateRejected: false, bearerToken: token })).toEqual({
      problem: "service account token is not valid yet",
    });
  });

  test("when another key signed it, or somebody changed it", async () => {
    const foreign = await issuer(newKey()).issue({ account }, { audiences: [], seconds: 600 });
    expect(await problem(foreign)).toBe("invalid signature, no keys found");
    const [header, , signature] = (await issue()).split(".");
    const claims = Buffer.from(JSON.stringify({ iss: "https://issuer", sub: "admin" })).toString("base64url");
    expect(await problem(`${header}.${claims}.${signature}`)).toBe(
      "go-jose/go-jose: error in cryptographic primitive",
    );
    const unsigned = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url");
    expect(await problem(`${unsigned}.${claims}.`)).toBe("go-jose/go-jose: error in cryptographic primitive");
  });

  test("when its account is gone, or is another of the same name", async () => {
    const token = await issue();
    objects.set("serviceaccounts/n/robot", { metadata: { ...account.metadata, uid: "u9" } });
    expect(await problem(token)).toBe("service account UID (u9) does not match claim (u1)");
    objects.delete("serviceaccounts/n/robot");
    expect(await problem(token)).toBe('serviceaccounts "robot" not found');
  });

  test("when what it is bound to is gone, another, or long being deleted", async () => {
    const bySecret = await issue({ secret });
    const byPod = await issue({ pod });
    expect([await problem(bySecret), await problem(byPod)]).toEqual([undefined, undefined]);
    objects.set("pods/n/p", { metadata: { ...pod.metadata, uid: "u9" } });
    expect(await problem(byPod)).toBe("pod UID (u9) does not match service account pod ref claim (u3)");
    const deletionTimestamp = new Date(clock.now()).toISOString();
    objects.set("pods/n/p", { metadata: { ...pod.metadata, deletionTimestamp } });
    expect(await problem(byPod)).toBeUndefined();
    clock.advance(61_000);
    objects.delete("secrets/n/s");
    const invalidated = "service account token has been invalidated";
    expect([await problem(bySecret), await problem(byPod)]).toEqual([invalidated, invalidated]);
  });
});

test("a token of a former issuer, or by a former key, is believed", async () => {
  const former = await issuer(formerKey, "https://former").issue(
    { account },
    { audiences: ["https://issuer"], seconds: 600 },
  );
  expect(parseJwt(former)!.claims["iss"]).toBe("https://former");
  expect(await authenticate(former)).toHaveProperty("user");
});

test.each([
  ["ES256", "P-256"],
  ["ES384", "P-384"],
  ["ES512", "P-521"],
])("a key signs by the algorithm %s of its curve", async (alg, namedCurve) => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve });
  const own = issuer(new SigningKey(privateKey));
  const token = await own.issue({ account }, { audiences: ["https://issuer"], seconds: 600 });
  expect(parseJwt(token)!.header.alg).toBe(alg);
  expect(await own.authenticate({ certificateRejected: false, bearerToken: token })).toHaveProperty("user");
  const { keySet, algorithms } = await own.keys();
  expect(algorithms).toEqual([alg, "RS256"]);
  expect(JSON.parse(JSON.stringify(keySet.keys[0]))).toMatchObject({
    kty: "EC",
    use: "sig",
    alg,
    crv: namedCurve,
  });
});

test("what is no token of the issuer is not looked at", async () => {
  for (const text of ["", "a.b.c", "admin-token", "e30.e30.e30", "e30.W10.e30"])
    expect(await authenticate(text)).toBeUndefined();
});

test("a good token is believed for ten seconds", async () => {
  const cached = cachedTokens(tokens, clock);
  const credentials = { certificateRejected: false, bearerToken: await issue() };
  expect(await cached.authenticate(credentials)).toHaveProperty("user");
  objects.clear();
  clock.advance(9_999);
  expect(await cached.authenticate(credentials)).toHaveProperty("user");
  expect(await cached.authenticate({ ...credentials, audiences: ["other"] })).toHaveProperty("problem");
  clock.advance(1);
  expect(await cached.authenticate(credentials)).toHaveProperty("problem");
});
