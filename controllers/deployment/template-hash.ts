import type { PodTemplateSpec } from "../../api/core-types.ts";
import { safeEncode } from "../../api/safe-encode.ts";

/**
 * The label that tells ReplicaSets of different templates apart. Upstream hashes a dump of its Go structs; nobody can
 * tell from the outside which text was hashed, only that equal templates have equal hashes.
 * Source: ComputeHash of pkg/controller/controller_utils.go.
 *
 * @param collisions how many other templates are known to have had the same hash
 */
export function templateHash(template: PodTemplateSpec, collisions: number | undefined): string {
  let text = JSON.stringify(template, sortedKeys);
  if (collisions !== undefined) text += collisions;
  return safeEncode(String(fnv32a(text)));
}

const sortedKeys = (_: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** Of UTF-16 units: a hash of our own needs no other. */
function fnv32a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
