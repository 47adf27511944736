/** What Go calls a type in its errors, where it has no name of its own. */
import type { GroupVersionKind } from "../object.ts";
import type { FieldType, Scalar } from "./types.ts";

const GO_SCALARS: Readonly<Record<Scalar, string>> = {
  string: "string",
  int32: "int32",
  int64: "int64",
  float64: "float64",
  boolean: "bool",
  bytes: "[]uint8",
  quantity: "resource.Quantity",
  time: "v1.Time",
  microTime: "v1.MicroTime",
  duration: "v1.Duration",
  intOrString: "intstr.IntOrString",
  rawExtension: "runtime.RawExtension",
  fieldsV1: "v1.FieldsV1",
  json: "v1.JSON",
};

/** As Go's reflection prints a type: the package of a struct is the last part of its path, the version. */
export function goTypeOf(type: FieldType): string {
  switch (type.kind) {
    case "scalar":
      return GO_SCALARS[type.scalar];
    case "struct":
      return type.struct.name.split(".").slice(-2).join(".");
    case "array":
      return `[]${goTypeOf(type.items)}`;
    case "map":
      return `map[string]${goTypeOf(type.values)}`;
  }
}

/** Packages that are not called as the group begins. */
const HUB_PACKAGES: Readonly<Record<string, string>> = {
  "": "core",
  "events.k8s.io": "core",
  "internal.apiserver.k8s.io": "apiserverinternal",
};

/** A kind's internal type: "core.Pod". */
export function goHubType({ group, kind }: Pick<GroupVersionKind, "group" | "kind">): string {
  return `${HUB_PACKAGES[group] ?? group.split(".")[0]}.${kind}`;
}
