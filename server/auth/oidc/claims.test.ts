import { describe, expect, test } from "vitest";
import { type Claims, userOf } from "./claims.ts";

const username = { claim: "sub", prefix: "p:" };
const of = (claims: Claims, mappings: object = {}, claimValidationRules: object[] = []) =>
  userOf(claims, { claimMappings: { username, ...mappings }, claimValidationRules });

test("claims are the user, with prefixes", () => {
  const mappings = { groups: { claim: "roles", prefix: "g:" }, uid: { claim: "oid" } };
  expect(of({ sub: "jane", roles: ["a", "b"], oid: "u", jti: "7" }, mappings)).toEqual({
    name: "p:jane",
    groups: ["g:a", "g:b"],
    uid: "u",
    extra: { "authentication.kubernetes.io/credential-id": ["JTI=7"] },
  });
});

test("one text is a list of groups, none are no groups", () => {
  const groups = { claim: "role", prefix: "" };
  expect(of({ sub: "jane", role: "a" }, { groups }).groups).toEqual(["a"]);
  expect(of({ sub: "jane", role: null }, { groups }).groups).toEqual([]);
  expect(of({ sub: "jane" }, { groups }).groups).toEqual([]);
});

test("an address is believed when it was verified, or nothing is said of that", () => {
  const email = { username: { claim: "email", prefix: "" } };
  const address = "jane@example.com";
  expect(of({ email: address }, email).name).toBe(address);
  expect(of({ email: address, email_verified: true }, email).name).toBe(address);
  const wrong = (value: unknown) => () => of({ email: address, email_verified: value }, email);
  expect(wrong(false)).toThrow("oidc: email not verified");
  expect(wrong("true")).toThrow(
    "oidc: parse 'email_verified' claim: json: cannot unmarshal string into Go value of type bool",
  );
});

describe("refused", () => {
  test.each([
    [{}, {}, 'oidc: parse username claims "sub": claim not present'],
    [
      { sub: 1 },
      {},
      'oidc: parse username claims "sub": json: cannot unmarshal number into Go value of type string',
    ],
    [
      { sub: "a", g: ["a", 1] },
      { groups: { claim: "g" } },
      'oidc: parse groups claim "g": json: cannot unmarshal array into Go value of type string',
    ],
    [{ sub: "a" }, { uid: { claim: "u" } }, 'oidc: parse uid claim "u": claim not present'],
  ])("claims %j", (claims, mappings, message) => {
    expect(() => of(claims, mappings)).toThrow(expect.objectContaining({ message }));
  });

  test("tokens without a claim that is required, or with another value", () => {
    const rules = [{ claim: "hd", requiredValue: "example.com" }];
    expect(() => of({ sub: "a" }, {}, rules)).toThrow("oidc: required claim hd not present in ID token");
    expect(() => of({ sub: "a", hd: "x" }, {}, rules)).toThrow(
      "oidc: required claim hd value does not match. Got = x, want = example.com",
    );
    expect(of({ sub: "a", hd: "example.com" }, {}, rules).name).toBe("p:a");
  });
});
