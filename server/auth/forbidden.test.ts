import { expect, test } from "vitest";
import { forbiddenError } from "./forbidden.ts";

test("who may not do what is told without markup, why as it is", () => {
  const user = { name: "<b>&", groups: [] };
  expect(forbiddenError({ user, verb: "get", path: "/x" }, "a > b").message).toBe(
    'forbidden: User "&lt;b&gt;&amp;" cannot get path "/x": a > b',
  );
});
