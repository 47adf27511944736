/** CEL's types as its checker sees them. Source: cel-go common/types/types.go, checker/format.go. */

export type TypeKind =
  | "bool"
  | "int"
  | "uint"
  | "double"
  | "string"
  | "bytes"
  | "null"
  | "dyn"
  | "any"
  | "duration"
  | "timestamp"
  | "list"
  | "map"
  | "type"
  | "struct"
  | "opaque"
  | "parameter"
  | "error"
  /** Of a field that nothing but dyn may be given to. */
  | "unspecified";

export interface CelType {
  readonly kind: TypeKind;
  /** As it is named at run time. */
  readonly name: string;
  readonly parameters: readonly CelType[];
}

const names: Partial<Record<TypeKind, string>> = {
  null: "null_type",
  any: "google.protobuf.Any",
  duration: "google.protobuf.Duration",
  timestamp: "google.protobuf.Timestamp",
  error: "!error!",
  unspecified: "",
};

export const celType = (kind: TypeKind, ...parameters: CelType[]): CelType => ({
  kind,
  name: names[kind] ?? kind,
  parameters,
});
export const structType = (name: string): CelType => ({ kind: "struct", name, parameters: [] });
export const opaqueType = (name: string, parameters: readonly CelType[]): CelType => ({
  kind: "opaque",
  name,
  parameters,
});
export const typeParameter = (name: string): CelType => ({ kind: "parameter", name, parameters: [] });
export const optionalType = (value: CelType): CelType => opaqueType("optional_type", [value]);

export const bool = celType("bool");
export const int = celType("int");
export const string = celType("string");
export const dyn = celType("dyn");
export const any = celType("any");
export const error = celType("error");

export const listType = (element: CelType): CelType => celType("list", element);
export const mapType = (key: CelType, value: CelType): CelType => celType("map", key, value);

export const isDyn = ({ kind }: CelType): boolean => kind === "dyn" || kind === "any";

/** What an optional holds; undefined: it is none. */
export const unwrapOptional = ({ kind, name, parameters }: CelType): CelType | undefined =>
  kind === "opaque" && name === "optional_type" ? parameters[0] : undefined;

export function sameType(a: CelType, b: CelType, { ignoreNames = false } = {}): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || a.parameters.length !== b.parameters.length) return false;
  if (a.name !== b.name && !(ignoreNames && a.kind === "parameter")) return false;
  return a.parameters.every((parameter, index) => sameType(parameter, b.parameters[index]!, { ignoreNames }));
}

/** In the words of the checker's errors. */
export function formatType(type: CelType): string {
  switch (type.kind) {
    case "any":
    case "duration":
    case "null":
    case "timestamp":
      return type.kind;
    default:
      return withParameters(type, formatType);
  }
}

/** In the words of who asks for a result's type. */
export function typeText(type: CelType): string {
  return type.kind === "parameter" ? `<${type.name}>` : withParameters(type, typeText);
}

function withParameters({ name, parameters }: CelType, format: (type: CelType) => string): string {
  return parameters.length === 0 ? name : `${name}(${parameters.map(format).join(", ")})`;
}

/** In the words of an error about a call. */
export function formatCall(args: readonly CelType[], isMember: boolean): string {
  const texts = args.map(formatType);
  const target = isMember ? `${texts.shift()}.` : "";
  return `${target}(${texts.join(", ")})`;
}

/** Reads int, list(<T>), map(string, dyn), .struct.name, @opaque.name(<T>), as declarations.json writes them. */
export function readType(text: string): CelType {
  const open = text.indexOf("(");
  const head = open === -1 ? text : text.slice(0, open);
  const parameters = open === -1 ? [] : splitTypes(text.slice(open + 1, -1)).map(readType);
  if (head.startsWith("<")) return typeParameter(head.slice(1, -1));
  if (head.startsWith(".")) return structType(head.slice(1));
  if (head.startsWith("@")) return opaqueType(head.slice(1), parameters);
  return celType(head as TypeKind, ...parameters);
}

/** At commas that stand in no parentheses. */
export function splitTypes(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (const [index, character] of Array.from(text).entries()) {
    if (character === "(") depth++;
    else if (character === ")") depth--;
    else if (character === "," && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return text.trim() === "" ? [] : [...parts, text.slice(start)].map((part) => part.trim());
}
