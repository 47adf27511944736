import { type Conversation, test } from "../../conversation.ts";
import { configMap, pod } from "../../objects.ts";

async function fill(t: Conversation, count: number): Promise<string> {
  for (let n = 0; n < count; n++) {
    const labels = { n: String(n), parity: n % 2 === 0 ? "even" : "odd", ...(n === 0 ? { first: "" } : {}) };
    await t.ask(
      "POST",
      t.path("v1/configmaps"),
      configMap(`c${n}`, { metadata: { labels }, data: { n: String(n) } }),
    );
  }
  return t.path("v1/configmaps");
}

const LABEL_SELECTORS = [
  "",
  "parity=even",
  "parity==even",
  "parity!=even",
  "parity in (even, odd),n notin (1,2)",
  "parity",
  "!parity",
  "first=",
  "n>2",
  "n<2",
  "n>x",
  "parity in ()",
  "parity in (even",
  "parity even",
  "=x",
  "a=b=c",
  "bad key=x",
  "parity=bad value!",
  "parity=even,",
  ",",
  "x/y/z=1",
  "parity in even",
  "()",
  "n in (0,)",
  "!first=x",
  "parity=Even",
];

const FIELD_SELECTORS = [
  "",
  "metadata.name=c1",
  "metadata.name!=c1",
  "metadata.name==c1",
  "metadata.name=c1,metadata.name=c2",
  "metadata.namespace=nowhere",
  "metadata.labels.n=1",
  "data.n=1",
  "metadata.name",
  "metadata.name=",
  "metadata.name>c1",
  "metadata.name in (c1)",
  "=",
  "metadata.name=c\\,1",
  "metadata.name=c\\1",
  "metadata.uid=x",
];

