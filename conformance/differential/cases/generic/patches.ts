import { type Body, raw, test } from "../../conversation.ts";
import { configMap, deployment, pod, service } from "../../objects.ts";

const JSON_PATCHES: Readonly<Record<string, Body>> = {
  add: [{ op: "add", path: "/data/new", value: "1" }],
  "add to a list": [{ op: "add", path: "/metadata/finalizers/-", value: "example.com/x" }],
  replace: [{ op: "replace", path: "/data/a", value: "2" }],
  "replace missing": [{ op: "replace", path: "/data/none", value: "2" }],
  remove: [{ op: "remove", path: "/data/a" }],
  "remove missing": [{ op: "remove", path: "/data/none" }],
  "remove below missing": [{ op: "remove", path: "/none/none" }],
  "add below missing": [{ op: "add", path: "/none/none", value: "1" }],
  move: [{ op: "move", from: "/data/a", path: "/data/b" }],
  "move missing": [{ op: "move", from: "/data/none", path: "/data/b" }],
  copy: [{ op: "copy", from: "/data/a", path: "/data/b" }],
  test: [{ op: "test", path: "/data/a", value: "1" }],
  "test fails": [{ op: "test", path: "/data/a", value: "wrong" }],
  "test missing": [{ op: "test", path: "/data/none", value: null }],
  "unknown op": [{ op: "jump", path: "/data/a" }],
  "no op": [{ path: "/data/a", value: "1" }],
  "no path": [{ op: "add", value: "1" }],
  "no value": [{ op: "add", path: "/data/x" }],
  "null value": [{ op: "add", path: "/data/x", value: null }],
  "escaped path": [
    { op: "add", path: "/metadata/annotations", value: { "a.b/c": "d" } },
    { op: "replace", path: "/metadata/annotations/a.b~1c", value: "e" },
  ],
  "path without slash": [{ op: "add", path: "data", value: {} }],
  root: [{ op: "replace", path: "", value: {} }],
  "remove kind": [{ op: "remove", path: "/kind" }],
  "replace kind": [{ op: "replace", path: "/kind", value: "Secret" }],
  "remove metadata": [{ op: "remove", path: "/metadata" }],
  "wrong type": [{ op: "replace", path: "/data", value: "text" }],
  "wrong item": [{ op: "replace", path: "/data/a", value: 5 }],
  empty: [],
  several: [
    { op: "add", path: "/data/p", value: "1" },
    { op: "test", path: "/data/p", value: "1" },
    { op: "remove", path: "/data/p" },
  ],
};

const MERGE_PATCHES: Readonly<Record<string, Body>> = {
  add: { data: { n: "1" } },
  remove: { data: { a: null } },
  "remove all": { data: null },
  "remove missing": { data: { none: null } },
  empty: {},
  "wrong type": { data: "text" },
  "wrong item": { data: { a: 5 } },
  "null metadata": { metadata: null },
  "null name": { metadata: { name: null } },
  "other kind": { kind: "Secret" },
  "other version": { apiVersion: "v2" },
  "stale version": { metadata: { resourceVersion: "1" } },
  "list instead of object": raw("application/merge-patch+json", "[]"),
  text: raw("application/merge-patch+json", '"text"'),
};

const template = (containers: { [key: string]: string }[]) => ({
  spec: { template: { spec: { containers } } },
});

