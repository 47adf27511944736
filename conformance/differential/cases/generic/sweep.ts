import { type Conversation, raw, test } from "../../conversation.ts";
import type { JsonObject } from "../../json.ts";

export const isApart = true;

interface Resource {
  /** Where the collection is, in the case's namespace. */
  readonly path: string;
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  /** Of a subresource; "" of a resource. */
  readonly subresource: string;
}

interface Discovered {
  readonly groupVersion: string;
  readonly resources: readonly {
    name: string;
    kind: string;
    group?: string;
    version?: string;
    namespaced: boolean;
    verbs: string[];
  }[];
}

const at = (groupVersion: string) =>
  groupVersion.includes("/") ? `/apis/${groupVersion}` : `/api/${groupVersion}`;

/** All that the server says it serves. */
async function discovered(t: Conversation): Promise<Resource[]> {
  const groups = ((await t.ask("GET", "/apis")).at("groups") ?? []) as {
    versions: { groupVersion: string }[];
  }[];
  const versions = groups.flatMap((group) => group.versions.map(({ groupVersion }) => groupVersion));
  // Groups of other cases' custom resources come and go.
  const own = versions.filter((version) => !version.includes("example"));
  const found: Resource[] = [];
  for (const groupVersion of ["v1", ...own.sort()]) {
    const { resources = [] } = (await t.ask("GET", at(groupVersion))).object as unknown as Discovered;
    for (const { name, kind, group, version, namespaced, verbs } of resources) {
      const [plural = "", subresource = ""] = name.split("/");
      // They come in any order.
      if (plural === "componentstatuses") continue;
      const root = namespaced ? `${at(groupVersion)}/namespaces/${t.namespace}` : at(groupVersion);
      const apiVersion = version === undefined ? groupVersion : [group, version].filter(Boolean).join("/");
      found.push({ path: `${root}/${plural}`, kind, apiVersion, namespaced, verbs, subresource });
    }
  }
  return found;
}

/** Goes through all resources that know a verb. */
const sweep = (what: string, verb: string, look: (t: Conversation, one: Resource) => Promise<void>) =>
  test(`sweep: ${what}`, async (t) => {
    for (const one of await discovered(t))
      if (one.subresource === "" && one.verbs.includes(verb)) await look(t, one);
  });

const DRY = { query: { dryRun: "All" } };
/** Matches nothing, so that a collection is always empty. */
const NOTHING = "sweep.example.com/no-such-label=x";
const head = ({ kind, apiVersion }: Resource): JsonObject => ({ kind, apiVersion });

const bodies = (one: Resource): Readonly<Record<string, JsonObject>> => ({
  empty: {},
  "no kind": { apiVersion: one.apiVersion, metadata: { name: "sweep" } },
  "another kind": { ...head(one), kind: "Sweep", metadata: { name: "sweep" } },
  "another version": { ...head(one), apiVersion: "v9", metadata: { name: "sweep" } },
  "a list": { ...head(one), kind: `${one.kind}List`, items: [] },
  bare: { ...head(one), metadata: { name: "sweep" } },
  "another namespace": { ...head(one), metadata: { name: "sweep", namespace: "default" } },
  "a bad name": { ...head(one), metadata: { name: "Bad Name/!" } },
  "a long name": { ...head(one), metadata: { name: "a".repeat(254) } },
  "metadata null": { ...head(one), metadata: null },
  "metadata text": { ...head(one), metadata: "x" },
  "spec text": { ...head(one), metadata: { name: "sweep" }, spec: "x" },
  "spec empty": { ...head(one), metadata: { name: "sweep" }, spec: {} },
  "bad metadata": {
    ...head(one),
    metadata: {
      name: "sweep",
      labels: { "a b": "c d" },
      annotations: { "a b": "" },
      finalizers: ["x"],
      ownerReferences: [{}],
    },
  },
});

/** Those that say something of writes to a path with a name, too. */
const some = (all: Readonly<Record<string, JsonObject>>): [string, JsonObject][] =>
  Object.entries(all).filter(([what]) =>
    ["bare", "another kind", "spec text", "bad metadata"].includes(what),
  );

const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
const METADATA = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
const METADATA_LIST = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";

