import { expect, test } from "vitest";
import { alwaysAllow } from "../server/auth/authorizer.ts";
import { anonymousUser } from "../server/auth/user.ts";
import { limitAnonymous } from "./anonymous-authorizer.ts";

test("the unknown see what is public, who only acts as them everything", async () => {
  const { authorize } = limitAnonymous(alwaysAllow);
  const may = async (path: string, user = anonymousUser) =>
    (await authorize({ user, verb: "get", path })).allowed;
  expect(await may("/version")).toBe(true);
  expect(await may("/metrics")).toBe(false);
  expect(await may("/metrics", { ...anonymousUser })).toBe(true);
});
