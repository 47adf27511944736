import type { FieldDoc } from "../api/tables/columns.ts";
import type { BuiltSpecification } from "./specification.ts";

/** The descriptions of table columns that are those of a field, by "struct.field". A field without one fails the build. */
export function columnDocs(
  { definitions }: BuiltSpecification,
  fields: readonly FieldDoc[],
): Record<string, string> {
  const docs: Record<string, string> = {};
  for (const { struct, field } of fields) {
    const description = definitions[struct]?.properties?.[field]?.description;
    if (!description) throw new Error(`no description of ${struct}.${field} for a table column`);
    // The published description goes on with the values of an enum; a table's does not.
    docs[`${struct}.${field}`] = description.split("\n\nPossible enum values:", 1)[0] ?? "";
  }
  return docs;
}
