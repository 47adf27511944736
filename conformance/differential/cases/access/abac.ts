import { join } from "node:path";
import { test } from "../../conversation.ts";
import { configMap } from "../../objects.ts";

export const flags = [
  "--authorization-mode=ABAC",
  `--authorization-policy-file=${join(import.meta.dirname, "policies.jsonl")}`,
];

const as = (name: string, ...groups: string[]) => ({
  headers: { "impersonate-user": name, ...(groups.length === 0 ? {} : { "impersonate-group": groups }) },
});

export const cases = [
  test("abac: policies of a file", async (t) => {
    const maps = t.path("v1/configmaps");
    const alice = { token: "alice-token" };
    await t.post(maps, configMap("a"), alice);
    await t.get(t.path("v1/secrets"), alice);
    await t.get(t.path("v1/secrets", "default"), alice);
    await t.delete(t.path("v1/secrets/a", "default"), undefined, alice);
    for (const token of ["alice-token", "bob-token", ""]) {
      await t.get("/version", { token, compare: token === "" ? "all" : "status" });
      await t.post("/version", {}, { token });
      await t.get("/apis/nothing", { token });
      await t.get("/nowhere", { token });
    }
    await t.get(t.path("v1/secrets", "default"), as("old"));
    await t.delete(t.path("v1/secrets/absent", "default"), undefined, as("old"));
    await t.get(t.path("v1/secrets"), as("old"));
    await t.get(t.path("v1/secrets"), as("carol"));
    await t.get(t.path("v1/secrets"), as("carol", "testers"));
    await t.get("/nowhere", as("carol", "testers"));
    const apiVersion = "authorization.k8s.io/v1";
    const rules = { apiVersion, kind: "SelfSubjectRulesReview", spec: { namespace: "default" } };
    await t.post("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", rules, alice);
    await t.post("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", rules, as("carol", "testers"));
  }),
];
