/**
 * What expressions may use. declarations.json lists the functions and variables of upstream's base environment
 * (k8s.io/apiserver/pkg/cel/environment, as of 1.36): "target.(arguments) -> result". It is written by
 * conformance/upstream/cel.
 */
import declarations from "./declarations.json" with { type: "json" };
import { type CelType, celType, readType, splitTypes, structType } from "./types.ts";

export interface Overload {
  isMember: boolean;
  /** The target first, where it has one. */
  args: readonly CelType[];
  result: CelType;
}

/** Fields by name; undefined: there is no such field. */
export type StructFields = (field: string) => CelType | undefined;

export interface CelEnvironment {
  function(name: string): readonly Overload[] | undefined;
  variable(name: string): CelType | undefined;
  struct(name: string): StructFields | undefined;
}

function readOverload(text: string): Overload {
  const [signature = "", result = ""] = text.split(" -> ");
  const match = /^(?:(.*)\.)?\(((?:[^()]|\([^()]*(?:\([^()]*\)[^()]*)*\))*)\)$/.exec(signature);
  if (!match) throw new TypeError(`not a signature: ${text}`);
  const [, target, args = ""] = match;
  return {
    isMember: target !== undefined,
    args: [...(target === undefined ? [] : [target]), ...splitTypes(args)].map(readType),
    result: readType(result),
  };
}

export const readOverloads = (texts: readonly string[]): readonly Overload[] => texts.map(readOverload);

const functions: ReadonlyMap<string, readonly Overload[]> = new Map(
  Object.entries(declarations.functions).map(([name, texts]) => [name, readOverloads(texts)]),
);
const variables = readVariables(declarations.variables);

export function readVariables(texts: Readonly<Record<string, string>>): ReadonlyMap<string, CelType> {
  return new Map(Object.entries(texts).map(([name, text]) => [name, readType(text)]));
}

export interface Extension {
  functions?: Readonly<Record<string, readonly Overload[]>>;
  variables: ReadonlyMap<string, CelType>;
  struct(name: string): StructFields | undefined;
}

/** Fields by struct and name, as text. */
export function readStructs(
  structs: Readonly<Record<string, Readonly<Record<string, string>>>>,
): (name: string) => StructFields | undefined {
  const read = new Map(Object.entries(structs).map(([name, fields]) => [name, readVariables(fields)]));
  return (name) => {
    const fields = read.get(name);
    return fields && ((field) => fields.get(field));
  };
}

const wellKnownStructs = readStructs(declarations.structs);

/** The base environment with more in it. */
export function environmentWith(extension: Extension): CelEnvironment {
  return {
    function: (name) => extension.functions?.[name] ?? functions.get(name),
    variable(name) {
      const known = extension.variables.get(name) ?? variables.get(name);
      return known ?? (extension.struct(name) ? celType("type", structType(name)) : undefined);
    },
    struct: (name) => extension.struct(name) ?? wellKnownStructs(name),
  };
}
