/** JSON as it was written: numbers that a double cannot hold, or that are not plain integers, stay text. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

type Reviver = (this: unknown, key: string, value: unknown, context?: { source?: string }) => unknown;

export function parseExactJson(text: string): Json {
  const reviver: Reviver = (_key, value, context) => {
    if (typeof value !== "number") return value;
    const source = context?.source ?? String(value);
    return Number.isSafeInteger(value) && source === String(value) ? value : `number ${source}`;
  };
  return JSON.parse(text, reviver as Parameters<typeof JSON.parse>[1]) as Json;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The path "a.b.0.c", or a JSON pointer where a key holds a dot: "/metadata/labels/example.com~1a". */
function pathOf(path: string): string[] {
  if (!path.startsWith("/")) return path.split(".");
  return path
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

export function valueAt(value: Json | undefined, path: string): Json | undefined {
  let at: Json | undefined = value;
  for (const part of pathOf(path)) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, part)) return undefined;
    at = (at as JsonObject)[part];
  }
  return at;
}

/** A copy with values set at paths; undefined removes. Missing parents become objects. */
export function edited(
  value: Json | undefined,
  changes: Readonly<Record<string, Json | undefined>>,
): JsonObject {
  const copy = isObject(value) ? structuredClone(value) : {};
  for (const [path, change] of Object.entries(changes)) {
    const parts = pathOf(path);
    const last = parts.pop() ?? "";
    let at = copy;
    for (const part of parts) {
      const next = at[part];
      if (typeof next === "object" && next !== null) at = next as JsonObject;
      else {
        const made: JsonObject = {};
        at[part] = made;
        at = made;
      }
    }
    if (change !== undefined) at[last] = change;
    else if (Array.isArray(at)) at.splice(Number(last), 1);
    else delete at[last];
  }
  return copy;
}
