import { expect, test } from "vitest";
import { defaultFeatureGates } from "../../../api/feature-gates.ts";
import { ManualClock } from "../../../api/manual-clock.ts";
import type { KubeObject } from "../../../api/object.ts";
import { loadTables } from "../../../api/schema/tables.ts";
import { notFound } from "../../../api/status.ts";
import type { ServiceAccountTokens, TokenSubject, TokenTerms } from "../../auth/service-account-tokens.ts";
import type { PipelineContext, WriteCall } from "../call.ts";
import type { SpecialEndpoint } from "../endpoint.ts";
import { kindCodec } from "../special-endpoints.ts";
import { serviceAccountTokens, type TokenLimits } from "./service-account-token.ts";

const gates = defaultFeatureGates();
const info = loadTables().resource("", "v1", "serviceaccounts")!;
const codec = kindCodec(info, "authentication.k8s.io", "v1", "TokenRequest", gates);
const objects: Record<string, object> = {
  "serviceaccounts/n/robot": { metadata: { name: "robot", namespace: "n", uid: "u1" } },
  "pods/n/p": { metadata: { name: "p", uid: "u2" }, spec: { serviceAccountName: "robot", nodeName: "node" } },
  "pods/n/other": { metadata: { name: "other", uid: "u3" }, spec: { serviceAccountName: "default" } },
  "secrets/n/s": { metadata: { name: "s", uid: "u4" } },
};

/** What the issuer is asked for, and the answer. */
async function ask(
  spec: object,
  metadata = {},
  name = "robot",
  limits: TokenLimits = { maxSeconds: 0, extend: true },
) {
  let issued: { subject: TokenSubject; terms: TokenTerms } | undefined;
  const tokens = {
    audiences: ["api"],
    async objects(resource: string, namespace: string, key: string) {
      const found = objects[`${resource}/${namespace}/${key}`];
      if (!found) throw notFound({ group: "", resource }, key);
      return found as KubeObject;
    },
    async issue(subject: TokenSubject, terms: TokenTerms) {
      issued = { subject, terms };
      return "token";
    },
  };
  const clock = new ManualClock();
  const handlers = serviceAccountTokens(codec, tokens as unknown as ServiceAccountTokens, limits, {
    clock,
    gates,
  } as unknown as PipelineContext);
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  const call = { request: { namespace: "n", name, warn }, validate: async () => {} };
  const object = { metadata, spec: { expirationSeconds: 3600, ...spec } } as unknown as KubeObject;
  const answer = await handlers.create!(object, call as unknown as WriteCall<SpecialEndpoint>);
  return { ...issued!, warnings, object: (answer as { object: KubeObject }).object };
}

test("a token is for the API server unless the request says otherwise", async () => {
  const { object, terms } = await ask({});
  expect(object).toMatchObject({
    metadata: { name: "robot", namespace: "n", uid: "u1", creationTimestamp: "2026-01-01T00:00:00Z" },
    spec: { audiences: ["api"], expirationSeconds: 3600, boundObjectRef: null },
    status: { token: "token", expirationTimestamp: "2026-01-01T01:00:00Z" },
  });
  expect(terms).toEqual({ audiences: ["api"], seconds: 3600 });
  expect((await ask({ audiences: ["a"] })).terms.audiences).toEqual(["a"]);
});

test("a token is bound to its pod, and to the pod's node by name", async () => {
  const { subject } = await ask({ boundObjectRef: { kind: "Pod", apiVersion: "v1", name: "p" } });
  expect(subject).toMatchObject({ pod: objects["pods/n/p"], node: { metadata: { name: "node" } } });
});

test("a mounted token of a pod outlives its time", async () => {
  const reference = { kind: "Pod", apiVersion: "v1", name: "p" };
  const { terms, object } = await ask({ expirationSeconds: 3607, boundObjectRef: reference });
  expect(terms).toEqual({ audiences: ["api"], seconds: 31_536_000, warnAfterSeconds: 3607 });
  expect(object).toMatchObject({ status: { expirationTimestamp: "2026-01-01T01:00:07Z" } });
});

test("no token is good for longer than the limit, nor outlives its time where that is not wanted", async () => {
  const limits = { maxSeconds: 3600, extend: false };
  const { terms, object, warnings } = await ask({ expirationSeconds: 7200 }, {}, "robot", limits);
  expect(terms.seconds).toBe(3600);
  expect(object).toMatchObject({ spec: { expirationSeconds: 3600 } });
  expect(warnings).toEqual(["requested expiration of 7200 seconds shortened to 3600 seconds"]);
  const reference = { kind: "Pod", apiVersion: "v1", name: "p" };
  const mounted = { expirationSeconds: 3607, boundObjectRef: reference };
  const plain = await ask(mounted, {}, "robot", { maxSeconds: 0, extend: false });
  expect(plain.terms).toEqual({ audiences: ["api"], seconds: 3607 });
});

test.each([
  [{ expirationSeconds: 5 }, {}, 422, "may not specify a duration less than 10 minutes"],
  [{}, { name: "other" }, 422, "must match the service account name if specified"],
  [
    {},
    { uid: "u9" },
    409,
    "the UID in the token request (u9) does not match the UID of the service account (u1)",
  ],
  [{ boundObjectRef: { kind: "Pod", apiVersion: "v1", name: "none" } }, {}, 404, 'pods "none" not found'],
  [
    { boundObjectRef: { kind: "Pod", apiVersion: "v1", name: "other" } },
    {},
    400,
    "different serviceaccount name",
  ],
  [
    { boundObjectRef: { kind: "Secret", apiVersion: "v1", name: "s", uid: "x" } },
    {},
    409,
    "(x) does not match",
  ],
  [
    { boundObjectRef: { kind: "Job", apiVersion: "batch/v1", name: "j" } },
    {},
    400,
    "type batch/v1, Kind=Job",
  ],
])("%j with metadata %j is refused", async (spec, metadata, code, message) => {
  await expect(ask(spec, metadata)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message),
  });
});

test("no account, no token", async () => {
  await expect(ask({}, {}, "nobody")).rejects.toMatchObject({
    message: 'serviceaccounts "nobody" not found',
  });
});
