import { expect, test } from "vitest";
import { ManualClock } from "../../api/manual-clock.ts";
import { WebhookError } from "./webhook-client.ts";
import { webhookTokens } from "./webhook-tokens.ts";

function setUp(answer: () => unknown) {
  const reviews: unknown[] = [];
  const clock = new ManualClock();
  const authenticator = webhookTokens({
    async post(review) {
      reviews.push(review);
      return answer();
    },
    version: "v1",
    audiences: ["api"],
    cacheTtl: 10,
    clock,
  });
  const logIn = (audiences?: string[]) =>
    authenticator.authenticate({
      certificateRejected: false,
      bearerToken: "t",
      ...(audiences ? { audiences } : {}),
    });
  return { logIn, reviews, clock };
}

const jane = { username: "jane", uid: "u", groups: ["g"], extra: { k: ["v"] } };

test("a token is whose the answer says it is", async () => {
  const { logIn, reviews } = setUp(() => ({ status: { authenticated: true, user: jane } }));
  expect(await logIn()).toEqual({
    user: { name: "jane", uid: "u", groups: ["g"], extra: { k: ["v"] } },
    audiences: ["api"],
  });
  expect(reviews).toEqual([
    {
      kind: "TokenReview",
      apiVersion: "authentication.k8s.io/v1",
      metadata: {},
      spec: { token: "t", audiences: ["api"] },
      status: { user: {} },
    },
  ]);
});

test("a token is for the audiences of the answer, and for the server's own where it names none", async () => {
  const status = { authenticated: true, user: jane };
  expect(await setUp(() => ({ status })).logIn(["other", "api"])).toMatchObject({ audiences: ["api"] });
  expect(await setUp(() => ({ status })).logIn(["other"])).toBeUndefined();
  const named = setUp(() => ({ status: { ...status, audiences: ["other"] } }));
  expect(await named.logIn(["other"])).toMatchObject({ audiences: ["other"] });
  expect(await named.logIn()).toBeUndefined();
});

test("an answer is believed for a while, an error is not", async () => {
  let status: object = { authenticated: false };
  const { logIn, reviews, clock } = setUp(() => ({ status }));
  expect(await logIn()).toBeUndefined();
  clock.advance(9);
  expect(await logIn()).toBeUndefined();
  expect(reviews).toHaveLength(1);
  clock.advance(1);
  status = { authenticated: false, error: "expired" };
  expect(await logIn()).toEqual({ problem: "expired" });
  status = { authenticated: true, user: jane };
  expect(await logIn()).toHaveProperty("user");
});

test("a webhook that does not answer is told of", async () => {
  const { logIn } = setUp(() => {
    throw new WebhookError("connection refused", false);
  });
  expect(await logIn()).toEqual({ problem: "connection refused" });
});
