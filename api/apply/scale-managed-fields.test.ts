import { describe, expect, test } from "vitest";
import type { JsonObject, KubeObject, ManagedFieldsEntry } from "../object.ts";
import { loadTables } from "../schema/tables.ts";
import { FieldManager, type RequestVersion } from "./field-manager.ts";
import { parentEntries, ScaleFieldManager, scaleEntries } from "./scale-managed-fields.ts";
import { structSchema } from "./struct-schema.ts";
import { frozen } from "./testing.ts";

const paths = new Map([
  ["apps/v1", "spec.replicas"],
  ["apps/v2", "spec.size"],
]);

const entry = (
  manager: string,
  operation: "Apply" | "Update",
  fields: JsonObject,
  more: Partial<ManagedFieldsEntry> = {},
): ManagedFieldsEntry => ({
  manager,
  operation,
  apiVersion: "apps/v1",
  time: "2024-01-01T00:00:00Z",
  fieldsType: "FieldsV1",
  fieldsV1: { "f:spec": fields },
  ...more,
});

const replicas = { "f:replicas": {} };

describe("entries of a Scale", () => {
  test("are those of the parent that own its replicas, in the Scale's words", () => {
    const parent = frozen([
      entry("a", "Apply", { ...replicas, "f:x": {} }),
      entry("b", "Update", { "f:x": {} }),
      entry("c", "Update", { "f:size": {} }, { apiVersion: "apps/v2" }),
      entry("d", "Update", replicas, { apiVersion: "apps/v0" }),
    ]);
    const scale = { apiVersion: "autoscaling/v1", fieldsV1: { "f:spec": replicas } };
    expect(scaleEntries(parent, paths)).toEqual([
      { ...parent[0], ...scale },
      { ...parent[2], ...scale },
    ]);
  });
});

describe("entries of the parent", () => {
  const parent = frozen([
    entry("a", "Apply", { ...replicas, "f:x": {} }),
    entry("b", "Update", { "f:y": {} }),
  ]);

  test("stay as they are while nobody else scales", () => {
    expect(parentEntries(parent, scaleEntries(parent, paths), "apps/v1", paths)).toEqual(parent);
  });

  test("lose the replicas to who scales; that entry has no time", () => {
    const scaler = entry("s", "Update", replicas, { apiVersion: "autoscaling/v1", subresource: "scale" });
    const { time: _, ...timeless } = { ...scaler, apiVersion: "apps/v1" };
    expect(parentEntries(parent, [scaler], "apps/v1", paths)).toEqual([
      entry("a", "Apply", { "f:x": {} }),
      timeless,
      entry("b", "Update", { "f:y": {} }),
    ]);
  });

  test("of versions that are not served go", () => {
    const old = entry("old", "Update", replicas, { apiVersion: "apps/v0" });
    expect(parentEntries([old], undefined, "apps/v1", paths)).toBeUndefined();
  });
});

describe("writes to a Scale", () => {
  const struct = loadTables().kind("autoscaling", "v1", "Scale")!;
  const version: RequestVersion = {
    apiVersion: "autoscaling/v1",
    schema: structSchema(struct),
    decode: (value) => ({ object: structuredClone(value) as unknown as KubeObject }),
    applyDefaults() {},
    toHub: (object) => object,
    fromHub: (object) => object,
    toJson: (object) => object,
    emptyObject: () => ({ metadata: {} }),
  };
  const scaleManager = new FieldManager({
    kind: "Scale",
    version,
    versions: { find: (apiVersion) => (apiVersion === version.apiVersion ? version : undefined) },
    subresource: "scale",
    resetFields: new Map(),
  });
  const manager = new ScaleFieldManager(scaleManager, "apps/v1", paths);
  const scale = (count: number): KubeObject =>
    frozen({
      apiVersion: "autoscaling/v1",
      kind: "Scale",
      metadata: { name: "a", uid: "u" },
      spec: { replicas: count },
    });
  const parent: KubeObject = frozen({
    metadata: { name: "a", managedFields: [entry("a", "Apply", { ...replicas, "f:x": {} })] },
  });
  const write = { manager: "s", now: "2024-01-01T00:00:01Z" };

  test("an update takes the replicas", () => {
    expect(manager.update(parent, scale(1), scale(2), write)).toMatchObject([
      { manager: "a", fieldsV1: { "f:spec": { "f:x": {} } } },
      { manager: "s", operation: "Update", apiVersion: "apps/v1", subresource: "scale" },
    ]);
    expect(manager.update(parent, scale(1), scale(1), write)).toEqual(parent.metadata.managedFields);
  });

  test("an apply conflicts with who owns them, in the Scale's version", () => {
    const applied = {
      apiVersion: "autoscaling/v1",
      kind: "Scale",
      metadata: { name: "a" },
      spec: { replicas: 3 },
    };
    expect(() => manager.apply(parent, scale(1), applied, { ...write, force: false })).toThrow(
      'Apply failed with 1 conflict: conflict with "a": .spec.replicas',
    );
    const { scale: next, managedFields } = manager.apply(parent, scale(1), applied, {
      ...write,
      force: true,
    });
    expect(next).toMatchObject({ spec: { replicas: 3 } });
    expect(managedFields).toMatchObject([
      { manager: "s", operation: "Apply", fieldsV1: { "f:spec": replicas } },
      { manager: "a", fieldsV1: { "f:spec": { "f:x": {} } } },
    ]);
  });
});
