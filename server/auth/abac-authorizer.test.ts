import { expect, test } from "vitest";
import { AbacAuthorizer, parseAbacPolicies } from "./abac-authorizer.ts";
import type { AuthorizationAttributes } from "./authorizer.ts";

const policy = (spec: object) =>
  JSON.stringify({ apiVersion: "abac.authorization.kubernetes.io/v1beta1", kind: "Policy", spec });
const of = (...lines: string[]) => new AbacAuthorizer(parseAbacPolicies(lines.join("\n"), "f"));

function asks(name: string, verb: string, resource?: string, path = "", namespace = "n") {
  const asked = { group: "", version: "v1", resource: resource ?? "", subresource: "", namespace, name: "" };
  const groups = name === "system:anonymous" ? [] : ["system:authenticated"];
  return {
    user: { name, groups },
    verb,
    path,
    ...(resource ? { resource: asked } : {}),
  } as AuthorizationAttributes;
}

test("a policy allows its user what it names, or only to read it", () => {
  const { authorize } = {
    authorize: (asked: AuthorizationAttributes) => authorizer.authorize(asked).allowed,
  };
  const authorizer = of(
    "# comment",
    "",
    policy({ user: "alice", namespace: "n", resource: "pods", apiGroup: "" }),
    policy({ user: "bob", namespace: "*", resource: "*", apiGroup: "*", readonly: true }),
    policy({ group: "*", nonResourcePath: "/x/*" }),
  );
  expect([
    authorize(asks("alice", "delete", "pods")),
    authorize(asks("alice", "get", "secrets")),
    authorize(asks("alice", "get", "pods", "", "m")),
    authorize(asks("bob", "list", "secrets", "", "m")),
    authorize(asks("bob", "create", "pods")),
    authorize(asks("carol", "post", undefined, "/x/y")),
    authorize(asks("carol", "get", undefined, "/y")),
    authorize(asks("system:anonymous", "get", undefined, "/x/y")),
  ]).toEqual([true, false, false, true, false, true, false, false]);
  expect(authorizer.authorize(asks("carol", "get", "pods")).reason).toBe("No policy matched.");
});

test("a policy without a version leaves open what it does not name", () => {
  const open = of('{"user":"alice"}');
  expect(open.authorize(asks("alice", "delete", "anything")).allowed).toBe(true);
  expect(open.authorize(asks("alice", "get", undefined, "/y")).allowed).toBe(true);
  expect(open.authorize(asks("bob", "get", "pods")).allowed).toBe(false);
  const narrow = of('{"resource":"pods"}');
  expect(narrow.authorize(asks("bob", "get", "pods")).allowed).toBe(true);
  expect(narrow.authorize(asks("bob", "get", undefined, "/y")).allowed).toBe(false);
});

test("who asks is told the rules of a namespace", () => {
  const authorizer = of(
    policy({ user: "alice", namespace: "n", resource: "pods", apiGroup: "", readonly: true }),
    policy({ user: "alice", namespace: "*", nonResourcePath: "/x" }),
  );
  expect(authorizer.rulesFor({ name: "alice", groups: [] }, "n")).toEqual({
    resourceRules: [{ verbs: ["get", "list", "watch"], apiGroups: [""], resources: ["pods"] }],
    nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["/x"] }],
    incomplete: false,
  });
});

test("a line that is no policy is named", () => {
  expect(() => parseAbacPolicies("\n{", "/f")).toThrow(/^error reading policy file \/f, line 2: \{: /);
  expect(() => parseAbacPolicies('{"apiVersion":"v1","kind":"Pod"}', "/f")).toThrow("no kind");
});
