import { type Body, raw, test } from "../../conversation.ts";
import { configMap, deployment } from "../../objects.ts";
import { envelope, type ProtobufMessage, protobuf } from "../../protobuf.ts";

const TYPE = "application/vnd.kubernetes.protobuf";

/** metadata with a name and, when given, one label. */
const metadata = (name: string, label?: string): ProtobufMessage =>
  label === undefined
    ? [[1, name]]
    : [
        [1, name],
        [
          11,
          [
            [1, "label"],
            [2, label],
          ],
        ],
      ];

const entry = (key: string, value: string): ProtobufMessage => [
  [1, key],
  [2, value],
];

const configMapBytes = (name: string, data: string): Uint8Array =>
  envelope("v1", "ConfigMap", [
    [1, metadata(name, "x")],
    [2, entry("data", data)],
  ]);

const BROKEN: Readonly<Record<string, Uint8Array>> = {
  empty: Buffer.from(""),
  "magic only": Buffer.from("k8s\0"),
  "no magic": configMapBytes("a", "b").subarray(4),
  "wrong magic": Buffer.concat([Buffer.from("k9s\0"), configMapBytes("a", "b").subarray(4)]),
  "cut off": configMapBytes("a", "b").subarray(0, 20),
  JSON: Buffer.from('{"apiVersion":"v1","kind":"ConfigMap"}'),
  "another kind": envelope("v1", "Secret", [[1, metadata("a")]]),
  "no kind": envelope("v1", "", [[1, metadata("a")]]),
  "no version": envelope("", "ConfigMap", [[1, metadata("a")]]),
  "unknown kind": envelope("example.com/v1", "Widget", [[1, metadata("a")]]),
  "unknown field": envelope("v1", "ConfigMap", [
    [1, metadata("unknown-field")],
    [99, "x"],
    [98, 5],
  ]),
  "wrong wire type": envelope("v1", "ConfigMap", [[1, 5]]),
  "not UTF-8": envelope("v1", "ConfigMap", [[1, [[1, Buffer.from([0xff, 0xfe])]]]]),
  "nothing inside": envelope("v1", "ConfigMap", []),
  "broken inside": Buffer.concat([
    Buffer.from("k8s\0"),
    protobuf([
      [
        1,
        [
          [1, "v1"],
          [2, "ConfigMap"],
        ],
      ],
      [2, Buffer.from([0x0a, 0x7f])],
    ]),
  ]),
  "repeated field": envelope("v1", "ConfigMap", [
    [1, metadata("first")],
    [1, metadata("repeated")],
  ]),
};

export const cases = [
  test("protobuf: life of an object", async (t) => {
    const all = t.path("v1/configmaps");
    await t.post(all, raw(TYPE, configMapBytes("a", "1")));
    await t.post(all, raw(TYPE, configMapBytes("a", "1")), { accept: TYPE });
    await t.get(`${all}/a`);
    await t.put(`${all}/a`, raw(TYPE, configMapBytes("a", "2")), { accept: `${TYPE},application/json` });
    await t.put(`${all}/a`, raw(TYPE, configMapBytes("a", "2")), { accept: TYPE });
    await t.put(`${all}/a`, raw(TYPE, configMapBytes("b", "2")));
    await t.get(all, { accept: TYPE });
    await t.get(`${all}/missing`, { accept: TYPE });
    await t.get(all, { accept: `${TYPE};as=Table;v=v1;g=meta.k8s.io` });
    await t.get(all, { accept: `${TYPE};as=PartialObjectMetadataList;v=v1;g=meta.k8s.io` });
    await t.get(`${all}/a`, { accept: `${TYPE};as=PartialObjectMetadata;v=v1;g=meta.k8s.io` });
    await t.delete(`${all}/a`, raw(TYPE, envelope("v1", "DeleteOptions", [[4, "Sideways"]])));
    await t.delete(
      `${all}/a`,
      raw(
        TYPE,
        envelope("v1", "DeleteOptions", [
          [1, 0],
          [4, "Background"],
        ]),
      ),
      { accept: TYPE },
    );
    await t.get(`${all}/a`);
  }),
  test("protobuf: broken bodies", async (t) => {
    for (const [remark, bytes] of Object.entries(BROKEN)) {
      await t.post(t.path("v1/configmaps"), raw(TYPE, bytes), { remark });
    }
    await t.post(t.path("v1/configmaps"), raw(TYPE, BROKEN["unknown field"] ?? ""), {
      query: { fieldValidation: "Strict", dryRun: "All" },
    });
  }),
  test("protobuf: patches, options and reviews", async (t) => {
    const all = t.path("v1/configmaps");
    await t.post(all, configMap("a"));
    await t.patch(`${all}/a`, raw(TYPE, configMapBytes("a", "1")), { type: TYPE });
    await t.patch(`${all}/a`, { data: { a: "b" } }, { accept: TYPE });
    await t.apply(`${all}/a`, configMap("a", { data: { c: "d" } }), "m", { accept: TYPE });
    const bodies: Record<string, Body> = {
      "dry run": raw(TYPE, envelope("v1", "DeleteOptions", [[5, "All"]])),
      "a wrong kind": raw(TYPE, configMapBytes("a", "1")),
      "a group version": raw(TYPE, envelope("apps/v1", "DeleteOptions", [[1, 0]])),
    };
    for (const [remark, body] of Object.entries(bodies)) await t.delete(`${all}/a`, body, { remark });
    const review = envelope("authorization.k8s.io/v1", "SelfSubjectAccessReview", [
      [
        2,
        [
          [
            1,
            [
              [2, "get"],
              [5, "pods"],
            ],
          ],
        ],
      ],
    ]);
    await t.post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", raw(TYPE, review));
    await t.post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", raw(TYPE, review), {
      accept: TYPE,
    });
  }),
  test("protobuf: scale, status and discovery", async (t) => {
    const all = t.path("apps/v1/deployments");
    await t.post(all, deployment("d"));
    const scale = await t.get(`${all}/d/scale`, { accept: TYPE });
    await t.put(`${all}/d/scale`, raw(TYPE, scale.bytes));
    const whole = await t.get(`${all}/d`, { accept: TYPE });
    await t.put(`${all}/d/status`, raw(TYPE, whole.bytes), { accept: TYPE });
    await t.get("/apis", { accept: TYPE });
    await t.get("/api/v1", { accept: TYPE, compare: "head" });
    await t.get("/version", { accept: TYPE });
    const watch = await t.watch(all, { accept: TYPE, query: { resourceVersion: "0", timeoutSeconds: 1 } });
    watch.close();
  }),
];
