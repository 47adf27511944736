import { raw, test, yaml } from "../../conversation.ts";
import { configMap, deployment, pod } from "../../objects.ts";

const MODES = ["Ignore", "Warn", "Strict"];

/** JSON texts with faults that only a strict decoder reports. */
const LOOSE_TEXTS: Readonly<Record<string, string>> = {
  "unknown at the top": '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"NAME"},"nonsense":1}',
  "unknown in metadata":
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"NAME","nonsense":{"a":1}}}',
  "duplicate at the top":
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"NAME"},"data":{},"data":{"a":"b"}}',
  "duplicate key in a map":
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"NAME"},"data":{"a":"1","a":"2"}}',
  "duplicate in metadata": '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"NAME","name":"NAME"}}',
  "both, twice":
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"NAME","x":1,"y":2},"z":1,"data":{"a":"1","a":"2","b":"1","b":"2"}}',
  "another case":
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"Name":"x","name":"NAME"},"Data":{"a":"b"}}',
  "duplicate kind": '{"apiVersion":"v1","kind":"ConfigMap","kind":"ConfigMap","metadata":{"name":"NAME"}}',
};

const DEEP_TEXTS: Readonly<Record<string, string>> = {
  "unknown in a list":
    '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"NAME"},"spec":{"containers":[{"name":"c","image":"i","x":1},{"name":"d","image":"i","y":1,"env":[{"name":"e","z":2}]}]}}',
  "duplicate in a list":
    '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"NAME"},"spec":{"containers":[{"name":"c","image":"i","image":"j"}]}}',
  "unknown below an unknown":
    '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"NAME"},"spec":{"what":{"is":{"this":1}},"containers":[{"name":"c","image":"i"}]}}',
  "duplicate below an unknown":
    '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"NAME"},"spec":{"what":{"a":1,"a":2},"containers":[{"name":"c","image":"i"}]}}',
  "many unknown": `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"NAME"},"spec":{"containers":[{"name":"c","image":"i"}]},${Array.from({ length: 15 }, (_, n) => `"u${n}":1`).join(",")}}`,
};

const WRONG_TYPES: Readonly<Record<string, string>> = {
  "number for string": '"metadata":{"name":5}',
  "string for object": '"metadata":{"name":"NAME"},"spec":"x"',
  "list for object": '"metadata":{"name":"NAME"},"spec":[]',
  "object for list": '"metadata":{"name":"NAME"},"spec":{"containers":{}}',
  "string for list item": '"metadata":{"name":"NAME"},"spec":{"containers":["c"]}',
  "string for bool": '"metadata":{"name":"NAME"},"spec":{"hostNetwork":"true"}',
  "string for int": '"metadata":{"name":"NAME"},"spec":{"priority":"1"}',
  "float for int": '"metadata":{"name":"NAME"},"spec":{"priority":1.5}',
  "whole float for int":
    '"metadata":{"name":"NAME"},"spec":{"priority":1.0,"containers":[{"name":"c","image":"i"}]}',
  "exponent for int":
    '"metadata":{"name":"NAME"},"spec":{"priority":1e2,"containers":[{"name":"c","image":"i"}]}',
  "too large for int32": '"metadata":{"name":"NAME"},"spec":{"priority":2147483648}',
  "too large for int64": '"metadata":{"name":"NAME"},"spec":{"activeDeadlineSeconds":9223372036854775808}',
  "large int64":
    '"metadata":{"name":"NAME"},"spec":{"containers":[{"name":"c","image":"i"}],"securityContext":{"fsGroup":9007199254740993}}',
  "number in a label": '"metadata":{"name":"NAME","labels":{"a":1}}',
  "bad time": '"metadata":{"name":"NAME","creationTimestamp":"yesterday"}',
  "number for time": '"metadata":{"name":"NAME","creationTimestamp":5}',
  "bad quantity":
    '"metadata":{"name":"NAME"},"spec":{"containers":[{"name":"c","resources":{"limits":{"cpu":"lots"}}}]}',
  "number for quantity":
    '"metadata":{"name":"NAME"},"spec":{"containers":[{"name":"c","image":"i","resources":{"limits":{"cpu":1.5}}}]}',
  "bool for quantity":
    '"metadata":{"name":"NAME"},"spec":{"containers":[{"name":"c","resources":{"limits":{"cpu":true}}}]}',
  "bool for intOrString":
    '"metadata":{"name":"NAME"},"spec":{"containers":[{"name":"c","livenessProbe":{"tcpSocket":{"port":true}}}]}',
  "null everywhere":
    '"metadata":{"name":"NAME","labels":null},"spec":{"containers":[{"name":"c","image":"i","env":null,"livenessProbe":null}],"nodeSelector":null,"priority":null}',
  "null list item": '"metadata":{"name":"NAME"},"spec":{"containers":[null]}',
  "null map value":
    '"metadata":{"name":"NAME","labels":{"a":null}},"spec":{"containers":[{"name":"c","image":"i"}]}',
  "two faults": '"metadata":{"name":5},"spec":{"hostNetwork":"true"}',
};

const podText = (rest: string) => `{"apiVersion":"v1","kind":"Pod",${rest.replaceAll("NAME", "a")}}`;

