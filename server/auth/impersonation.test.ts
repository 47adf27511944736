import { describe, expect, test } from "vitest";
import type { AuthorizationAttributes, Authorizer } from "./authorizer.ts";
import { alwaysAllow } from "./authorizer.ts";
import { Impersonation, mentionsUser, type WantedUser, wantedUser } from "./impersonation.ts";

describe("whom a request wants to be", () => {
  test("its headers say", () => {
    const headers = {
      "impersonate-user": ["carol"],
      "impersonate-group": ["a", "b"],
      "impersonate-uid": ["u"],
      "impersonate-extra-example.com%2fkey": ["v", "w"],
    };
    const extra = { "example.com/key": ["v", "w"] };
    expect(wantedUser(headers)).toEqual({ name: "carol", uid: "u", groups: ["a", "b"], extra });
    expect(wantedUser({ accept: ["*/*"] })).toBeUndefined();
  });

  test("no header but those about it makes a request look", () => {
    expect(mentionsUser({ accept: "*/*", "x-impersonate-user": "carol" })).toBe(false);
    expect(mentionsUser({ accept: "*/*", "impersonate-extra-k": "" })).toBe(true);
  });

  test("nothing else without a user", () => {
    expect(() => wantedUser({ "impersonate-group": ["a"], "impersonate-extra-k": ["v"] })).toThrow(
      'requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string{"a"}, Extra:map[string][]string{"k":[]string{"v"}}} without impersonating a user name',
    );
  });
});

const requestor = { name: "alice", groups: [] };
const request: AuthorizationAttributes = {
  user: requestor,
  verb: "list",
  path: "",
  resource: { group: "", version: "v1", resource: "pods", subresource: "", namespace: "n", name: "" },
};
const user = (name: string, rest: Partial<WantedUser> = {}): WantedUser => ({
  name,
  uid: "",
  groups: [],
  extra: {},
  ...rest,
});

const impersonate = (
  authorizer: Authorizer,
  wanted: WantedUser,
  attributes: AuthorizationAttributes,
  constrained: boolean,
) => new Impersonation(authorizer, constrained).userFor(wanted, attributes);

/** Allows what is listed, as "verb resource/name", and tells what it was asked. */
function only(...allowed: string[]): Authorizer & { asked: string[] } {
  const asked: string[] = [];
  return {
    ...alwaysAllow,
    asked,
    authorize({ verb, resource }) {
      const question = `${verb} ${resource?.resource}/${resource?.name}`;
      asked.push(question);
      return { allowed: allowed.includes(question) };
    },
  };
}

test.each([
  [user("carol"), ["system:authenticated"]],
  [user("carol", { groups: ["system:unauthenticated"] }), ["system:unauthenticated"]],
  [user("carol", { groups: ["a"] }), ["a", "system:authenticated"]],
  [user("system:anonymous"), ["system:unauthenticated"]],
  [user("system:node:n1"), ["system:nodes", "system:authenticated"]],
  [
    user("system:serviceaccount:n:robot"),
    ["system:serviceaccounts", "system:serviceaccounts:n", "system:authenticated"],
  ],
])("%j gets the groups that belong to it", async (wanted, groups) => {
  expect(await impersonate(alwaysAllow, wanted, request, true)).toMatchObject({ name: wanted.name, groups });
});

test("a user may be impersonated for a single kind of request", async () => {
  const authorizer = only("impersonate-on:user-info:list pods/", "impersonate:user-info users/carol");
  expect(await impersonate(authorizer, user("carol"), request, true)).toMatchObject({ name: "carol" });
});

test("the old right still suffices, and the first refusal is told", async () => {
  expect(await impersonate(only("impersonate users/carol"), user("carol"), request, true)).toBeDefined();
  await expect(impersonate(only(), user("carol"), request, true)).rejects.toMatchObject({
    code: 403,
    message:
      'pods is forbidden: User "alice" cannot impersonate-on:user-info:list resource "pods" in API group "" in the namespace "n"',
  });
  const old = only();
  await expect(impersonate(old, user("carol"), request, false)).rejects.toMatchObject({ code: 403 });
  expect(old.asked).toEqual(["impersonate users/carol"]);
});

test("the mode that sufficed last time is tried first, and tells the refusal", async () => {
  const authorizer = only("impersonate users/carol");
  const impersonation = new Impersonation(authorizer, true);
  await impersonation.userFor(user("carol"), request);
  authorizer.asked.length = 0;
  await impersonation.userFor(user("carol"), request);
  expect(authorizer.asked).toEqual(["impersonate users/carol"]);
  await expect(impersonation.userFor(user("dave"), request)).rejects.toMatchObject({
    message:
      'users "dave" is forbidden: User "alice" cannot impersonate resource "users" in API group "" at the cluster scope',
  });
});

test("the constrained modes do not hand out system:masters", async () => {
  const constrained = ["impersonate-on:user-info:list pods/", "impersonate:user-info users/carol"];
  const wanted = user("carol", { groups: ["system:masters"] });
  await expect(impersonate(only(...constrained), wanted, request, true)).rejects.toMatchObject({
    message: expect.stringContaining("impersonating the system:masters group is not allowed"),
  });
});

test("a service account may be the node that it runs on, whichever that is", async () => {
  const account = {
    name: "system:serviceaccount:n:agent",
    groups: [],
    extra: { "authentication.kubernetes.io/node-name": ["n1"] },
  };
  const authorizer = only("impersonate-on:associated-node:list pods/", "impersonate:associated-node nodes/*");
  const own = { ...request, user: account };
  expect(await impersonate(authorizer, user("system:node:n1"), own, true)).toMatchObject({
    name: "system:node:n1",
  });
  await expect(impersonate(authorizer, user("system:node:n2"), own, true)).rejects.toMatchObject({
    code: 403,
  });
});
