import { test } from "../../conversation.ts";
import type { JsonObject } from "../../json.ts";
import { configMap, named } from "../../objects.ts";

const long = (length: number) => "a".repeat(length);

const FAULTY_METADATA: Readonly<Record<string, JsonObject>> = {
  "empty name": { name: "" },
  "upper case name": { name: "Name" },
  "name with slash": { name: "a/b" },
  "name with percent": { name: "a%b" },
  "name of a dot": { name: "." },
  "name of dots": { name: ".." },
  "name that is too long": { name: long(254) },
  "longest name": { name: long(253) },
  "name ending in a dash": { name: "a-" },
  "wrong namespace": { name: "a", namespace: "other" },
  "wrong label key": { name: "a", labels: { "a b": "c", "/x": "y", "ok/": "z", [long(64)]: "w" } },
  "wrong label value": { name: "a", labels: { a: "b c", b: long(64), c: "-x", d: "x_", e: "é" } },
  "wrong annotation key": { name: "a", annotations: { "a b": "c", "A.B/c": "d", "": "e" } },
  "large annotations": { name: "a", annotations: { a: long(200_000), b: long(100_000) } },
  "wrong finalizer": { name: "a", finalizers: ["x", "example.com/", "example.com/ok", "a b"] },
  "unqualified finalizers": { name: "a", finalizers: ["orphan", "foregroundDeletion", "kubernetes", "mine"] },
  "both finalizers": { name: "a", finalizers: ["orphan", "foregroundDeletion"] },
  "owner without anything": { name: "a", ownerReferences: [{}] },
  "owner that is an event": {
    name: "a",
    ownerReferences: [{ apiVersion: "v1", kind: "Event", name: "e", uid: "u" }],
  },
  "two controllers": {
    name: "a",
    ownerReferences: [
      { apiVersion: "v1", kind: "Pod", name: "p", uid: "u", controller: true },
      { apiVersion: "v1", kind: "Pod", name: "q", uid: "v", controller: true },
    ],
  },
  "same owner twice": {
    name: "a",
    ownerReferences: [
      { apiVersion: "v1", kind: "Pod", name: "p", uid: "u" },
      { apiVersion: "v1", kind: "Pod", name: "p", uid: "u" },
    ],
  },
  "owner with a bad apiVersion": {
    name: "a",
    ownerReferences: [{ apiVersion: "a/b/c", kind: "Pod", name: "p", uid: "u" }],
  },
  "negative generation": { name: "a", generation: -1 },
  "things that only the server sets": {
    name: "a",
    uid: "11111111-1111-1111-1111-111111111111",
    creationTimestamp: "2020-01-01T00:00:00Z",
    deletionTimestamp: "2020-01-01T00:00:00Z",
    deletionGracePeriodSeconds: 5,
    generation: 7,
    selfLink: "/x",
  },
  "a resourceVersion": { name: "a", resourceVersion: "5" },
  "broken managedFields": {
    name: "a",
    managedFields: [{ manager: "m", operation: "Update", apiVersion: "v1" }],
  },
  "strange managedFields": {
    name: "a",
    managedFields: [
      { manager: "m", operation: "Nothing", apiVersion: "v1", fieldsType: "FieldsV1", fieldsV1: {} },
      { manager: "m", operation: "Apply", apiVersion: "v1", fieldsType: "Other", fieldsV1: { "f:data": {} } },
    ],
  },
  "given managedFields": {
    name: "a",
    managedFields: [
      {
        manager: "m",
        operation: "Apply",
        apiVersion: "v1",
        time: "2020-01-01T00:00:00Z",
        fieldsType: "FieldsV1",
        fieldsV1: { "f:data": { "f:a": {} } },
      },
    ],
  },
  "long manager": {
    name: "a",
    managedFields: [
      { manager: long(200), operation: "Update", apiVersion: "v1", fieldsType: "FieldsV1", fieldsV1: {} },
    ],
  },
  "everything wrong": {
    name: "A B",
    labels: { "a b": "c d" },
    annotations: { "x y": "" },
    finalizers: ["q"],
    ownerReferences: [{ apiVersion: "", kind: "", name: "", uid: "" }],
  },
  "odd but right": {
    name: "a.b-c.0",
    labels: { "example.com/a": "", b: "x.y_z-0" },
    annotations: { "example.com/A_b": "" },
  },
};

