import { join } from "node:path";
import { test } from "../../conversation.ts";

export const flags = [
  "--authorization-mode=Webhook,RBAC",
  `--authorization-webhook-config-file=${join(import.meta.dirname, "absent-webhook.kubeconfig")}`,
];

export const cases = [
  test("webhook: nobody answers", async (t) => {
    const alice = { token: "alice-token" };
    await t.get("/version", alice);
    await t.get(t.path("v1/pods"), alice);
    await t.get("/nowhere?a=<b>&c=d", alice);
    await t.get(t.path("v1/pods"));
    const spec = { user: "alice", resourceAttributes: { verb: "get", resource: "pods" } };
    const apiVersion = "authorization.k8s.io/v1";
    await t.post("/apis/authorization.k8s.io/v1/subjectaccessreviews", {
      apiVersion,
      kind: "SubjectAccessReview",
      spec,
    });
    await t.get("/version", { ...alice, headers: { "impersonate-user": "bob" } });
  }),
];