export const cases = [
  sweep("creation", "create", async (t, one) => {
    for (const [remark, body] of Object.entries(bodies(one)))
      await t.post(one.path, body, { ...DRY, remark });
    await t.post(one.path, undefined, { ...DRY, remark: "no body" });
    await t.post(one.path, [], { ...DRY, remark: "an array" });
    await t.post(one.path, raw("application/json", ""), { ...DRY, remark: "an empty text" });
    await t.post(one.path, { ...head(one), metadata: { name: "sweep" } }, { query: { dryRun: "Some" } });
    await t.post(
      one.path,
      { ...head(one), metadata: { name: "sweep" }, sweep: 1 },
      { query: { dryRun: "All", fieldValidation: "Strict" } },
    );
  }),
  sweep("updates of what is absent", "update", async (t, one) => {
    const path = `${one.path}/sweep`;
    for (const [remark, body] of some(bodies(one))) await t.put(path, body, { ...DRY, remark });
    await t.put(path, { ...head(one), metadata: { name: "sweep", uid: "u" } }, { ...DRY, remark: "a uid" });
    await t.put(
      path,
      { ...head(one), metadata: { name: "sweep", resourceVersion: "1" } },
      { ...DRY, remark: "a version" },
    );
    await t.put(
      path,
      { ...head(one), metadata: { name: "sweep", resourceVersion: "x" } },
      { ...DRY, remark: "an odd version" },
    );
  }),
  sweep("patches of what is absent", "patch", async (t, one) => {
    const path = `${one.path}/sweep`;
    for (const type of ["merge", "strategic", "json"] as const) {
      const documents: Record<string, string> = {
        empty: "{}",
        list: "[]",
        text: '"x"',
        broken: "{",
        nothing: "",
      };
      for (const [remark, text] of Object.entries(documents)) {
        const contentType = `application/${type === "strategic" ? "strategic-merge" : type}-patch+json`;
        await t.patch(path, raw(contentType, text), { ...DRY, remark: `${type}: ${remark}` });
      }
    }
    for (const [remark, body] of some(bodies(one)))
      await t.apply(path, body, "m", { query: { dryRun: "All" }, remark });
    await t.patch(path, {}, { type: "application/xml" });
    await t.apply(path, { ...head(one), metadata: { name: "sweep" } }, "", { query: { dryRun: "All" } });
  }),
  sweep("odd lists", "list", async (t, one) => {
    const queries: Record<string, string | number | boolean>[] = [
      { labelSelector: NOTHING },
      { labelSelector: "a in (" },
      { fieldSelector: "spec.sweep=x" },
      { fieldSelector: "metadata.name=sweep" },
      { fieldSelector: "metadata.namespace=sweep" },
      { fieldSelector: "(" },
      { limit: -1, labelSelector: NOTHING },
      { limit: "x", labelSelector: NOTHING },
      { limit: 1, labelSelector: NOTHING, resourceVersion: "0" },
      { continue: "x" },
      { resourceVersion: "x" },
      { resourceVersion: "1", resourceVersionMatch: "Odd" },
      { resourceVersionMatch: "Exact" },
      { timeoutSeconds: "x" },
      { sendInitialEvents: true },
      { allowWatchBookmarks: "perhaps", labelSelector: NOTHING },
      { pretty: true, labelSelector: NOTHING },
    ];
    for (const query of queries) await t.get(one.path, { query });
    await t.request("HEAD", one.path, undefined, { query: { labelSelector: NOTHING } });
  }),
  sweep("forms of nothing", "list", async (t, one) => {
    const query = { labelSelector: NOTHING };
    for (const accept of [
      TABLE,
      METADATA,
      METADATA_LIST,
      "application/yaml",
      "application/vnd.kubernetes.protobuf",
      "text/html",
      "application/*",
      "*/*;q=0.1, text/html",
    ])
      await t.get(one.path, { query, accept, remark: accept });
    for (const includeObject of ["None", "Object", "Odd"])
      await t.get(one.path, { query: { ...query, includeObject }, accept: TABLE });
    await t.get(`${one.path}/sweep`, { accept: TABLE });
    await t.get(`${one.path}/sweep`, { accept: METADATA_LIST });
    await t.request("HEAD", `${one.path}/sweep`);
    await t.request("OPTIONS", `${one.path}/sweep`);
  }),
  sweep("watches that fail", "watch", async (t, one) => {
    const queries: Record<string, string | number | boolean>[] = [
      { resourceVersion: "x" },
      { sendInitialEvents: true },
      { sendInitialEvents: true, resourceVersionMatch: "Exact" },
      { resourceVersionMatch: "NotOlderThan" },
      { fieldSelector: "spec.sweep=x" },
      { labelSelector: "a in (" },
      { continue: "x", limit: "y" },
    ];
    for (const query of queries)
      await t.get(one.path, { query: { ...query, watch: true, timeoutSeconds: 1 }, compare: "all" });

    await t.get(one.path, { query: { watch: true, timeoutSeconds: 1 }, accept: "text/html" });
  }),
  sweep("deletions of what is absent", "delete", async (t, one) => {
    const path = `${one.path}/sweep`;
    const options: Record<string, JsonObject> = {
      "another kind": { kind: "Sweep", apiVersion: "v1" },
      "another version": { kind: "DeleteOptions", apiVersion: one.apiVersion },
      "odd propagation": { propagationPolicy: "Odd" },
      text: { gracePeriodSeconds: "x" },
      dry: { dryRun: ["Some"] },
      uid: { preconditions: { uid: "x" } },
    };
    for (const [remark, body] of Object.entries(options)) await t.delete(path, body, { remark });
    await t.delete(path, undefined, { query: { propagationPolicy: "Odd" } });
    await t.delete(path, undefined, { query: { dryRun: "Some" } });
    await t.delete(path, undefined, { query: { gracePeriodSeconds: "x" } });
  }),
  sweep("deletions of empty collections", "deletecollection", async (t, one) => {
    const query = { labelSelector: NOTHING };
    await t.delete(one.path, undefined, { query });
    await t.delete(one.path, undefined, { query, accept: TABLE });
    await t.delete(one.path, undefined, { query, accept: METADATA_LIST });
    await t.delete(one.path, undefined, { query: { labelSelector: "a in (" } });
    await t.delete(one.path, undefined, { query: { fieldSelector: "spec.sweep=x" } });
    await t.delete(one.path, undefined, { query: { ...query, limit: "x" } });
    await t.delete(one.path, undefined, { query: { ...query, limit: 1, continue: "x" } });
    await t.delete(one.path, undefined, { query: { ...query, dryRun: "Some" } });
    await t.delete(one.path, undefined, { query: { ...query, resourceVersion: "x" } });
    await t.delete(one.path, { propagationPolicy: "Odd" }, { query });
    await t.delete(one.path, { kind: "Sweep", apiVersion: "v1" }, { query });
    await t.delete(one.path, raw("application/json", "{"), { query });
    await t.delete(one.path, { dryRun: ["All"], gracePeriodSeconds: 0 }, { query });
  }),
  test("sweep: subresources of what is absent", async (t) => {
    for (const one of await discovered(t)) {
      if (one.subresource === "" || one.subresource === "proxy") continue;
      const path = `${one.path}/sweep/${one.subresource}`;
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
        const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
        const bare = { ...head(one), metadata: { name: "sweep" } };
        for (const body of method === "GET" || method === "DELETE"
          ? [undefined]
          : [{}, bare, { ...bare, kind: "Sweep" }, { ...bare, spec: "x", status: 7 }])
          await t.request(method, path, body, {
            headers: { "content-type": type },
            query: { dryRun: "All" },
            remark: JSON.stringify(body ?? null),
          });
      }
      if (one.verbs.includes("patch"))
        await t.apply(path, { ...head(one), metadata: { name: "sweep" } }, "m", DRY);
    }
  }),
  test("sweep: methods that no resource knows", async (t) => {
    for (const one of await discovered(t)) {
      if (one.subresource !== "") continue;
      for (const [method, verb] of [
        ["PUT", "update"],
        ["PATCH", "patch"],
        ["POST", "create"],
        ["DELETE", "delete"],
        ["GET", "get"],
      ] as const) {
        // On a collection there is nothing to put or patch, on an object nothing to post.
        const path =
          method === "POST" || method === "DELETE" || method === "GET" ? `${one.path}/sweep` : one.path;
        if (method !== "POST" && method !== "PUT" && method !== "PATCH" && one.verbs.includes(verb)) continue;
        await t.request(method, path, method === "GET" ? undefined : head(one), {
          headers: {
            "content-type": method === "PATCH" ? "application/merge-patch+json" : "application/json",
          },
        });
      }
    }
  }),
];
