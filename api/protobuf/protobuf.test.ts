import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { goStructTypes } from "../../openapi/go-types.ts";
import { setKey, stringifyJson } from "../json.ts";
import type { JsonObject, JsonValue } from "../object.ts";
import { normalizeStruct } from "../schema/decode.ts";
import { decodeProtobufObject } from "../schema/decode-protobuf.ts";
import { storedForm } from "../schema/forms.ts";
import { loadTables } from "../schema/tables.ts";
import type { FieldType, Scalar, StructType } from "../schema/types.ts";
import { StatusError } from "../status.ts";
import {
  decodeProtobuf,
  encodeProtobuf,
  encodeWatchFrame,
  NotMarshalableError,
  openEnvelope,
} from "./envelope.ts";
import { ProtobufError } from "./protobuf-error.ts";

const structs = goStructTypes();

function struct(name: string): StructType {
  const found = structs.get(name);
  if (!found) throw new Error(`no struct ${name}`);
  return found;
}

const core = (kind: string): StructType => struct(`io.k8s.api.core.v1.${kind}`);

const scalars: Record<Scalar, fc.Arbitrary<JsonValue>> = {
  string: fc.string({ unit: "grapheme" }),
  int32: fc.integer(),
  int64: fc.oneof(
    fc.maxSafeInteger(),
    fc.bigInt({ min: 2n ** 60n, max: 2n ** 63n - 1n }),
    fc.constant(-(2n ** 63n)),
  ),
  float64: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  boolean: fc.boolean(),
  bytes: fc.uint8Array().map((bytes) => Buffer.from(bytes).toString("base64")),
  quantity: fc.constantFrom("1", "250m", "1.5Gi", "-3", "1e3", "0"),
  time: fc.constantFrom("2026-01-02T03:04:05Z", "1969-12-31T23:59:59Z", null),
  microTime: fc.constantFrom("2026-01-02T03:04:05.123456Z", null),
  duration: fc.constantFrom("1h0m0s", "-1.5s"),
  intOrString: fc.oneof(fc.integer(), fc.string()),
  rawExtension: fc.constantFrom({ a: [1, null] }, "x", 5),
  fieldsV1: fc.constantFrom({ "f:a": {} }),
  json: fc.constant(null),
};

/** Any value that JSON may give for a type. */
function arbitraryOf(type: FieldType, depth: number): fc.Arbitrary<JsonValue> {
  switch (type.kind) {
    case "scalar":
      return scalars[type.scalar];
    case "struct":
      return depth > 4 ? fc.constant({}) : arbitraryStruct(type.struct, depth + 1);
    case "array":
      return fc.array(arbitraryOf(type.items, depth), { maxLength: 3 });
    case "map":
      return fc
        .array(fc.tuple(fc.string(), arbitraryOf(type.values, depth)), { maxLength: 3 })
        .map((entries) => {
          const map: JsonObject = {};
          for (const [key, value] of entries) setKey(map, key, value);
          return map;
        });
  }
}

function arbitraryStruct(type: StructType, depth = 0): fc.Arbitrary<JsonObject> {
  // An empty managedFields is kept on purpose, and does not survive protobuf.
  const fields = [...type.fields.values()].filter(
    ({ name, inline }) => inline?.[0]?.goName !== "TypeMeta" && name !== "managedFields",
  );
  return fc
    .record(Object.fromEntries(fields.map((field) => [field.name, arbitraryOf(field.type, depth)])), {
      requiredKeys: [],
    })
    .map((object) => ({ ...object }) as JsonObject);
}

const typed = (type: StructType, object: JsonObject): JsonObject => ({
  kind: type.goName,
  apiVersion: "v1",
  ...storedForm(type, normalizeStruct(type, object)),
});

