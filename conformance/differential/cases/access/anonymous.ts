/** What is open to who shows no credentials: every operation that there is, and every path that names no resource. */
import { type Conversation, test } from "../../conversation.ts";

export const flags = ["--authorization-mode=RBAC"];

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const nobody = { token: "" };

/** The paths of the published document. */
async function documentedPaths(t: Conversation): Promise<string[]> {
  const document = await t.ask("GET", "/openapi/v2");
  const templates = Object.keys((document.at("paths") ?? {}) as object).sort();
  const values: Readonly<Record<string, string>> = { namespace: "default", logpath: "a.log", path: "a" };
  return templates.map((template) =>
    template.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "a"),
  );
}

/** What the server says at its root that it has. */
async function listedPaths(t: Conversation): Promise<string[]> {
  const root = await t.ask("GET", "/");
  return root.at("paths") as string[];
}

const UNLISTED = [
  "",
  "/",
  "/api/v2",
  "/apis/example.com",
  "/apis/example.com/v1",
  "/apis/example.com/v1/widgets",
  "/configz",
  "/debug",
  "/debug/api_priority_and_fairness/dump_priority_levels",
  "/debug/flags/v",
  "/debug/pprof",
  "/debug/pprof/heap",
  "/favicon.ico",
  "/healthz/etcd/more",
  "/healthz/nothing",
  "/livez/nothing",
  "/livez/poststarthook/nothing",
  "/logs",
  "/metrics/cadvisor",
  "/metrics/slis",
  "/nowhere",
  "/openapi",
  "/openapi/v3/nothing",
  "/readyz/nothing",
  "/robots.txt",
  "/swagger.json",
  "/swaggerapi",
  "/ui",
  "/version/more",
  "/.well-known",
  "/.well-known/nothing",
];

export const cases = [
  test("anonymous: every documented operation", async (t) => {
    const paths = await documentedPaths(t);
    t.note(`${paths.length} paths`);
    for (const path of paths) {
      for (const method of methods) await t.request(method, path, undefined, nobody);
    }
  }),
  test("anonymous: watches, logs and what is below an object", async (t) => {
    const queries = ["?watch=true&timeoutSeconds=1", "?allowWatchBookmarks=true", "?dryRun=All"];
    const below = [
      "/status",
      "/log",
      "/exec",
      "/attach",
      "/portforward",
      "/proxy",
      "/proxy/a",
      "/eviction",
      "/nothing",
    ];
    for (const path of ["/api/v1/pods", "/api/v1/namespaces/default/pods", "/apis/apps/v1/deployments"]) {
      for (const query of queries) await t.get(path + query, nobody);
    }
    for (const kind of ["pods", "services"]) {
      for (const end of below) await t.get(`/api/v1/namespaces/default/${kind}/a${end}`, nobody);
    }
    for (const end of ["", "/healthz", "/metrics"]) await t.get(`/api/v1/nodes/a/proxy${end}`, nobody);
  }),
  test("anonymous: paths that name no resource", async (t) => {
    const paths = [...new Set([...(await listedPaths(t)), ...UNLISTED])].sort();
    for (const path of paths) {
      // How a healthy server, and its documents, look is compared elsewhere.
      for (const method of methods)
        await t.request(method, path, undefined, { ...nobody, compare: "status" });
      for (const odd of [
        `${path}/`,
        `/${path}`,
        `${path}/a`,
        `${path}//a`,
        `${path}/../version`,
        `${path}%2f`,
        `${path}?verbose`,
      ])
        await t.get(odd, { ...nobody, compare: "status" });
    }
  }),
  test("anonymous: wrong credentials are none", async (t) => {
    const wrong = ["Bearer wrong", "Bearer ", "Basic YTpi", "bearer admin-token-not", "Negotiate a"];
    for (const authorization of wrong) {
      for (const path of ["/version", "/api", "/livez", "/api/v1/namespaces"]) {
        await t.get(path, { ...nobody, headers: { authorization }, compare: "status" });
      }
    }
  }),
];
