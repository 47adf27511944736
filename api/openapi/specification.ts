/**
 * The specification of every group version, as openapi/generate.ts writes it: a text that is taken apart line by
 * line, because a document needs only a part of it and nothing may hold up the event loop for long.
 */
import type { Operation, Parameter } from "./operation.ts";
import type { Schema } from "./schema.ts";

export interface Specification {
  /** "group/version" of all that upstream's scheme registers, also what is no longer served. */
  groupVersions: readonly string[];
  /** Paths in byte order. */
  paths: readonly string[];
  /** The operations of a path. */
  operations(path: string): Operation[];
  /** The JSON text of a v3 schema. */
  schemaText(name: string): string;
  schema(name: string): Schema;
}

/** An operation as a line holds it. */
type PackedOperation = Omit<Operation, "path" | "parameters"> & { parameters: number[] };

/** One line for the group versions, then parameters, schemas and paths, with an empty line between. */
export function writeSpecification(source: {
  groupVersions: readonly string[];
  schemas: ReadonlyMap<string, string>;
  operations: readonly Operation[];
}): string {
  const parameters = new Map<string, number>();
  const numberOf = (parameter: Parameter): number => {
    const text = JSON.stringify(parameter);
    const number = parameters.get(text) ?? parameters.size;
    parameters.set(text, number);
    return number;
  };
  const paths = new Map<string, PackedOperation[]>();
  for (const { path, parameters: ofOperation, ...rest } of source.operations) {
    const packed = { ...rest, parameters: ofOperation.map(numberOf) };
    paths.set(path, [...(paths.get(path) ?? []), packed]);
  }
  const sections = [
    [JSON.stringify(source.groupVersions)],
    [...parameters.keys()],
    [...source.schemas].sort(byName).map(([name, text]) => `${name}\t${text}`),
    [...paths].sort(byName).map(([path, operations]) => `${path}\t${JSON.stringify(operations)}`),
  ];
  return sections.map((lines) => lines.join("\n")).join("\n\n");
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

export function readSpecification(text: string): Specification {
  const [groupVersions = "[]", parameterLines = "", schemaLines = "", pathLines = ""] = text.split("\n\n");
  const parameters = parameterLines.split("\n").map((line) => JSON.parse(line) as Parameter);
  const schemas = table(schemaLines);
  const paths = table(pathLines);
  const schemaText = (name: string): string => {
    const found = schemas.get(name);
    if (found === undefined) throw new Error(`the specification has no schema ${name}`);
    return found;
  };
  return {
    groupVersions: JSON.parse(groupVersions) as string[],
    paths: [...paths.keys()],
    operations: (path) =>
      (JSON.parse(paths.get(path) ?? "[]") as PackedOperation[]).map((operation) => ({
        ...operation,
        path,
        parameters: operation.parameters.flatMap((number) => parameters[number] ?? []),
      })),
    schemaText,
    schema: (name) => JSON.parse(schemaText(name)) as Schema,
  };
}

/** Lines of a name, a tab and JSON. */
function table(lines: string): Map<string, string> {
  return new Map(
    lines.split("\n").map((line) => {
      const tab = line.indexOf("\t");
      return [line.slice(0, tab), line.slice(tab + 1)];
    }),
  );
}
