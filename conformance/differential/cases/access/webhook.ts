import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { test } from "../../conversation.ts";
import type { JsonObject } from "../../json.ts";

export const flags = [
  "--authorization-mode=Webhook,RBAC",
  `--authorization-webhook-config-file=${join(import.meta.dirname, "webhook.kubeconfig")}`,
  "--authorization-webhook-cache-authorized-ttl=0",
  "--authorization-webhook-cache-unauthorized-ttl=0",
];

interface Review {
  spec?: { user?: string };
}

/** Allows allowed-…, denies denied-…, and tells in its reason what it was asked. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = "";
  for await (const chunk of request) text += chunk;
  const review = JSON.parse(text) as Review;
  const { user = "" } = review.spec ?? {};
  if (user.startsWith("broken")) return void response.writeHead(400).end("broken");
  const heard = { review, url: request.url, authorization: request.headers.authorization };
  const status = {
    allowed: user.startsWith("allowed"),
    denied: user.includes("denied"),
    reason: JSON.stringify(heard),
  };
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ ...review, status }));
}

let running: Promise<void> | undefined;

/** One for all servers of this run. */
function webhook(): Promise<void> {
  running ??= new Promise((resolve) => {
    const server = createServer((request, response) => void answer(request, response));
    // Another run's is as good.
    server.on("error", () => resolve());
    server.listen(29871, "127.0.0.1", resolve);
    server.unref();
  });
  return running;
}

const as = (name: string, more: Record<string, string | string[]> = {}) => ({
  headers: { "impersonate-user": name, ...more },
});

export const cases = [
  test("webhook: what it is asked, and what it says", async (t) => {
    await webhook();
    await t.get(t.path("v1/configmaps/a"), as("allowed-a"));
    await t.get(t.path("v1/configmaps/a"), as("unknown-a"));
    await t.get(t.path("v1/configmaps/a"), as("denied-a"));
    await t.get(t.path("v1/configmaps/a"), as("allowed-denied-a"));
    await t.get(t.path("v1/pods/a/log"), as("unknown-b", { "impersonate-group": ["g", "h"] }));
    await t.get("/api/v1/nodes", {
      ...as("unknown-c"),
      query: { fieldSelector: "metadata.name!=x", labelSelector: "a=b,c!=d,e in (f,g),!h,i" },
    });
    await t.get("/api/v1/nodes", { ...as("unknown-c"), query: { labelSelector: "a>1" } });
    await t.get("/nowhere", as("unknown-d", { "impersonate-uid": "u" }));
    await t.get("/version", { ...as("unknown-e"), remark: "RBAC allows it" });
    await t.get("/version", { ...as("denied-e"), remark: "RBAC is not asked" });
    await t.post(t.path("apps/v1/deployments"), {}, as("unknown-f", { "impersonate-extra-k": ["v", "w"] }));
  }),
  test("webhook: reviews", async (t) => {
    await webhook();
    const reviews = "/apis/authorization.k8s.io/v1";
    const apiVersion = "authorization.k8s.io/v1";
    const resourceAttributes = { verb: "list", resource: "pods", labelSelector: { rawSelector: "a=b" } };
    for (const user of ["allowed-a", "denied-a", "unknown-a", "allowed-denied-a"]) {
      const spec: JsonObject = { user, extra: { k: ["v"] }, resourceAttributes };
      await t.post(`${reviews}/subjectaccessreviews`, { apiVersion, kind: "SubjectAccessReview", spec });
    }
    const rules = { apiVersion, kind: "SelfSubjectRulesReview", spec: { namespace: "default" } };
    const answer = await t.ask("POST", `${reviews}/selfsubjectrulesreviews`, rules, as("allowed-a"));
    t.note(JSON.stringify([answer.at("status.incomplete"), answer.at("status.evaluationError")]));
  }),
];
