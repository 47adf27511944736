import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "../../conversation.ts";

const folder = join(import.meta.dirname, "../../out");

/** A file of the run's own: a configuration names others by their whole paths. */
function written(name: string, content: object): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

function webhook(name: string, port: number, failurePolicy: string): object {
  const kubeConfigFile = written(`${name}.kubeconfig`, {
    ...{ apiVersion: "v1", kind: "Config", "current-context": "hook" },
    clusters: [{ name: "hook", cluster: { server: `http://127.0.0.1:${port}/${name}` } }],
    contexts: [{ name: "hook", context: { cluster: "hook", user: "" } }],
  });
  const webhook = {
    ...{ timeout: "1500ms", failurePolicy, subjectAccessReviewVersion: "v1" },
    ...{ cacheAuthorizedRequests: false, cacheUnauthorizedRequests: false },
    connectionInfo: { type: "KubeConfigFile", kubeConfigFile },
  };
  return { type: "Webhook", name, webhook };
}

/** Nobody answers the last one. */
export const flags = [
  `--authorization-config=${written("authorizers.json", {
    ...{ apiVersion: "apiserver.config.k8s.io/v1", kind: "AuthorizationConfiguration" },
    authorizers: [
      webhook("first", 29874, "NoOpinion"),
      { type: "RBAC", name: "rbac" },
      webhook("second", 29874, "Deny"),
      webhook("last", 29875, "Deny"),
    ],
  })}`,
];

let running: Promise<void> | undefined;

/** Does for each what the user's name asks of it: allowed-first, denied-second, broken-first. */
function helper(): Promise<void> {
  running ??= new Promise((resolve) => {
    const server = createServer(async (request, response) => {
      let text = "";
      for await (const chunk of request) text += chunk;
      const review = JSON.parse(text) as { spec: { user: string } };
      const [, name = ""] = /^\/(\w+)/.exec(request.url ?? "") ?? [];
      const says = (word: string) => review.spec.user.includes(`${word}-${name}`);
      if (says("broken")) return void response.writeHead(400).end("broken");
      const status = { allowed: says("allowed"), denied: says("denied"), reason: String(request.url) };
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ ...review, status }));
    });
    // Another run's is as good.
    server.on("error", () => resolve());
    server.listen(29874, "127.0.0.1", resolve);
    server.unref();
  });
  return running;
}

export const cases = [
  test("authorizers: those of a file are asked in its order", async (t) => {
    await helper();
    const users = [
      ...["allowed-first", "denied-first", "allowed-first-denied-first"],
      ...["allowed-second", "denied-second", "broken-first-allowed-second", "broken-second", "nobody"],
    ];
    for (const user of users) {
      const as = { headers: { "impersonate-user": user } };
      await t.get("/version", as);
      await t.get("/api/v1/nodes", as);
      const spec = { user, resourceAttributes: { verb: "list", resource: "nodes" } };
      const review = { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec };
      await t.post("/apis/authorization.k8s.io/v1/subjectaccessreviews", review);
    }
  }),
];