export const cases = [
  test("patches: JSON patch", async (t) => {
    const all = t.path("v1/configmaps");
    for (const [remark, patch] of Object.entries(JSON_PATCHES)) {
      await t.ask(
        "POST",
        all,
        configMap("a", { metadata: { finalizers: ["example.com/f"] }, data: { a: "1" } }),
      );
      await t.patch(`${all}/a`, patch, { type: "json", remark, query: { dryRun: "All" } });
    }
  }),
  test("patches: merge patch", async (t) => {
    const all = t.path("v1/configmaps");
    await t.ask("POST", all, configMap("a", { data: { a: "1" } }));
    for (const [remark, patch] of Object.entries(MERGE_PATCHES)) {
      await t.patch(`${all}/a`, patch, { type: "merge", remark, query: { dryRun: "All" } });
    }
  }),
  test("patches: strategic merge of lists", async (t) => {
    const all = t.path("apps/v1/deployments");
    const at = `${all}/d`;
    const patch = (body: Body, remark: string) => t.patch(at, body, { type: "strategic", remark });
    await t.post(all, deployment("d"));
    await patch(template([{ name: "c", image: "j" }]), "change one");
    await patch(template([{ name: "d", image: "i" }]), "add one");
    await patch(template([{ image: "i" }]), "no merge key");
    await patch(
      { spec: { template: { spec: { containers: [{ name: "d", $patch: "delete" }] } } } },
      "delete one",
    );
    await patch(
      { spec: { template: { spec: { containers: [{ $patch: "replace" }, { name: "x", image: "y" }] } } } },
      "replace all",
    );
    await patch(
      { spec: { template: { spec: { $patch: "replace", containers: [{ name: "z", image: "y" }] } } } },
      "replace the object",
    );
    await patch({ spec: { template: { spec: { $patch: "nonsense" } } } }, "unknown directive");
    await patch(
      {
        spec: {
          template: {
            spec: {
              "$setElementOrder/containers": [{ name: "z" }, { name: "w" }],
              containers: [{ name: "w", image: "v" }],
            },
          },
        },
      },
      "order",
    );
    await patch(
      { spec: { template: { spec: { "$setElementOrder/containers": [{ name: "w" }, { name: "z" }] } } } },
      "other order",
    );
    await patch(
      {
        spec: {
          template: {
            spec: { "$setElementOrder/containers": [{ name: "w" }], containers: [{ name: "q", image: "v" }] },
          },
        },
      },
      "order that lacks one",
    );
    await patch({ spec: { strategy: { $retainKeys: ["type"], type: "Recreate" } } }, "retain keys");
    await patch({ spec: { strategy: { $retainKeys: ["type"], rollingUpdate: {} } } }, "retain keys, wrongly");
    await patch({ metadata: { finalizers: ["example.com/a"] } }, "set: add");
    await patch({ metadata: { finalizers: ["example.com/b"] } }, "set: add another");
    await patch({ metadata: { "$deleteFromPrimitiveList/finalizers": ["example.com/a"] } }, "set: delete");
    await patch(
      { metadata: { "$deleteFromPrimitiveList/finalizers": ["example.com/b"] } },
      "set: delete last",
    );
    await patch({ spec: { template: { spec: { volumes: [{ name: "v", emptyDir: {} }] } } } }, "volume");
    await patch(
      {
        spec: {
          template: {
            spec: { volumes: [{ name: "v", $retainKeys: ["name", "configMap"], configMap: { name: "c" } }] },
          },
        },
      },
      "another volume source",
    );
    await patch(
      { spec: { template: { spec: { volumes: [{ name: "v", secret: { secretName: "s" } }] } } } },
      "two volume sources",
    );
    await patch({ spec: { template: { spec: { volumes: null } } } }, "null list");
    await patch({ spec: { template: { spec: { tolerations: [{ key: "a" }] } } } }, "atomic list");
    await patch({ spec: { template: { spec: { tolerations: [{ key: "b" }] } } } }, "atomic list again");
    await patch({ spec: { selector: null } }, "null selector");
    await patch({ metadata: { labels: { $patch: "delete" } } }, "delete a map");
    await patch({ $patch: "delete" }, "delete everything");
    await patch({ $patch: "replace", metadata: { name: "d" } }, "replace everything");
    await t.get(at);
  }),
  test("patches: strategic merge of services and pods", async (t) => {
    const services = t.path("v1/services");
    await t.post(
      services,
      service("s", {
        ports: [
          { port: 80, name: "a" },
          { port: 81, name: "b" },
        ],
      }),
    );
    await t.patch(`${services}/s`, { spec: { ports: [{ port: 81, name: "c" }] } }, { type: "strategic" });
    await t.patch(`${services}/s`, { spec: { ports: [{ port: 82, name: "d" }] } }, { type: "strategic" });
    await t.patch(
      `${services}/s`,
      { spec: { ports: [{ port: 80, $patch: "delete" }] } },
      { type: "strategic" },
    );
    await t.patch(
      `${services}/s`,
      { spec: { ports: [{ port: 81, protocol: "UDP", name: "e" }] } },
      { type: "strategic" },
    );
    const pods = t.path("v1/pods");
    await t.post(pods, pod("p"));
    await t.patch(
      `${pods}/p`,
      { spec: { containers: [{ name: "c", image: "new" }] } },
      { type: "strategic" },
    );
    await t.patch(
      `${pods}/p`,
      { spec: { containers: [{ name: "x", image: "new" }] } },
      { type: "strategic" },
    );
    await t.patch(`${pods}/p`, { spec: { activeDeadlineSeconds: 5 } }, { type: "strategic" });
    await t.patch(`${pods}/p`, { spec: { activeDeadlineSeconds: 6 } }, { type: "strategic" });
    await t.patch(
      `${pods}/p/status`,
      { status: { conditions: [{ type: "A", status: "True" }] } },
      { type: "strategic" },
    );
    await t.patch(
      `${pods}/p/status`,
      { status: { conditions: [{ type: "B", status: "False" }] } },
      { type: "strategic" },
    );
    await t.patch(
      `${pods}/p/status`,
      { status: { conditions: [{ type: "A", $patch: "delete" }] } },
      { type: "strategic" },
    );
    await t.get(`${pods}/p`);
  }),
  test("patches: to other subresources and collections", async (t) => {
    await t.post(t.path("v1/configmaps"), configMap("a"));
    await t.patch(t.path("v1/configmaps"), {});
    await t.patch(`${t.path("v1/configmaps")}/a/status`, {});
    await t.patch("/api/v1/namespaces/nowhere/configmaps/a", {});
    await t.patch(`${t.path("v1/configmaps")}/a`, {}, { query: { dryRun: "x" } });
    await t.patch(
      `${t.path("v1/configmaps")}/missing`,
      { metadata: { name: "missing" } },
      { type: "strategic" },
    );
    await t.patch(`${t.path("v1/configmaps")}/missing`, [{ op: "remove", path: "/x" }]);
  }),
];