export const cases = [
  ...MODES.map((mode) =>
    test(`field validation: ${mode} on create`, async (t) => {
      const query = { fieldValidation: mode, dryRun: "All" };
      for (const [remark, text] of Object.entries({ ...LOOSE_TEXTS, ...DEEP_TEXTS })) {
        const kind = text.includes('"Pod"') ? "pods" : "configmaps";
        await t.post(t.path(`v1/${kind}`), raw("application/json", text.replaceAll("NAME", "a")), {
          query,
          remark,
        });
      }
    }),
  ),
  ...MODES.map((mode) =>
    test(`field validation: ${mode} on update and patch`, async (t) => {
      const at = `${t.path("v1/configmaps")}/a`;
      await t.post(t.path("v1/configmaps"), configMap("a", { data: { a: "b" } }));
      const query = { fieldValidation: mode };
      for (const [remark, text] of Object.entries(LOOSE_TEXTS)) {
        await t.put(at, raw("application/json", text.replaceAll("NAME", "a")), { query, remark });
      }
      await t.patch(at, { nonsense: 1, metadata: { labels: { x: "y" } } }, { type: "merge", query });
      await t.patch(at, { nonsense: 1, metadata: { other: 1 } }, { type: "strategic", query });
      await t.patch(at, [{ op: "add", path: "/nonsense", value: 1 }], { query });
      await t.patch(at, raw("application/merge-patch+json", '{"data":{"d":"1","d":"2"}}'), { query });
      await t.patch(at, raw("application/strategic-merge-patch+json", '{"data":{"d":"1","d":"2"}}'), {
        query,
      });
      await t.patch(
        at,
        raw("application/json-patch+json", '[{"op":"add","op":"add","path":"/data/q","value":"1"}]'),
        { query },
      );
      await t.apply(at, { ...configMap("a"), nonsense: 1 }, "m", { query });
      await t.patch(
        at,
        raw(
          "application/apply-patch+yaml",
          "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  x: y\n  x: z\n",
        ),
        { query: { ...query, fieldManager: "m" } },
      );
    }),
  ),
  test("field validation: the parameter itself", async (t) => {
    const all = t.path("v1/configmaps");
    await t.post(all, { ...configMap("a"), nonsense: 1 }, { remark: "default" });
    await t.post(all, configMap("b"), { query: { fieldValidation: "Loud" } });
    await t.put(`${all}/a`, configMap("a"), { query: { fieldValidation: "strict" } });
    await t.patch(`${all}/a`, {}, { query: { fieldValidation: "" } });
    await t.patch(`${all}/a`, {}, { query: { fieldValidation: "None" } });
    await t.post(all, configMap("c"), { query: { fieldValidation: ["Strict", "Ignore"] } });
    await t.post(
      all,
      { ...configMap("d"), nonsense: 1 },
      { query: { fieldValidation: ["Ignore", "Strict"] } },
    );
  }),
  ...["Ignore", "Strict"].map((mode) =>
    test(`field validation: wrong types, ${mode}`, async (t) => {
      const query = { fieldValidation: mode, dryRun: "All" };
      for (const [remark, text] of Object.entries(WRONG_TYPES)) {
        await t.post(t.path("v1/pods"), raw("application/json", podText(text)), { query, remark });
      }
      const created = await t.post(t.path("v1/pods"), pod("b"));
      await t.put(`${t.path("v1/pods")}/b`, created.with({ "spec.priority": "x" }), { query });
      await t.patch(`${t.path("v1/pods")}/b`, { spec: { priority: "x" } }, { query, type: "merge" });
      await t.patch(`${t.path("v1/pods")}/b`, { spec: { priority: "x" } }, { query, type: "strategic" });
      await t.patch(`${t.path("v1/pods")}/b`, { spec: { containers: "x" } }, { query, type: "strategic" });
      await t.patch(`${t.path("v1/pods")}/b`, [{ op: "replace", path: "/spec/containers", value: "x" }], {
        query,
      });
      await t.apply(`${t.path("v1/pods")}/b`, pod("b", { priority: "x" }), "m", { query });
      await t.apply(`${t.path("v1/pods")}/b`, pod("b", { containers: "x" }), "m", { query });
    }),
  ),
  ...MODES.map((mode) =>
    test(`field validation: ${mode} in YAML`, async (t) => {
      const query = { fieldValidation: mode, dryRun: "All" };
      const all = t.path("v1/configmaps");
      await t.post(all, yaml("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\nx: 1\n"), { query });
      await t.post(
        all,
        yaml("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  a: b\n  a: c\n"),
        { query },
      );
      await t.post(all, yaml("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  a: 5\n"), {
        query,
      });
      await t.post(
        all,
        yaml("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata: {on: yes, y: 'no'}\n"),
        { query },
      );
    }),
  ),
  test("field validation: many kinds", async (t) => {
    const query = { fieldValidation: "Strict", dryRun: "All" };
    const deployments = t.path("apps/v1/deployments");
    await t.post(deployments, { ...deployment("a"), extra: 1 }, { query });
    await t.post(deployments, deployment("a", { replicas: "3" }), { query });
    await t.post(deployments, deployment("a", { replica: 3, strategy: { typ: "x" } }), { query });
    await t.post(deployments, deployment("a", { strategy: { rollingUpdate: { maxSurge: 1.5 } } }), { query });
    await t.post(deployments, deployment("a", { template: { spec: { containers: [{ nam: "x" }] } } }), {
      query,
    });
  }),
];
