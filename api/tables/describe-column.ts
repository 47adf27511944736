import docs from "../../openapi/generated/column-docs.json" with { type: "json" };
import type { Column } from "./columns.ts";

/** What the column is for: its own text, or the published description of the field that it shows. */
export function describeColumn({ description }: Column): string {
  if (typeof description === "string") return description;
  return (docs as Readonly<Record<string, string>>)[`${description.struct}.${description.field}`] ?? "";
}
