import { expect, test } from "vitest";
import { healthChecks } from "./health-checks.ts";

test("the roles of RBAC are looked after only where it decides", () => {
  const facts = { storage: () => {}, shuttingDown: () => false, started: () => true };
  const names = (rbac: boolean) => healthChecks({ ...facts, rbac }).livez.map(({ name }) => name);
  expect(names(true)).toContain("poststarthook/rbac/bootstrap-roles");
  expect(names(false)).toEqual(names(true).filter((name) => !name.includes("rbac")));
});