describe("what is encoded decodes to the same", () => {
  test.each(["Pod", "Service", "ConfigMap", "Node", "Event", "PersistentVolume"])("%s", (kind) => {
    const type = core(kind);
    fc.assert(
      fc.property(arbitraryStruct(type), (object) => {
        const normalized = typed(type, object);
        const decoded = decodeProtobuf(type, openEnvelope(encodeProtobuf(normalized, type)));
        expect(stringifyJson(decoded)).toBe(stringifyJson(normalized));
      }),
      { numRuns: 50 },
    );
  });

  test("a schema of a custom resource", () => {
    const type = struct("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps");
    const schema: JsonObject = {
      type: "object",
      default: { a: 1 },
      enum: [1, "x", null],
      items: [{ type: "string" }, {}],
      additionalProperties: false,
      properties: { a: { items: { type: "integer" }, additionalProperties: { maximum: 1.5 } } },
      dependencies: { x: ["a", "b"], y: { type: "null" } },
    };
    const normalized = normalizeStruct(type, schema);
    const { kind, apiVersion, ...decoded } = decodeProtobuf(
      type,
      openEnvelope(encodeProtobuf(normalized, type)),
    );
    expect(decoded).toEqual(normalized);
  });
});

describe("the bytes are upstream's", () => {
  // Written by apimachinery 0.36.3.
  test.each<[string, JsonObject, string]>([
    [
      "ConfigMap",
      { metadata: { name: "x", creationTimestamp: "2026-01-02T03:04:05Z" }, data: { b: "2", a: "1" } },
      "azhzAAoPCgJ2MRIJQ29uZmlnTWFwEisKGQoBeBIAGgAiACoAMgA4AEIICKXr3MoGEAASBgoBYRIBMRIGCgFiEgEyGgAiAA==",
    ],
    [
      "Service",
      { spec: { ports: [{ port: 80, targetPort: "http" }, { port: -1 }] } },
      "azhzAAoNCgJ2MRIHU2VydmljZRJZChAKABIAGgAiACoAMgA4AEIAEkEKFAoAEgAYUCIKCAEQABoEaHR0cCgAChkKABIAGP///////////wEiBggAEAAaACgAGgAiADoAQgBSAFoAYABoABoCCgAaACIA",
    ],
  ])("of a %s", (kind, object, base64) => {
    const type = core(kind);
    expect(encodeProtobuf(typed(type, object), type).toString("base64")).toBe(base64);
  });

  const fixtures = `${homedir()}/go/pkg/mod/k8s.io/api@v0.36.3/testdata/HEAD`;

  test.skipIf(!existsSync(fixtures))("of every kind, in both directions", () => {
    const packages: Readonly<Record<string, string>> = {
      "internal.apiserver.k8s.io": "apiserverinternal",
    };
    const names = readdirSync(fixtures).filter((name) => name.endsWith(".json"));
    for (const file of names) {
      const [, group = "", version = "", kind = ""] = /^(.*)\.(v[^.]*)\.([^.]*)\.json$/.exec(file) ?? [];
      const goPackage = packages[group] ?? group.split(".")[0];
      const type =
        structs.get(`io.k8s.api.${goPackage}.${version}.${kind}`) ??
        struct(`io.k8s.apimachinery.pkg.apis.meta.v1.${kind}`);
      const object = JSON.parse(readFileSync(`${fixtures}/${file}`, "utf8"));
      const bytes = readFileSync(`${fixtures}/${file.replace(/json$/, "pb")}`);
      expect(encodeProtobuf(object, type).equals(bytes), file).toBe(true);
      expect(stringifyJson(decodeProtobuf(type, openEnvelope(bytes)))).toBe(stringifyJson(object));
    }
    expect(names).toHaveLength(185);
  });
});

test("the tables make the same bytes as Go's types alone", () => {
  const pod = {
    kind: "Pod",
    apiVersion: "v1",
    spec: { volumes: [{ emptyDir: {} }], containers: [{ name: "a" }] },
  };
  const type = loadTables().struct("io.k8s.api.core.v1.Pod");
  expect(type && encodeProtobuf(normalizeStruct(type, pod), type)).toEqual(
    encodeProtobuf(normalizeStruct(core("Pod"), pod), core("Pod")),
  );
});

