/**
 * The shape of the run-time tables that openapi/ generates: what the API's types and resources are.
 * Everything generic (decoding, pruning, patches, apply, protobuf, tables) is driven by them.
 */

/** A scalar or free-form value as Go declares it. */
export type Scalar =
  | "string"
  | "int32"
  | "int64"
  | "float64"
  | "boolean"
  | "bytes" // []byte: base64 in JSON
  | "quantity"
  | "time"
  | "microTime"
  | "duration"
  | "intOrString"
  | "rawExtension" // any JSON object, kept as it is
  | "fieldsV1"
  | "json"; // any JSON value

export type FieldType =
  | { kind: "scalar"; scalar: Scalar }
  | { kind: "struct"; struct: StructType }
  | { kind: "array"; items: FieldType }
  | { kind: "map"; values: FieldType };

/** How Go holds a field, which decides what is dropped and what is written when it is empty. */
export type Presence =
  | "pointer" // absent and zero differ: an explicit zero is kept
  | "nullable" // a pointer without omitempty: written as null when absent
  | "omitempty" // a zero scalar, an empty list or map is dropped
  | "always"; // written even when empty ("" 0 false {} null)

export interface Field {
  name: string;
  type: FieldType;
  presence: Presence;
  /** In the OpenAPI "required" list. */
  required: boolean;
  listType?: "atomic" | "set" | "map";
  listMapKeys?: readonly string[];
  mapType?: "atomic" | "granular";
  patchMergeKey?: string;
  /** x-kubernetes-patch-strategy: "merge", "replace", "retainKeys" or "merge,retainKeys". */
  patchStrategy?: string;
  /** The OpenAPI default where it is not the zero value. */
  default?: unknown;
  /** The values that OpenAPI publishes for a string enum. */
  enum?: readonly string[];
  /** Name of the Go type in json's "cannot unmarshal" errors, e.g. "int32", "v1.PodPhase". */
  goType: string;
  /** Field number in the generated.proto of its group version; absent: not sent in protobuf. */
  protoNumber?: number;
  /** The Go structs, outermost first, that bring this field by being inlined: part of json's errors, messages in protobuf. */
  inline?: readonly { goName: string; protoNumber?: number }[];
}

export interface StructType {
  /** The OpenAPI definition name, e.g. "io.k8s.api.core.v1.Pod". */
  name: string;
  /** Name of the Go struct, e.g. "Pod". */
  goName: string;
  /** In the order of the Go struct, as JSON is written. */
  fields: ReadonlyMap<string, Field>;
  mapType?: "atomic" | "granular";
}

export interface SubresourceInfo {
  name: string;
  verbs: readonly string[];
  /** Kind that the subresource speaks, e.g. autoscaling/v1 Scale. */
  kind: { group: string; version: string; kind: string };
}

/** One resource in one served version. */
export interface ResourceInfo {
  group: string;
  version: string;
  /** Plural name in the path. */
  resource: string;
  singular: string;
  kind: string;
  listKind: string;
  namespaced: boolean;
  verbs: readonly string[];
  shortNames: readonly string[];
  categories: readonly string[];
  subresources: ReadonlyMap<string, SubresourceInfo>;
  /** The version that is kept in storage; other versions are converted from and to it. */
  storageVersion: string;
  storageVersionHash: string;
  /** The object's type; undefined for a custom resource (see CRDs). */
  struct?: StructType;
}
