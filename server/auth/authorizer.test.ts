import { expect, test } from "vitest";
import {
  type AuthorizationAttributes,
  type AuthorizationDecision,
  type Authorizer,
  allowMasters,
  alwaysAllow,
  alwaysDeny,
  firstOf,
  type SubjectRules,
} from "./authorizer.ts";

const asked = (...groups: string[]): AuthorizationAttributes => ({
  user: { name: "u", groups },
  verb: "get",
  path: "/",
});

function answering(
  decision: AuthorizationDecision | Promise<AuthorizationDecision>,
  rules?: Partial<SubjectRules>,
) {
  const none = { resourceRules: [], nonResourceRules: [], incomplete: false };
  return { authorize: () => decision, rulesFor: () => ({ ...none, ...rules }) } satisfies Authorizer;
}

test("where everything is denied, system:masters may still do everything", () => {
  const { authorize } = firstOf([allowMasters, alwaysDeny]);
  expect(authorize(asked("system:authenticated", "system:masters"))).toEqual({ allowed: true });
  expect(authorize(asked("system:authenticated"))).toEqual({
    allowed: false,
    reason: "Everything is forbidden.",
  });
});

test("who has no opinion leaves it to the next, and the reasons add up", async () => {
  const first = answering({ allowed: false, reason: "a" });
  const second = answering(Promise.resolve({ allowed: false, reason: "b" }));
  const silent = answering({ allowed: false });
  expect(await firstOf([first, second, silent]).authorize(asked())).toEqual({
    allowed: false,
    reason: "a\nb",
  });
  expect(await firstOf([first, second, alwaysAllow]).authorize(asked())).toEqual({ allowed: true });
});

test("what kept one from deciding is told only where nobody else decides", () => {
  const failing = answering({ allowed: false, reason: "a", error: "broken" });
  expect(firstOf([failing, failing]).authorize(asked())).toEqual({
    allowed: false,
    reason: "a\na",
    error: "broken",
  });
  expect(firstOf([failing, alwaysAllow]).authorize(asked())).toEqual({ allowed: true });
});

test("who denies is the last to be asked", () => {
  const denying = answering({ allowed: false, denied: true, reason: "no" });
  const all = firstOf([answering({ allowed: false, reason: "a" }), denying, alwaysAllow]);
  expect(all.authorize(asked())).toEqual({ allowed: false, denied: true, reason: "no" });
});

test("the rules of all are told, and whatever one of them cannot tell", () => {
  const partial = answering({ allowed: false }, { incomplete: true, evaluationError: "not known" });
  expect(firstOf([partial, alwaysAllow]).rulesFor({ name: "u", groups: [] }, "n")).toEqual({
    ...alwaysAllow.rulesFor({ name: "u", groups: [] }, "n"),
    incomplete: true,
    evaluationError: "not known",
  });
});
