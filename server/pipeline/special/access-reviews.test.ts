import { expect, test } from "vitest";
import { defaultFeatureGates } from "../../../api/feature-gates.ts";
import type { KubeObject } from "../../../api/object.ts";
import { loadTables } from "../../../api/schema/tables.ts";
import { type Authorizer, alwaysAllow } from "../../auth/authorizer.ts";
import type { WriteCall } from "../call.ts";
import type { SpecialEndpoint, SpecialHandlers } from "../endpoint.ts";
import { kindCodec } from "../special-endpoints.ts";
import {
  localSubjectAccessReviews,
  selfSubjectAccessReviews,
  selfSubjectRulesReviews,
  subjectAccessReviews,
} from "./access-reviews.ts";

type Factory = (codec: ReturnType<typeof codecOf>, authorizer: Authorizer) => SpecialHandlers;

function codecOf(resource: string) {
  const info = loadTables().resource("authorization.k8s.io", "v1", resource)!;
  return kindCodec(info, info.group, info.version, info.kind, defaultFeatureGates());
}

const user = { name: "alice", groups: ["developers"] };

async function ask(
  make: Factory,
  resource: string,
  spec: object,
  { authorizer = alwaysAllow, namespace = "" } = {},
): Promise<KubeObject & { status?: unknown }> {
  const call = { request: { user, namespace }, validate: async () => {} };
  const object = { metadata: namespace ? { namespace } : {}, spec } as unknown as KubeObject;
  const handlers = make(codecOf(resource), authorizer);
  const answer = await handlers.create!(object, call as unknown as WriteCall<SpecialEndpoint>);
  return (answer as { object: KubeObject }).object;
}

const resourceAttributes = { verb: "get", resource: "pods", namespace: "default" };

test("the authorizer is asked for the subject of the review, in any version of the resource", async () => {
  const asked: unknown[] = [];
  const authorizer: Authorizer = {
    ...alwaysAllow,
    authorize(attributes) {
      asked.push(attributes);
      return { allowed: false, reason: "because" };
    },
  };
  const spec = { user: "bob", groups: ["g"], resourceAttributes };
  const review = await ask(subjectAccessReviews, "subjectaccessreviews", spec, { authorizer });
  expect(review.status).toEqual({ allowed: false, reason: "because" });
  const resource = {
    group: "",
    version: "*",
    resource: "pods",
    subresource: "",
    namespace: "default",
    name: "",
  };
  expect(asked).toEqual([{ user: { name: "bob", groups: ["g"] }, verb: "get", path: "", resource }]);
});

test("a self review is about who asks", async () => {
  const authorizer: Authorizer = {
    ...alwaysAllow,
    authorize: (attributes) => ({ allowed: attributes.user === user && attributes.path === "/healthz" }),
  };
  const spec = { nonResourceAttributes: { path: "/healthz", verb: "get" } };
  const review = await ask(selfSubjectAccessReviews, "selfsubjectaccessreviews", spec, { authorizer });
  expect(review.status).toEqual({ allowed: true });
});

test("invalid reviews are refused as of no kind", async () => {
  await expect(
    ask(subjectAccessReviews, "subjectaccessreviews", { resourceAttributes }),
  ).rejects.toMatchObject({
    code: 422,
    message:
      '.authorization.k8s.io "" is invalid: spec.user: Invalid value: "": at least one of user or group must be specified',
  });
  const elsewhere = ask(
    localSubjectAccessReviews,
    "localsubjectaccessreviews",
    { user: "bob", resourceAttributes },
    { namespace: "n" },
  );
  await expect(elsewhere).rejects.toMatchObject({ code: 422 });
});

test("selectors reach the authorizer, as far as they are understood", async () => {
  const asked: unknown[] = [];
  const authorizer: Authorizer = {
    ...alwaysAllow,
    authorize({ resource }) {
      asked.push([resource?.fieldSelector, resource?.labelSelector]);
      return { allowed: true };
    },
  };
  const askWith = (selectors: object) =>
    ask(
      subjectAccessReviews,
      "subjectaccessreviews",
      { user: "bob", resourceAttributes: { ...resourceAttributes, ...selectors } },
      { authorizer },
    );
  const own = { key: "spec.nodeName", operator: "In", values: ["a"] };
  await askWith({ fieldSelector: { requirements: [own, { key: "b", operator: "Exists" }] } });
  await askWith({
    fieldSelector: { rawSelector: "spec.nodeName!=a" },
    labelSelector: { rawSelector: "c in (d)" },
  });
  await askWith({ fieldSelector: { rawSelector: "a" } });
  expect(asked).toEqual([
    [[{ field: "spec.nodeName", operator: "=", value: "a" }], undefined],
    [[{ field: "spec.nodeName", operator: "!=", value: "a" }], [{ key: "c", operator: "in", values: ["d"] }]],
    [undefined, undefined],
  ]);
});

test("selectors that cannot be understood are told of", async () => {
  const problem = async (selectors: object) => {
    const spec = { user: "bob", resourceAttributes: { ...resourceAttributes, ...selectors } };
    const review = await ask(subjectAccessReviews, "subjectaccessreviews", spec);
    return (review.status as { evaluationError?: string }).evaluationError;
  };
  const good = { key: "a", operator: "In", values: ["b"] };
  const bad = { key: "a", operator: "Like", values: ["b"] };
  expect(await problem({ labelSelector: { requirements: [good] } })).toBeUndefined();
  expect(await problem({ fieldSelector: { rawSelector: "metadata.name=a" } })).toBeUndefined();
  expect(await problem({ labelSelector: { requirements: [bad] } })).toBe(
    "spec.resourceAttributes.labelSelector ignored due to parse error",
  );
  expect(
    await problem({
      labelSelector: { requirements: [good, bad] },
      fieldSelector: { requirements: [{ key: "a", operator: "Exists" }] },
    }),
  ).toBe(
    "spec.resourceAttributes.fieldSelector ignored due to parse error; spec.resourceAttributes.labelSelector partially ignored due to parse error",
  );
});

test("a rules review answers without what was asked", async () => {
  const review = await ask(selfSubjectRulesReviews, "selfsubjectrulesreviews", { namespace: "default" });
  expect(review).toMatchObject({ kind: "SelfSubjectRulesReview", spec: {}, status: { incomplete: false } });
  await expect(ask(selfSubjectRulesReviews, "selfsubjectrulesreviews", {})).rejects.toMatchObject({
    message: "no namespace on request",
  });
});