export const cases = [
  test("metadata: on create", async (t) => {
    for (const [remark, metadata] of Object.entries(FAULTY_METADATA)) {
      const object = { apiVersion: "v1", kind: "ConfigMap", metadata };
      await t.post(t.path("v1/configmaps"), object, { remark, query: { dryRun: "All" } });
    }
  }),
  test("metadata: on update", async (t) => {
    const created = await t.post(t.path("v1/configmaps"), configMap("a"));
    for (const [remark, metadata] of Object.entries(FAULTY_METADATA)) {
      const object = created.with({ metadata: { ...(created.at("metadata") as JsonObject), ...metadata } });
      await t.put(`${t.path("v1/configmaps")}/a`, object, { remark, query: { dryRun: "All" } });
      await t.put(
        `${t.path("v1/configmaps")}/a`,
        { ...object, metadata: { ...metadata, name: "a" } },
        {
          remark: `${remark}, alone`,
          query: { dryRun: "All" },
        },
      );
    }
  }),
  test("metadata: versions that are none", async (t) => {
    const all = t.path("v1/configmaps");
    const object = (resourceVersion: string) => configMap("a", { metadata: { resourceVersion } });
    const dry = { query: { dryRun: "All" } };
    for (const version of ["x", "1", "0", "00", "-1"]) await t.post(all, object(version), dry);
    for (const version of ["1", "x"]) await t.post(all, object(version));
    for (const version of ["x", "1", "00", "-1", "9".repeat(20)]) {
      await t.put(`${all}/a`, object(version), dry);
      await t.patch(`${all}/a`, object(version), dry);
      await t.apply(`${all}/a`, object(version), "m", dry);
      const preconditions = { resourceVersion: version };
      await t.delete(`${all}/a`, { preconditions, dryRun: ["All"] });
      const lease = named("coordination.k8s.io/v1", "Lease", "absent");
      const body = { ...lease, metadata: { name: "absent", resourceVersion: version } };
      await t.put(t.path("coordination.k8s.io/v1/leases/absent"), body, dry);
    }
  }),
  test("metadata: generateName", async (t) => {
    const all = t.path("v1/configmaps");
    const generated = (generateName: string, more: JsonObject = {}) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { generateName, ...more },
    });
    const made = await t.post(all, generated("a-"));
    await t.get(`${all}/${made.string("metadata.name")}`);
    await t.post(all, generated(long(70)));
    await t.post(all, generated("Upper-"), { compare: "head" });
    await t.post(all, generated("a b"), { compare: "head" });
    await t.post(all, generated("a-", { name: "named" }));
    await t.post(all, generated("", {}));
    await t.post(all, generated("dry-"), { query: { dryRun: "All" } });
    await t.post(t.path("v1/pods"), {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { generateName: `${long(60)}-` },
      spec: { containers: [{ name: "c", image: "i" }] },
    });
  }),
  test("metadata: names of other kinds", async (t) => {
    const names = ["a", "A", "1a", "a.b", "a_b", "a:b", long(63), long(64), long(254), "system:x", ""];
    const kinds: [string, JsonObject][] = [
      [t.path("v1/services"), { apiVersion: "v1", kind: "Service", spec: { ports: [{ port: 80 }] } }],
      [
        t.path("rbac.authorization.k8s.io/v1/roles"),
        { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role" },
      ],
      ["/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace" }],
      [t.path("v1/serviceaccounts"), { apiVersion: "v1", kind: "ServiceAccount" }],
      [
        "/apis/scheduling.k8s.io/v1/priorityclasses",
        { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", value: 5 },
      ],
      [t.path("coordination.k8s.io/v1/leases"), { apiVersion: "coordination.k8s.io/v1", kind: "Lease" }],
    ];
    for (const [path, object] of kinds) {
      for (const name of names) {
        await t.post(
          path,
          { ...object, metadata: { name } },
          { query: { dryRun: "All" }, remark: name.slice(0, 70) },
        );
      }
    }
  }),
  test("metadata: namespaces in path and body", async (t) => {
    await t.post(t.path("v1/configmaps"), configMap("a", { metadata: { namespace: t.namespace } }));
    await t.post(t.path("v1/configmaps"), configMap("b", { metadata: { namespace: "elsewhere" } }));
    await t.post("/api/v1/configmaps", configMap("c"));
    await t.post("/api/v1/configmaps", configMap("c", { metadata: { namespace: t.namespace } }));
    await t.post(
      "/api/v1/nodes",
      { apiVersion: "v1", kind: "Node", metadata: { name: "metadata-n", namespace: "x" } },
      {
        query: { dryRun: "All" },
      },
    );
    await t.put(`${t.path("v1/configmaps")}/a`, configMap("a", { metadata: { namespace: "elsewhere" } }));
    await t.put(`${t.path("v1/configmaps")}/a`, { apiVersion: "v1", kind: "ConfigMap", metadata: {} });
    await t.get(`/api/v1/namespaces/UPPER/configmaps`);
    await t.get(`/api/v1/namespaces/nowhere/configmaps`);
    await t.get(`/api/v1/namespaces/nowhere/configmaps/a`);
  }),
  test("metadata: deletion fields cannot be written", async (t) => {
    const at = `${t.path("v1/configmaps")}/a`;
    const created = await t.post(t.path("v1/configmaps"), configMap("a"));
    await t.put(at, created.with({ "metadata.deletionTimestamp": "2020-01-01T00:00:00Z" }));
    await t.put(
      at,
      created.with({ "metadata.creationTimestamp": "2020-01-01T00:00:00Z", "metadata.generation": 9 }),
    );
    await t.patch(at, { metadata: { creationTimestamp: null, uid: null, generation: 5, selfLink: "/x" } });
    await t.patch(at, { metadata: { uid: "11111111-1111-1111-1111-111111111111" } });
    await t.patch(at, { metadata: { namespace: "other" } });
    await t.patch(at, { metadata: { managedFields: [] } });
    await t.patch(at, { metadata: { managedFields: [{}] } });
    await t.patch(at, { data: { a: "b" } });
    await t.get(at);
  }),
];
