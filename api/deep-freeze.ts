/**
 * Freezes a decoded tree, so that nobody changes what others read: all but the sets in managedFields, which are three
 * quarters of its parts and which the field manager alone looks into.
 */
export function deepFreeze<T>(value: T): T {
  if (isObject(value) && !Object.isFrozen(value)) freezeTree(value);
  return value;
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

function freezeTree(tree: object): void {
  Object.freeze(tree);
  if (Array.isArray(tree)) {
    for (let at = 0; at < tree.length; at++) deepFreeze(tree[at]);
    return;
  }
  for (const key in tree) {
    if (key === "fieldsV1") continue;
    const member = (tree as Record<string, unknown>)[key];
    if (isObject(member) && !Object.isFrozen(member)) freezeTree(member);
  }
}
