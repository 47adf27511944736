/**
 * Equality of API values as k8s.io/apimachinery/pkg/api/equality.Semantic has it, but for quantities that are written
 * in different ways (see core/resource-alignment.ts). Both sides are in the form that decoding gives: an empty map is
 * an EmptyMap, a struct held by value is there, and `{}` means a pointer that is set.
 */
import { isEmptyMap } from "./empty-map.ts";

export function semanticEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (isNothing(a)) return isNothing(b);
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && equalLists(a, b);
  return !Array.isArray(b) && equalMembers(a as Members, b as Members);
}

type Members = Readonly<Record<string, unknown>>;

/** null is how Go writes some lists that are not there; one that is empty equals it. */
function isNothing(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === undefined || value === null;
  if (Array.isArray(value)) return value.length === 0;
  return isEmptyMap(value);
}

function equalLists(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!semanticEqual(a[i], b[i])) return false;
  return true;
}

function equalMembers(a: Members, b: Members): boolean {
  for (const key in a) {
    if (!semanticEqual(a[key], Object.hasOwn(b, key) ? b[key] : undefined)) return false;
  }
  for (const key in b) {
    if (!Object.hasOwn(a, key) && !isNothing(b[key])) return false;
  }
  return true;
}