export const cases = [
  test("lists: label selectors", async (t) => {
    const all = await fill(t, 4);
    for (const labelSelector of LABEL_SELECTORS) await t.get(all, { query: { labelSelector } });
    await t.delete(all, undefined, { query: { labelSelector: "a in b" } });
    await t.get(all, { query: { labelSelector: ["parity=even", "parity=odd"] } });
  }),
  test("lists: field selectors", async (t) => {
    const all = await fill(t, 3);
    for (const fieldSelector of FIELD_SELECTORS) await t.get(all, { query: { fieldSelector } });
  }),
  test("lists: field selectors of kinds", async (t) => {
    const selectors: readonly (readonly [string, readonly string[]])[] = [
      [
        "v1/pods",
        [
          "spec.nodeName=",
          "spec.restartPolicy=Always",
          "spec.schedulerName=x",
          "spec.serviceAccountName=",
          "spec.hostNetwork=false",
          "status.phase=Pending",
          "status.podIP=",
          "status.podIPs=",
          "status.nominatedNodeName=",
          "spec.containers=x",
        ],
      ],
      ["v1/secrets", ["type=Opaque", "type!=Opaque", "data=x"]],
      ["v1/services", ["spec.clusterIP=None", "spec.type=ClusterIP", "spec.x=y"]],
      [
        "v1/events",
        [
          "involvedObject.kind=Pod",
          "involvedObject.name=a",
          "involvedObject.uid=u",
          "involvedObject.namespace=x",
          "involvedObject.apiVersion=v1",
          "involvedObject.resourceVersion=1",
          "involvedObject.fieldPath=x",
          "reason=R",
          "reportingComponent=c",
          "source=s",
          "type=Normal",
          "message=x",
        ],
      ],
      [
        "events.k8s.io/v1/events",
        ["regarding.kind=Pod", "involvedObject.kind=Pod", "reportingController=c", "type=Normal", "reason=R"],
      ],
      ["v1/replicationcontrollers", ["status.replicas=0", "spec.replicas=0"]],
      ["apps/v1/replicasets", ["status.replicas=0", "spec.replicas=0"]],
      ["apps/v1/deployments", ["status.replicas=0", "metadata.name=x"]],
      ["batch/v1/jobs", ["status.successful=0", "status.active=0"]],
    ];
    await t.ask("POST", t.path("v1/pods"), pod("a"));
    for (const [resource, fields] of selectors) {
      for (const fieldSelector of fields) await t.get(t.path(resource), { query: { fieldSelector } });
    }
    const clusterScoped = [
      ["/api/v1/namespaces", "status.phase=Terminating"],
      ["/api/v1/namespaces", "name=nothing"],
      ["/api/v1/nodes", "spec.unschedulable=true"],
      ["/api/v1/nodes", "spec.taints=x"],
      ["/apis/certificates.k8s.io/v1/certificatesigningrequests", "spec.signerName=none"],
      ["/apis/networking.k8s.io/v1/ipaddresses", "spec.parentRef.name=x"],
      ["/apis/resource.k8s.io/v1/resourceslices", "spec.nodeName=none"],
      ["/apis/resource.k8s.io/v1/resourceslices", "spec.driver=none"],
      ["/apis/resource.k8s.io/v1/resourceslices", "spec.pool=none"],
    ] as const;
    for (const [path, fieldSelector] of clusterScoped) await t.get(path, { query: { fieldSelector } });
  }),
  test("lists: limit and continue", async (t) => {
    const all = await fill(t, 7);
    const first = await t.get(all, { query: { limit: 3 } });
    const second = await t.get(all, { query: { limit: 3, continue: first.string("metadata.continue") } });
    await t.ask("POST", all, configMap("c9"));
    await t.ask("DELETE", `${all}/c6`);
    await t.get(all, { query: { limit: 3, continue: second.string("metadata.continue") } });
    await t.get(all, { query: { continue: first.string("metadata.continue") }, remark: "no limit" });
    await t.get(all, { query: { limit: 100 } });
    await t.get(all, { query: { limit: 7 } });
    await t.get(all, { query: { limit: 2, labelSelector: "parity=odd" } });
    await t.get(all, { query: { limit: 1, fieldSelector: "metadata.name=c1" } });
    await t.get(all, { query: { limit: 0 } });
    await t.get(all, { query: { limit: -1 } });
    await t.get(all, { query: { limit: "x" } });
    await t.get(all, { query: { limit: "9223372036854775808" } });
    const bare = { limit: 3, continue: first.string("metadata.continue") };
    await t.get(all, { query: { ...bare, resourceVersion: "5" }, remark: "continue with resourceVersion" });
    await t.get(all, { query: { ...bare, resourceVersionMatch: "Exact" }, remark: "continue with match" });
    await t.get(t.path("v1/secrets"), { query: bare, remark: "token of another list" });
    await t.get("/api/v1/configmaps", {
      query: { ...bare, labelSelector: "none=none" },
      remark: "token of a narrower list",
    });
  }),
  test("lists: faulty continue tokens", async (t) => {
    const all = await fill(t, 2);
    const token = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const tokens = [
      "x",
      "%%%",
      token({}),
      token({ v: "meta.k8s.io/v1", rv: 1, start: "" }),
      token({ v: "meta.k8s.io/v2", rv: 1, start: "a" }),
      token({ v: "meta.k8s.io/v1", rv: 0, start: "a" }),
      token({ v: "meta.k8s.io/v1", rv: -1, start: `c0\u0000` }),
      token({ v: "meta.k8s.io/v1", rv: 1, start: "../x" }),
      token({ v: "meta.k8s.io/v1", rv: 99999999, start: "c0\u0000" }),
      token({ v: "meta.k8s.io/v1", rv: 1, start: "c0\u0000" }),
      Buffer.from("{").toString("base64url"),
    ];
    for (const [number, one] of tokens.entries()) {
      await t.get(all, { query: { limit: 1, continue: one }, remark: `token ${number}` });
    }
  }),
  test("lists: resourceVersion and resourceVersionMatch", async (t) => {
    const all = await fill(t, 2);
    const version = (await t.ask("GET", `${all}/c0`)).resourceVersion;
    const versions = ["", "0", version, "1", "999999999", "x", "-1"];
    for (const resourceVersion of versions) {
      for (const resourceVersionMatch of ["", "NotOlderThan", "Exact", "Newest"]) {
        const query: Record<string, string> = { resourceVersion };
        if (resourceVersionMatch !== "") query["resourceVersionMatch"] = resourceVersionMatch;
        const isFuture = resourceVersion === "999999999";
        await t.get(all, {
          query,
          remark: isFuture ? "future" : resourceVersion.length > 1 ? "version" : undefined,
        });
        await t.get(all, { query: { ...query, limit: 1 }, remark: "limit" });
      }
    }
  }),
  test("lists: getting at a version", async (t) => {
    const all = await fill(t, 1);
    for (const resourceVersion of ["0", "1", "x", "999999999"]) {
      await t.get(`${all}/c0`, { query: { resourceVersion } });
    }
    await t.get(`${all}/c0`, { query: { resourceVersionMatch: "Exact" } });
  }),
  test("lists: at a past version", async (t) => {
    const all = await fill(t, 2);
    const before = (await t.ask("GET", all)).resourceVersion;
    await t.ask(
      "PATCH",
      `${all}/c0`,
      { data: { n: "changed" } },
      { headers: { "content-type": "application/merge-patch+json" } },
    );
    await t.ask("DELETE", `${all}/c1`);
    await t.get(all, { query: { resourceVersion: before, resourceVersionMatch: "Exact" } });
    await t.get(all, { query: { resourceVersion: before, limit: 10 } });
    await t.get(all, { query: { resourceVersion: before, resourceVersionMatch: "NotOlderThan" } });
    await t.get(all, { query: { resourceVersion: before, resourceVersionMatch: "Exact", limit: 1 } });
  }),
  test("lists: of all namespaces", async (t) => {
    await fill(t, 2);
    await t.ask("POST", "/api/v1/namespaces", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "all-lists-2" },
    });
    await t.ask(
      "POST",
      "/api/v1/namespaces/all-lists-2/configmaps",
      configMap("z", { metadata: { labels: { n: "1" } } }),
    );
    await t.get("/api/v1/configmaps", {
      query: { labelSelector: "n=1", fieldSelector: "metadata.namespace=all-lists-2" },
    });
    await t.get("/api/v1/configmaps", { query: { fieldSelector: `metadata.namespace=${t.namespace}` } });
    await t.get("/api/v1/configmaps/c0");
    await t.delete("/api/v1/configmaps");
    await t.put("/api/v1/configmaps", {});
  }),
  test("lists: order and tables", async (t) => {
    const names = ["b", "a-1", "a.1", "a", "a0", "zz", "c.d", "a-"];
    for (const name of names)
      await t.ask("POST", t.path("v1/configmaps"), configMap(name, { data: { k: name, l: "x" } }));
    await t.get(t.path("v1/configmaps"));
    const accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
    await t.get(t.path("v1/configmaps"), { accept });
    await t.get(t.path("v1/configmaps"), { accept, query: { includeObject: "Object", limit: 2 } });
    await t.get(t.path("v1/configmaps"), { accept, query: { includeObject: "None" } });
    await t.get(t.path("v1/configmaps"), { accept, query: { includeObject: "Nonsense" } });
    await t.get(t.path("v1/configmaps"), { accept: accept.replace("v=v1;", "v=v1beta1;") });
    await t.get(`${t.path("v1/configmaps")}/missing`, { accept });
  }),
  test("lists: nothing, in every form", async (t) => {
    const mediaTypes = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];
    for (const resource of ["v1/services", "v1/limitranges", "apps/v1/deployments"]) {
      for (const type of mediaTypes) {
        await t.get(t.path(resource), { accept: type });
        for (const version of ["v1", "v1beta1"]) {
          const accept = (kind: string) => `${type};as=${kind};v=${version};g=meta.k8s.io`;
          await t.get(t.path(resource), { accept: accept("PartialObjectMetadataList") });
          await t.get(t.path(resource), { accept: accept("Table") });
        }
      }
    }
  }),
  test("lists: odd parameters", async (t) => {
    const all = await fill(t, 1);
    await t.get(all, { query: { unknown: "x" } });
    await t.get(all, { query: { timeoutSeconds: "x" } });
    await t.get(all, { query: { timeoutSeconds: 1 } });
    await t.get(all, { query: { watch: "maybe" } });
    await t.get(all, { query: { watch: "false" } });
    await t.get(all, { query: { watch: "0" } });
    await t.get(all, { query: { allowWatchBookmarks: "true" } });
    await t.get(all, { query: { sendInitialEvents: "true" } });
    await t.get(all, { query: { sendInitialEvents: "true", resourceVersionMatch: "NotOlderThan" } });
    await t.get(all, { query: { sendInitialEvents: "false" } });
    await t.get(`${all}?limit=%zz`);
    await t.get(`${all}?;a=b`);
    await t.get(`${all}/`);
    await t.get(`${all}//c0`);
    await t.get(`${all}/c0/`);
    await t.get(`${all}/c%30`);
    await t.get(`${all}/c0/nothing`);
    await t.get(`${all}/..%2f..`);
    await t.get(`/api/v1/namespaces/${t.namespace}/configmaps/c0?exact=true&export=true`);
  }),
];
