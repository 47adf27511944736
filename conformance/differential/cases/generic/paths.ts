import { test } from "../../conversation.ts";

const DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

const GROUPS = [
  "admissionregistration.k8s.io/v1",
  "apiextensions.k8s.io/v1",
  "apiregistration.k8s.io/v1",
  "apps/v1",
  "authentication.k8s.io/v1",
  "authorization.k8s.io/v1",
  "autoscaling/v1",
  "autoscaling/v2",
  "batch/v1",
  "certificates.k8s.io/v1",
  "coordination.k8s.io/v1",
  "discovery.k8s.io/v1",
  "events.k8s.io/v1",
  "flowcontrol.apiserver.k8s.io/v1",
  "networking.k8s.io/v1",
  "node.k8s.io/v1",
  "policy/v1",
  "rbac.authorization.k8s.io/v1",
  "resource.k8s.io/v1",
  "scheduling.k8s.io/v1",
  "storage.k8s.io/v1",
];

export const cases = [
  test("paths: version", async (t) => {
    await t.get("/version");
    await t.get("/version/");
    await t.post("/version", {});
    await t.get("/version", { accept: "application/yaml" });
    await t.get("/version", { accept: "text/html" });
  }),
  test("paths: health", async (t) => {
    for (const path of [
      "/healthz",
      "/livez",
      "/readyz",
      "/healthz/ping",
      "/livez/ping",
      "/readyz/ping",
      "/readyz/etcd",
      "/readyz/nothing",
      "/healthz/poststarthook/rbac/bootstrap-roles",
    ]) {
      await t.get(path);
      await t.request("HEAD", path);
    }
    await t.get("/readyz", { query: { verbose: "" }, compare: "head" });
    await t.get("/livez", { query: { verbose: "true", exclude: "etcd" }, compare: "head" });
    await t.get("/readyz", { query: { exclude: "nothing" } });
    await t.post("/healthz", {});
    await t.get("/metrics", { compare: "head", accept: "text/plain" });
  }),
  test("paths: unknown", async (t) => {
    const paths = [
      "/nothing",
      "/api/v2",
      "/api/v1/nothing",
      "/api/v1/namespaces/default/nothing",
      "/api/v1/namespaces/default/nothing/a",
      "/apis/nothing",
      "/apis/nothing/v1",
      "/apis/apps/v2",
      "/apis/apps/v1/nothing",
      "/apis/apps/v1/namespaces/default/nothing/a",
      "/apis/apps/v1beta1/deployments",
      "/apis/extensions/v1beta1/ingresses",
      "/apis/example.com/v1/widgets",
      "/api/v1/namespaces/default/pods/a/nothing",
      "/api/v1/namespaces/default/configmaps/a/status",
      "/api/v1/namespaces/default/nodes/a",
      "/api/v1/pods/a",
      "/api/v1/namespaces/default/pods/a/b/c",
      "/api/v1/namespaces//pods",
      "/api//v1",
      "//api/v1",
      "/api/v1/",
      "/apis/",
      "/api/",
      "/apis/apps/",
      "/apis/apps/v1/",
      "/favicon.ico",
      "/..",
      "/api/v1/../v1",
      "/%61pi/v1",
    ];
    for (const path of paths) await t.get(path);
    for (const path of ["/nothing", "/apis/example.com/v1/widgets", "/api/v1/nothing"]) {
      await t.post(path, {});
      await t.put(path, {});
      await t.delete(path);
      await t.patch(path, {});
    }
  }),
  test("paths: wrong methods", async (t) => {
    const paths = [
      "/api",
      "/api/v1",
      "/apis",
      "/apis/apps",
      "/apis/apps/v1",
      "/",
      "/openapi/v2",
      "/openapi/v3",
      "/healthz",
      "/api/v1/nodes",
      "/api/v1/nodes/a",
      t.path("v1/configmaps"),
      `${t.path("v1/configmaps")}/a`,
      "/api/v1/componentstatuses",
      "/apis/authorization.k8s.io/v1/subjectaccessreviews",
    ];
    for (const path of paths) {
      for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "PROPFIND"]) {
        // A collection of nodes that is emptied would disturb other cases.
        if (method === "DELETE" && path === "/api/v1/nodes") continue;
        if (method === "HEAD") await t.request("HEAD", path);
        else await t.request(method, path, {}, { headers: { "content-type": "application/json" } });
      }
    }
  }),
  test("paths: discovery", async (t) => {
    await t.get("/");
    await t.get("/api");
    await t.get("/apis");
    await t.get("/api/v1");
    for (const group of GROUPS) {
      await t.get(`/apis/${group.split("/")[0]}`);
      await t.get(`/apis/${group}`);
    }
  }),
  test("paths: aggregated discovery", async (t) => {
    await t.get("/api", { accept: DISCOVERY });
    await t.get("/apis", { accept: DISCOVERY });
    await t.get("/apis", { accept: DISCOVERY.replace("v=v2;", "v=v2beta1;") });
    await t.get("/apis", { accept: `${DISCOVERY},application/json` });
    await t.get("/apis", { accept: DISCOVERY.replace("v=v2;", "v=v9;") });
    await t.get("/apis/apps", { accept: DISCOVERY });
    const first = await t.get("/apis", { accept: DISCOVERY, compare: "status" });
    const tag = first.headers["etag"]?.[0];
    await t.get("/apis", {
      accept: DISCOVERY,
      headers: { "if-none-match": tag ?? "" },
      remark: "not modified",
    });
    await t.get("/api", { accept: "application/vnd.kubernetes.protobuf" });
    await t.get("/apis/apps/v1", { accept: "application/yaml" });
    await t.get("/apis/apps/v1", { accept: "text/html" });
  }),
  test("paths: OpenAPI", async (t) => {
    const index = await t.get("/openapi/v3", { compare: "head" });
    t.note(
      Object.keys(index.at("paths") ?? {})
        .sort()
        .join("\n"),
    );
    await t.get("/openapi/v2", { compare: "head" });
    await t.get("/openapi/v2", {
      accept: "application/com.github.proto-openapi.spec.v2@v1.0+protobuf",
      compare: "head",
    });
    await t.get("/openapi/v2", { accept: "text/html", compare: "status" });
    await t.get("/openapi/v3/apis/nothing/v1");
    await t.get("/openapi/v3/apis/apps/v1", {
      accept: "application/com.github.proto-openapi.spec.v3@v1.0+protobuf",
      compare: "head",
    });
    await t.get("/openapi/v3/apis/apps/v1", { compare: "head" });
    await t.get("/openapi/v1");
    await t.get("/swagger.json");
    await t.get("/openid/v1/jwks", { compare: "head" });
    await t.get("/openid/v1/jwks/", { compare: "head" });
    await t.get("/openid/v1/jwks/more");
    for (const path of ["/version/", "/version/more"]) await t.get(path, { compare: "head" });
    await t.get("/.well-known/openid-configuration/", { compare: "head" });
    await t.get("/.well-known/openid-configuration");
    await t.get("/logs");
    await t.get("/debug/pprof/", { compare: "head" });
    await t.get("/configz", { compare: "status" });
    await t.get("/metrics/slis", { compare: "head" });
    for (const [path, kind] of [
      ["/statusz", "Statusz"],
      ["/flagz", "Flagz"],
    ]) {
      const structured = (type: string, version: string) =>
        `application/${type};as=${kind};v=${version};g=config.k8s.io`;
      for (const accept of [
        "text/plain",
        "*/*",
        structured("json", "v1beta1"),
        structured("yaml", "v1alpha1"),
      ])
        await t.get(path ?? "", { accept, compare: "head" });
      for (const accept of ["application/json", "text/html", structured("json", "v1")])
        await t.get(path ?? "", { accept });
    }
  }),
  test("paths: HEAD and OPTIONS of resources", async (t) => {
    const all = t.path("v1/configmaps");
    await t.post(all, { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } });
    await t.request("HEAD", `${all}/a`);
    await t.request("HEAD", all);
    await t.request("HEAD", `${all}/missing`);
    await t.request("OPTIONS", all);
    await t.get(`${all}/a`, { headers: { origin: "http://example.com" } });
  }),
  test("paths: who asks", async (t) => {
    await t.get("/api/v1/namespaces/default", { token: "wrong-token" });
    await t.get("/api/v1/namespaces/default/configmaps/missing", { token: "" });
    await t.get("/version", { token: "wrong-token" });
    await t.get("/healthz", { token: "" });
    await t.get("/api/v1/namespaces/default/configmaps/missing", {
      token: "",
      headers: { authorization: "Basic YTpi" },
    });
    await t.get("/api/v1/namespaces/default/configmaps/missing", {
      token: "",
      headers: { authorization: "Bearer" },
    });
    await t.get("/api/v1/namespaces/default/configmaps/missing", {
      token: "",
      headers: { authorization: "Bearer  two words" },
    });
    const review = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
    const reviews = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    for (const token of ["admin-token", "alice-token", "bob-token", ""])
      await t.post(reviews, review, { token });
    const impersonations: Record<string, string | string[]>[] = [
      { "impersonate-user": "carol" },
      {
        "impersonate-user": "carol",
        "impersonate-group": ["a", "b"],
        "impersonate-uid": "u",
        "impersonate-extra-scopes": "x",
      },
      { "impersonate-group": "a" },
      { "impersonate-user": "system:serviceaccount:ns:sa" },
      { "impersonate-user": "system:anonymous" },
      { "impersonate-user": "carol", "impersonate-extra-example.com%2fkey": "v" },
    ];
    for (const headers of impersonations) await t.post(reviews, review, { headers });
    await t.post(reviews, review, { token: "alice-token", headers: { "impersonate-user": "carol" } });
  }),
];
