/** Helpers of the tests in this folder. */
import { cloneJson } from "../json-clone.ts";
import type { JsonObject, KubeObject, ManagedFieldsEntry } from "../object.ts";
import { loadTables } from "../schema/tables.ts";
import { customSchema, type StructuralSchema } from "./custom-schema.ts";
import { FieldManager, type FieldManagerOptions, type RequestVersion } from "./field-manager.ts";
import { type FieldSet, type FieldSetBuilder, singlePath, union } from "./field-set.ts";
import { resetFieldSets } from "./reset-fields.ts";
import type { Schema } from "./schema.ts";
import { structSchema } from "./struct-schema.ts";

const tables = loadTables();

export const objectMeta: Schema = structSchema(
  tables.struct("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta")!,
);

/** The type of spec in a custom resource with these properties. */
export function specSchema(properties: Readonly<Record<string, StructuralSchema>>): Schema {
  const root = customSchema(
    { type: "object", properties: { spec: { type: "object", properties } } },
    objectMeta,
  );
  return root.map!.field("spec")!.schema;
}

export const text: StructuralSchema = { type: "string" };
export const mapList = (...keys: string[]): StructuralSchema => ({
  type: "array",
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": keys,
  items: { type: "object", properties: { name: text, port: { type: "integer", default: 80 }, value: text } },
});
export const setList: StructuralSchema = { type: "array", "x-kubernetes-list-type": "set", items: text };

export function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.freeze(value);
    for (const member of Object.values(value)) frozen(member);
  }
  return value;
}

/** The set of paths such as "f:spec/f:replicas". */
export function setOf(...paths: string[]): FieldSet {
  return paths.map((path) => singlePath(path.split("/"))).reduce<FieldSet>(union, {} as FieldSetBuilder);
}

/** Field manager of a made-up kind in versions that all look alike. */
export function fieldManager(
  spec: StructuralSchema,
  options: Partial<Pick<FieldManagerOptions, "subresource" | "checkLive">> & {
    resetFields?: Record<string, string[]>;
    /** What happens to objects on their way between versions. */
    versions?: Record<string, (object: JsonObject) => JsonObject>;
  } = {},
): FieldManager {
  const schema = customSchema({ type: "object", properties: { spec } }, objectMeta);
  const versions = new Map<string, RequestVersion>();
  const same = (object: JsonObject): JsonObject => object;
  for (const [apiVersion, convert] of Object.entries({ "t.io/v1": same, ...options.versions })) {
    const fromHub = (object: KubeObject) =>
      apiVersion === "t.io/v1" ? object : turned(object, apiVersion, convert);
    versions.set(apiVersion, {
      apiVersion,
      schema,
      decode: (value) => ({ object: cloneJson(value) as unknown as KubeObject }),
      applyDefaults() {},
      toHub: (object) => (apiVersion === "t.io/v1" ? object : turned(object, "t.io/v1", convert)),
      fromHub,
      toJson: fromHub,
      emptyObject: () => ({ apiVersion, kind: "Thing", metadata: {} }),
    });
  }
  return new FieldManager({
    kind: "Thing",
    version: versions.get("t.io/v1")!,
    versions: { find: (apiVersion) => versions.get(apiVersion) },
    subresource: options.subresource ?? "",
    resetFields: resetFieldSets(options.resetFields ?? {}, versions.keys()),
    ...(options.checkLive === undefined ? {} : { checkLive: options.checkLive }),
  });
}

function turned(
  object: KubeObject,
  apiVersion: string,
  convert: (object: JsonObject) => JsonObject,
): KubeObject {
  return { ...(convert(object as unknown as JsonObject) as unknown as KubeObject), apiVersion };
}

export type Thing = KubeObject & { spec?: JsonObject };

export function thing(spec?: JsonObject, metadata: KubeObject["metadata"] = {}): Thing {
  return {
    apiVersion: "t.io/v1",
    kind: "Thing",
    metadata: { name: "a", ...metadata },
    ...(spec === undefined ? {} : { spec }),
  };
}

/** Who owns what, in short: "kubectl Apply" → its set. */
export function owners(object: KubeObject): Record<string, unknown> {
  const entries = object.metadata.managedFields ?? [];
  return Object.fromEntries(entries.map((entry: ManagedFieldsEntry) => [nameOf(entry), entry.fieldsV1]));
}

function nameOf({ manager, operation, apiVersion, subresource }: ManagedFieldsEntry): string {
  const version = apiVersion === "t.io/v1" ? "" : ` ${apiVersion}`;
  return `${manager} ${operation}${version}${subresource === undefined ? "" : ` ${subresource}`}`;
}
