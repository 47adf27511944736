import { expect, test } from "vitest";
import { ManualClock } from "../../api/manual-clock.ts";
import type { AuthorizationAttributes } from "./authorizer.ts";
import { WebhookAuthorizer } from "./webhook-authorizer.ts";
import { WebhookError } from "./webhook-client.ts";

function setUp(answer: (review: object) => object, version: "v1" | "v1beta1" = "v1", denyOnError = false) {
  const clock = new ManualClock();
  const reviews: object[] = [];
  const post = async (review: object) => {
    reviews.push(review);
    return answer(review);
  };
  const authorizer = new WebhookAuthorizer({
    post,
    version,
    authorizedTtl: 1000,
    unauthorizedTtl: 10,
    denyOnError,
    clock,
  });
  return { authorizer, reviews, clock };
}

const asked = (name: string): AuthorizationAttributes => ({
  user: { name, groups: ["g"], uid: "u", extra: { k: ["v"] } },
  verb: "get",
  path: "/x",
});

test("a review says what is asked, without what is empty", async () => {
  const { authorizer, reviews } = setUp(() => ({ status: { allowed: true, reason: "because" } }), "v1beta1");
  const resource = {
    ...{ group: "", version: "v1", resource: "pods", subresource: "", namespace: "n", name: "" },
    fieldSelector: [{ field: "f", operator: "!=" as const, value: "x" }],
    labelSelector: [
      { key: "a", operator: "exists" as const, values: [] },
      { key: "b", operator: "gt" as const, values: ["1"] },
    ],
  };
  const user = { name: "alice", groups: ["g"] };
  const decision = await authorizer.authorize({ user, verb: "list", path: "", resource });
  expect(decision).toEqual({ allowed: true, reason: "because" });
  expect(reviews).toEqual([
    {
      kind: "SubjectAccessReview",
      apiVersion: "authorization.k8s.io/v1beta1",
      metadata: {},
      spec: {
        resourceAttributes: {
          namespace: "n",
          verb: "list",
          version: "v1",
          resource: "pods",
          fieldSelector: { requirements: [{ key: "f", operator: "NotIn", values: ["x"] }] },
          labelSelector: { requirements: [{ key: "a", operator: "Exists" }] },
        },
        user: "alice",
        group: ["g"],
      },
      status: { allowed: false },
    },
  ]);
});

test("answers are believed for as long as they may be", async () => {
  const { authorizer, reviews, clock } = setUp((review) => {
    const { spec } = review as { spec: { user: string } };
    return { status: { allowed: spec.user === "alice" } };
  });
  const ask = async (name: string) => (await authorizer.authorize(asked(name))).allowed;
  expect([await ask("alice"), await ask("bob")]).toEqual([true, false]);
  clock.advance(9);
  await ask("alice");
  await ask("bob");
  expect(reviews).toHaveLength(2);
  clock.advance(1);
  await ask("alice");
  await ask("bob");
  expect(reviews).toHaveLength(3);
});

test("what is too long is not kept", async () => {
  const { authorizer, reviews } = setUp(() => ({ status: { allowed: true } }));
  const long = { ...asked("alice"), path: "x".repeat(10_000) };
  await authorizer.authorize(long);
  await authorizer.authorize(long);
  expect(reviews).toHaveLength(2);
});

test("a denial is final, and cannot be allowed at once", async () => {
  const denied = setUp(() => ({ status: { denied: true, reason: "no" } })).authorizer;
  expect(await denied.authorize(asked("a"))).toEqual({ allowed: false, denied: true, reason: "no" });
  const both = setUp(() => ({ status: { denied: true, allowed: true } })).authorizer;
  expect(await both.authorize(asked("a"))).toMatchObject({
    allowed: false,
    denied: true,
    error: "webhook subject access review returned both allow and deny response",
  });
});

test("a webhook that fails leaves it to others unless it is to refuse, and the failure is told", async () => {
  const fail = () => {
    throw new WebhookError("connection refused", false);
  };
  const failed = { allowed: false, error: "connection refused" };
  expect(await setUp(fail).authorizer.authorize(asked("a"))).toEqual(failed);
  const final = setUp(fail, "v1", true).authorizer;
  expect(await final.authorize(asked("a"))).toEqual({ ...failed, denied: true });
});
