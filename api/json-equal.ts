/** Deep equality of JSON trees; the order of keys does not matter, an undefined member counts as absent. */
export function jsonEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!jsonEqual(a[i], b[i])) return false;
    return true;
  }
  if (Array.isArray(b)) return false;
  return membersEqual(a as Record<string, unknown>, b as Record<string, unknown>);
}

function membersEqual(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  let count = 0;
  for (const key in a) {
    const value = a[key];
    if (value === undefined) continue;
    const other = b[key];
    // What every object inherits equals no value but itself.
    if (value !== other && !(Object.hasOwn(b, key) && jsonEqual(value, other))) return false;
    count++;
  }
  let others = 0;
  for (const _ in b) others++;
  // What is in a is in b, so that only members that count as absent can be left.
  if (others > count) for (const key in b) if (b[key] === undefined) others--;
  return others === count;
}
