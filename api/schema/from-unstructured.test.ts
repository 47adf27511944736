import { expect, test } from "vitest";
import { goStructTypes } from "../../openapi/go-types.ts";
import type { JsonObject } from "../object.ts";
import { decodeStruct } from "./decode.ts";
import type { StructType } from "./types.ts";

const deployment = goStructTypes().get("io.k8s.api.apps.v1.Deployment") as StructType;
const decode = (value: JsonObject) => decodeStruct(deployment, value, { strict: true, unstructured: true });

test.each<[JsonObject, string]>([
  [{ spec: 5 }, "cannot restore struct from: int64"],
  [{ spec: "a" }, "cannot restore struct from: string"],
  [{ spec: [] }, "cannot restore struct from: slice"],
  [{ metadata: { labels: true } }, "cannot restore map from bool"],
  [{ metadata: { finalizers: {} } }, "cannot restore slice from map"],
  [{ spec: { replicas: "3" } }, "unrecognized type: int32"],
  [{ spec: { replicas: 1.5 } }, "cannot convert float64 to int32"],
  [{ spec: { paused: 1 } }, "unrecognized type: bool"],
  [{ metadata: { labels: { a: 1 } } }, "cannot convert int64 to string"],
  [{ metadata: { name: false } }, "unrecognized type: string"],
  [{ metadata: { creationTimestamp: 7 } }, "json: cannot unmarshal number into Go value of type string"],
])("%j: %s", (value, problem) => {
  expect(() => decode(value)).toThrow(expect.objectContaining({ message: problem }));
});

test("bytes are read from JSON, and say so", () => {
  const configMap = goStructTypes().get("io.k8s.api.core.v1.ConfigMap") as StructType;
  const value = { binaryData: { a: "!" } };
  expect(() => decodeStruct(configMap, value, { unstructured: true })).toThrow(
    "error decoding from json: illegal base64 data at input byte 0",
  );
});

test("of several faults the first in Go's order of fields is told", () => {
  expect(() => decode({ spec: 5, metadata: { labels: 3 } })).toThrow("cannot restore map from int64");
});

test("unknown fields are sorted, and integers cut to their width", () => {
  const { value, strictErrors } = decode({ z: 1, spec: { replicas: 2 ** 32 + 7, b: 1 }, a: 1 });
  expect(strictErrors).toEqual(['unknown field "a"', 'unknown field "spec.b"', 'unknown field "z"']);
  expect(value.spec).toMatchObject({ replicas: 7 });
});