test("a watch event goes with its length, the object in its envelope", () => {
  const object = encodeProtobuf(
    { kind: "ConfigMap", apiVersion: "v1", metadata: { name: "x" } },
    core("ConfigMap"),
  );
  const frame = encodeWatchFrame("ADDED", object);
  expect(frame.readUInt32BE()).toBe(frame.length - 4);
  expect(frame.subarray(4, 11).toString("latin1")).toBe("\n\x05ADDED");
  expect(frame.subarray(-object.length).equals(object)).toBe(true);
});

test("meta/v1's own kinds need no struct, and what has no protobuf form is refused", () => {
  const status = encodeProtobuf({ kind: "Status", apiVersion: "v1", metadata: {}, code: 404 }, undefined);
  expect(openEnvelope(status).kind).toBe("Status");
  const partial = { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: { name: "x" } };
  const list = {
    kind: "PartialObjectMetadataList",
    apiVersion: "meta.k8s.io/v1",
    metadata: {},
    items: [partial],
  };
  expect(encodeProtobuf(list, undefined).includes("x")).toBe(true);
  expect(() => encodeProtobuf({ kind: "Table" }, undefined)).toThrow(NotMarshalableError);
});

describe("broken bytes", () => {
  const target = { group: "", version: "v1", kind: "ConfigMap", structOf: () => core("ConfigMap") };
  const envelope = (raw: number[]): Buffer =>
    Buffer.concat([Buffer.from("k8s\0\n\x0f\n\x02v1\x12\tConfigMap\x12"), Buffer.from([raw.length, ...raw])]);

  // What kube-apiserver 1.36.3 answers.
  test.each([
    [
      Buffer.from(""),
      "the object provided is unrecognized (must be of type ConfigMap): empty data (<empty>)",
    ],
    [
      Buffer.from("{}"),
      "the object provided is unrecognized (must be of type ConfigMap): provided data does not appear to be a protobuf message, expected prefix [107 56 115 0] ({})",
    ],
    [
      Buffer.from("k8s\0"),
      "the object provided is unrecognized (must be of type ConfigMap): empty body (6b387300)",
    ],
    [
      Buffer.from("k8s\0\x12\x05"),
      "the object provided is unrecognized (must be of type ConfigMap): unexpected EOF (6b3873001205)",
    ],
    [envelope([0x0a, 0x05]), 'ConfigMap in version "v1" cannot be handled as a ConfigMap: unexpected EOF'],
    [
      envelope([0x08, 0x01]),
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: proto: wrong wireType = 0 for field ObjectMeta',
    ],
    [
      envelope([0x0c]),
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: proto: ConfigMap: wiretype end group for non-group',
    ],
    [
      envelope([0x00, 0x00]),
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: proto: ConfigMap: illegal tag 0 (wire type 0)',
    ],
    [
      envelope([0x3e]),
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: proto: illegal wireType 6',
    ],
  ])("%#", (bytes, message) => {
    expect(() => decodeProtobufObject(bytes, target)).toThrow(StatusError);
    expect(() => decodeProtobufObject(bytes, target)).toThrow(message);
  });

  test("never do more than that", () => {
    const type = core("Pod");
    const pod = { spec: { containers: [{ name: "a", env: [{ name: "b" }] }], overhead: { cpu: "1" } } };
    const bytes = encodeProtobuf(typed(type, pod), type);
    fc.assert(
      fc.property(
        fc.nat({ max: bytes.length - 1 }),
        fc.nat({ max: 255 }),
        fc.nat({ max: bytes.length }),
        (at, byte, end) => {
          const broken = Buffer.from(bytes.subarray(0, end));
          if (at < end) broken[at] = byte;
          try {
            decodeProtobuf(type, openEnvelope(broken));
          } catch (error) {
            expect(error).toBeInstanceOf(ProtobufError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

test("lists of metadata number their fields by their version", () => {
  const firstTag = (version: string) => {
    const metadata = { resourceVersion: "7" };
    const list = {
      kind: "PartialObjectMetadataList",
      apiVersion: `meta.k8s.io/${version}`,
      metadata,
      items: null,
    };
    return openEnvelope(encodeProtobuf(list, undefined)).raw[0];
  };
  expect(firstTag("v1")).toBe((1 << 3) | 2);
  expect(firstTag("v1beta1")).toBe((2 << 3) | 2);
});
