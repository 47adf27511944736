import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { expect, test } from "vitest";
import { ManualClock } from "../../../api/manual-clock.ts";
import { parseJwt } from "../jwt.ts";
import type { HttpsAnswer } from "./https-get.ts";
import { RemoteKeys } from "./remote-keys.ts";

const first = generateKeyPairSync("rsa", { modulusLength: 2048 });
const second = generateKeyPairSync("ec", { namedCurve: "P-256" });

function tokenBy({ privateKey }: { privateKey: KeyObject }, alg: string, kid: string) {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const content = `${encode({ alg, kid })}.${encode({})}`;
  const form = { key: privateKey, dsaEncoding: "ieee-p1363" as const };
  return parseJwt(`${content}.${sign("sha256", Buffer.from(content), form).toString("base64url")}`)!;
}

const byFirst = tokenBy(first, "RS256", "1");
const bySecond = tokenBy(second, "ES256", "2");

function setUp(control: string) {
  const published: object[] = [];
  const publish = ({ publicKey }: { publicKey: KeyObject }, kid: string) =>
    published.push({ ...publicKey.export({ format: "jwk" }), kid });
  const clock = new ManualClock();
  let asked = 0;
  let answer: Partial<HttpsAnswer> = {};
  const keys = new RemoteKeys(
    "https://issuer/keys",
    async () => {
      asked++;
      const text = JSON.stringify({ keys: [{ kty: "none" }, ...published] });
      return { status: 200, statusText: "OK", headers: { "cache-control": control }, text, ...answer };
    },
    clock,
  );
  publish(first, "1");
  return {
    keys,
    clock,
    publish,
    asked: () => asked,
    fail: () => (answer = { status: 500, statusText: "Internal Server Error", text: "oh" }),
  };
}

const failed = "failed to verify id token signature";

test("keys are fetched once, and good though they have expired", async () => {
  const { keys, clock, asked, fail } = setUp("max-age=3600");
  expect(await Promise.all([keys.signatureProblem(byFirst), keys.signatureProblem(byFirst)])).toEqual([
    undefined,
    undefined,
  ]);
  clock.advance(7_200_000);
  fail();
  expect(await keys.signatureProblem(byFirst)).toBeUndefined();
  expect(asked()).toBe(1);
});

test("a new key is found when those that are known are about to expire", async () => {
  const { keys, clock, publish, asked } = setUp("public, max-age=3600");
  await keys.signatureProblem(byFirst);
  publish(second, "2");
  expect(await keys.signatureProblem(bySecond)).toBe(failed);
  clock.advance(3_569_000);
  expect(await keys.signatureProblem(bySecond)).toBe(failed);
  clock.advance(2_000);
  expect(await keys.signatureProblem(bySecond)).toBeUndefined();
  expect(asked()).toBe(2);
});

test("where nothing is said of how long they are good, a new key is found at once", async () => {
  const { keys, publish } = setUp("");
  await keys.signatureProblem(byFirst);
  publish(second, "2");
  expect(await keys.signatureProblem(bySecond)).toBeUndefined();
});

test("a key of another name, or none at all, verifies nothing", async () => {
  const { keys, fail } = setUp("");
  expect(await keys.signatureProblem(tokenBy(first, "RS256", "2"))).toBe(failed);
  expect(await keys.signatureProblem(tokenBy(first, "HS256", "1"))).toBe(failed);
  fail();
  expect(await keys.signatureProblem(bySecond)).toBe(
    "fetching keys oidc: get keys failed: 500 Internal Server Error oh",
  );
});
