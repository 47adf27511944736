import { test } from "../../conversation.ts";
import { configMap } from "../../objects.ts";

export const flags = ["--authorization-mode=AlwaysDeny"];

export const cases = [
  test("denied: everybody but the administrator", async (t) => {
    const maps = t.path("v1/configmaps");
    await t.post(maps, configMap("a"));
    for (const token of ["alice-token", "bob-token", ""]) {
      await t.get("/version", { token });
      await t.get(`${maps}/a`, { token });
      await t.post(maps, configMap("b"), { token });
      await t.get("/nowhere", { token });
    }
    const reviews = "/apis/authorization.k8s.io/v1";
    const apiVersion = "authorization.k8s.io/v1";
    const spec = { user: "alice", nonResourceAttributes: { path: "/version", verb: "get" } };
    await t.post(`${reviews}/subjectaccessreviews`, { apiVersion, kind: "SubjectAccessReview", spec });
    const namespaced = { namespace: "default" };
    await t.post(`${reviews}/selfsubjectrulesreviews`, {
      apiVersion,
      kind: "SelfSubjectRulesReview",
      spec: namespaced,
    });
  }),
];
