/** x-kubernetes-group-version-kind of the definitions. */
import { groupVersionOfPath, type Operation } from "../api/openapi/operation.ts";
import { type Definitions, names, type Schema, shortName } from "../api/openapi/schema.ts";
import { kindsOfAllGroups } from "../api/openapi/schemas.ts";
import { packageOf } from "./client/names.ts";

/** Marks the definitions that are kinds of one group version; those of all groups are left to the document. */
export function applyKinds(definitions: Definitions, operations: readonly Operation[]): void {
  const groups = new Map<string, string>([["meta", ""]]);
  for (const { path } of operations) {
    const place = groupVersionOfPath(path);
    if (place) groups.set(packageOf(place.group), place.group);
  }
  for (const [name, definition] of Object.entries(definitions)) {
    const [goPackage = "", version = "", kind = ""] = name.split(".").slice(-3);
    const group = groups.get(goPackage);
    if (group === undefined || kindsOfAllGroups.has(name) || !isTopLevel(name, definition)) continue;
    definition["x-kubernetes-group-version-kind"] = [{ group, kind, version }];
  }
}

/** A struct with a kind and an API version that is not just a pointer to another object. */
function isTopLevel(name: string, { properties }: Schema): boolean {
  if (!properties?.["kind"] || !properties["apiVersion"]) return false;
  if (name === names.ownerReference || /(Reference|RoleRef|ParamKind|ParamRef)$/.test(shortName(name)))
    return false;
  return ["metadata", "groups", "resources", "versions", "status", "items"].some((one) =>
    Object.hasOwn(properties, one),
  );
}
