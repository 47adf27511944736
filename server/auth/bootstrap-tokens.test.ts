import { expect, test } from "vitest";
import type { Secret } from "../../api/bootstrap-token.ts";
import { ManualClock } from "../../api/manual-clock.ts";
import { bootstrapTokens } from "./bootstrap-tokens.ts";

const token = "abcdef.0123456789abcdef";

function secretOf(changes: Record<string, string> = {}): Secret {
  const data = {
    "token-id": "abcdef",
    "token-secret": "0123456789abcdef",
    "usage-bootstrap-authentication": "true",
    ...changes,
  };
  return {
    metadata: { name: "bootstrap-token-abcdef", namespace: "kube-system" },
    type: "bootstrap.kubernetes.io/token",
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, btoa(value)])),
  };
}

const logIn = (secret: Secret, bearerToken = token) =>
  bootstrapTokens({
    secret: async (name) => (name === "bootstrap-token-abcdef" ? secret : undefined),
    clock: new ManualClock(),
  }).authenticate({ certificateRejected: false, bearerToken });

test("a token is the user of its id, in its groups", async () => {
  expect(await logIn(secretOf())).toEqual({
    user: { name: "system:bootstrap:abcdef", groups: ["system:bootstrappers"] },
  });
  const groups = "system:bootstrappers:b,system:bootstrappers:a,system:bootstrappers:b";
  expect(await logIn(secretOf({ "auth-extra-groups": groups }))).toMatchObject({
    user: { groups: ["system:bootstrappers", "system:bootstrappers:a", "system:bootstrappers:b"] },
  });
});

test.each([
  ["with another secret", secretOf({ "token-secret": "0123456789abcdee" })],
  ["with another id", secretOf({ "token-id": "abcdee" })],
  ["that is over", secretOf({ expiration: "2025-12-31T23:59:59Z" })],
  ["whose end cannot be read", secretOf({ expiration: "tomorrow" })],
  ["not meant for it", secretOf({ "usage-bootstrap-authentication": "True" })],
  ["with a foreign group", secretOf({ "auth-extra-groups": "system:masters" })],
  ["of another type", { ...secretOf(), type: "Opaque" }],
  [
    "being deleted",
    { ...secretOf(), metadata: { ...secretOf().metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } },
  ],
])("a token %s is nobody's", async (_, secret) => {
  expect(await logIn(secret as Secret)).toBeUndefined();
});

test("what does not look like such a token is not looked up", async () => {
  for (const text of ["", "abcdef", "abcdef.0123456789abcdeF", "abcdeg.0123456789abcdef", `${token}\n`])
    expect(await logIn(secretOf(), text)).toBeUndefined();
});
