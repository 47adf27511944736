/** Documents without what is only text, for comparing one with another. */

/** A copy without descriptions, "required" in byte order. */
export function structureOf(document: unknown): unknown {
  return strip(document, false);
}

function strip(value: unknown, isNames: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => strip(item, false));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value)
    // A property may be called "description", and holds a schema then.
    .filter(([key, content]) => isNames || key !== "description" || typeof content !== "string")
    .map(([key, content]): [string, unknown] => {
      if (key === "required" && Array.isArray(content)) return [key, content.toSorted()];
      return [key, strip(content, !isNames && key === "properties")];
    });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Every description with the path to it. */
export function descriptionsOf(document: unknown): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, content] of Object.entries(value)) {
      if (key === "description" && typeof content === "string")
        found.set(path, content.replace(/\s+/g, " ").trim());
      else visit(content, `${path}/${key}`);
    }
  };
  visit(document, "");
  return found;
}
