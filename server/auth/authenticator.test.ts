import { expect, test } from "vitest";
import { authenticate, certificateAuthenticator, tokenAuthenticator } from "./authenticator.ts";
import { parseTokenFile } from "./token-file.ts";

const users = parseTokenFile('t1,alice,u1,"a,b"\nt2,bob,u2,""\nt3,carol,u3\n', "tokens.csv");
const authenticators = [certificateAuthenticator, tokenAuthenticator(users, ["api", "other"])];
const byToken = (bearerToken: string, audiences?: string[]) =>
  authenticate(authenticators, {
    certificateRejected: false,
    bearerToken,
    ...(audiences ? { audiences } : {}),
  });

test("a token of the list is its user, meant for the API server", async () => {
  expect(await byToken("t1")).toEqual({
    user: { name: "alice", uid: "u1", groups: ["a", "b", "system:authenticated"] },
    audiences: ["api", "other"],
  });
});

test("a token of the list is known without waiting, as the same user each time", () => {
  const first = byToken("t1");
  expect(first).not.toBeInstanceOf(Promise);
  expect(byToken("t1")).toBe(first);
});

test("a certificate is the same user with each request of its connection", () => {
  const certificate = { commonName: "alice", organizations: ["a"], fingerprint: "f" };
  const credentials = { certificate, certificateRejected: false };
  const first = authenticate(authenticators, credentials);
  const extra = { "authentication.kubernetes.io/credential-id": ["X509SHA256=f"] };
  expect(first).toEqual({ user: { name: "alice", groups: ["a", "system:authenticated"], extra } });
  expect(authenticate(authenticators, { ...credentials })).toBe(first);
  expect(authenticate(authenticators, { ...credentials, certificateRejected: true })).toHaveProperty(
    "problem",
  );
});

test("who has to wait is asked in turn all the same", async () => {
  const late = { authenticate: async () => ({ problem: "late" }) };
  const mixed = [late, ...authenticators];
  const credentials = { certificateRejected: false, bearerToken: "t3" };
  expect(await authenticate(mixed, credentials)).toMatchObject({ user: { name: "carol" } });
  expect(await authenticate(mixed, { certificateRejected: false })).toEqual({ problem: "late" });
});

test("an empty column of groups is one group without a name", async () => {
  expect(await byToken("t2")).toMatchObject({ user: { groups: ["", "system:authenticated"] } });
  expect(await byToken("t3")).toMatchObject({ user: { groups: ["system:authenticated"] } });
});

test("a token counts for those asked-for audiences that are the server's", async () => {
  expect(await byToken("t1", ["other", "third"])).toMatchObject({ audiences: ["other"] });
  expect(await byToken("t1", ["third"])).toEqual({ problem: "invalid bearer token" });
});

test("wrong credentials are no anonymous request", async () => {
  expect(await byToken("t4")).toEqual({ problem: "invalid bearer token" });
  expect(await authenticate(authenticators, { certificateRejected: true })).toHaveProperty("problem");
  expect(await authenticate(authenticators, { certificateRejected: false })).toBeUndefined();
});

test("all that is wrong is told", async () => {
  const failing = (problem: string) => ({ authenticate: () => ({ problem }) });
  const result = authenticate([failing("one"), failing("two")], { certificateRejected: false });
  expect(await result).toEqual({ problem: "[one, two]" });
  const withToken = { certificateRejected: false, bearerToken: "x" };
  expect(await authenticate([failing("one")], withToken)).toEqual({ problem: "[invalid bearer token, one]" });
});
