import { expect, test } from "vitest";
import { decodeMetadata } from "./stored-metadata.ts";

const metadataOf = (object: object) => {
  const bytes = Buffer.from(JSON.stringify({ kind: "ConfigMap", apiVersion: "v1", ...object }));
  return decodeMetadata({ key: "/registry/k", bytes, revision: 1 });
};

const metadata = {
  name: "managed",
  namespace: "n",
  uid: "u",
  resourceVersion: "1",
  labels: { managedFields: "m", a: "," },
  annotations: { odd: '\\" ,"managedFields":[{"}]', more: "äö\u2028" },
  ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "me", uid: "x", controller: true }],
  finalizers: ["managed.example.com/a", "moved.example.com/b"],
};
const managedFields = [{ manager: "me", fieldsV1: { "f:data": {} } }];

test("metadata is read without the rest, up to managed fields", () => {
  const rest = { data: { metadata: '"metadata":{' } };
  expect(metadataOf({ metadata: { ...metadata, managedFields }, ...rest })).toEqual(metadata);
  expect(metadataOf({ metadata, template: { metadata: { managedFields } } })).toEqual(metadata);
  expect(metadataOf({ metadata: { name: "m" } })).toEqual({ name: "m" });
});
