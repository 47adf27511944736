/** Reads the text tables of facts/, and fails the build when a line names something that is not there. */

import type { Definitions, Schema } from "../api/openapi/schema.ts";
import { definitionName } from "./client/names.ts";

/** One property named by a table, with its place for error messages. */
export interface NamedProperty {
  definition: string;
  property: string;
  schema: Schema;
}

function rows(table: string): [first: string, rest: string[]][] {
  return table
    .trim()
    .split(/\n\s*/)
    .map((line) => line.split(" "))
    .flatMap(([first, ...rest]): [string, string[]][] => (first ? [[first, rest]] : []));
}

/** The properties of a table whose lines are a struct and its fields. */
export function propertiesOf(table: string, definitions: Definitions): NamedProperty[] {
  return rows(table).flatMap(([struct, fields]) => {
    const { definition, schema } = lookUp(struct, definitions);
    return fields.map((property) => {
      const found = schema.properties?.[property];
      if (!found) throw new Error(`a fact names the missing field ${struct}.${property}`);
      return { definition, property, schema: found };
    });
  });
}

/** The definitions of a table whose lines are a package and its structs. */
export function structsOf(table: string, definitions: Definitions): Schema[] {
  return rows(table).flatMap(([goPackage, structs]) =>
    structs.map((struct) => lookUp(`${goPackage}.${struct}`, definitions).schema),
  );
}

/** The definition that a fact names in short, e.g. "core.v1.Pod". */
export function lookUp(struct: string, definitions: Definitions): { definition: string; schema: Schema } {
  const definition = definitionName(struct);
  const schema = definitions[definition];
  if (!schema) throw new Error(`a fact names the missing struct ${struct}`);
  return { definition, schema };
}
