import type { PodTemplateSpec } from "../../api/core-types.ts";
import { fnv32a } from "../../api/fnv.ts";
import { stringifyJson } from "../../api/json.ts";
import type { JsonValue } from "../../api/object.ts";
import { safeEncode } from "../../api/safe-encode.ts";
import { sortKeys } from "../../api/sort-keys.ts";

/**
 * The label that tells ReplicaSets of different templates apart. Upstream hashes a dump of its Go structs; nobody can
 * tell from the outside which text was hashed, only that equal templates have equal hashes.
 * Source: ComputeHash of pkg/controller/controller_utils.go.
 *
 * @param collisions how many other templates are known to have had the same hash
 */
export function templateHash(template: PodTemplateSpec, collisions: number | undefined): string {
  let text = stringifyJson(sortKeys(template as JsonValue));
  if (collisions !== undefined) text += collisions;
  return safeEncode(String(fnv32a(Buffer.from(text))));
}
