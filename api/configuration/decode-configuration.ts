/** Configuration files of the API server, read strictly. Source: serializer.EnableStrict of apimachinery's runtime. */
import { valueTree } from "../json-tree.ts";
import type { JsonObject } from "../object.ts";
import { kindOf, missingKind, notRegistered, strictDecodingMessage } from "../schema/decode-object.ts";
import { goDecode } from "../schema/go-decode.ts";
import { goTypeOf } from "../schema/go-type-name.ts";
import type { Field, FieldType, Scalar, StructType } from "../schema/types.ts";
import { parseYaml } from "../yaml.ts";

const group = "apiserver.config.k8s.io";
const scheme = "pkg/runtime/scheme.go:111";

/** What a field holds: a scalar, a struct, or a list of either, as a pointer or as an enum of its own type in Go. */
export type Shape = Scalar | StructShape | readonly [Scalar | StructShape] | { enum: string };

export interface StructShape {
  goName: string;
  fields: Readonly<Record<string, Shape>>;
}

const isList = (shape: Shape): shape is readonly [Scalar | StructShape] => Array.isArray(shape);

/** A kind of configuration, in the versions that are served. */
export interface ConfigurationKind {
  kind: string;
  versions: readonly string[];
  fields: StructShape["fields"];
}

/**
 * A configuration as it is written, in any of its versions, which are the same but for their names.
 * known: all kinds that there are.
 * @throws Error in upstream's words
 */
export function decodeConfiguration(
  text: Uint8Array,
  wanted: ConfigurationKind,
  known: readonly ConfigurationKind[],
): JsonObject {
  const { value, strictError } = parseYaml(text);
  const gvk = kindOf(value);
  if (gvk.kind === "") throw new Error(missingKind({ json: text, original: text }));
  if (gvk.version === "") throw new Error(`Object 'apiVersion' is missing in '${Buffer.from(text)}'`);
  const found = known.find(({ kind }) => kind === gvk.kind);
  if (!found || gvk.group !== group || !found.versions.includes(gvk.version))
    throw new Error(notRegistered(gvk, scheme));
  const decoded = goDecode(
    structOf({ goName: found.kind, fields: found.fields }, gvk.version),
    valueTree(value),
  );
  const strictErrors = [...(strictError === undefined ? [] : [strictError]), ...decoded.strictErrors];
  if (strictErrors.length > 0) throw new Error(strictDecodingMessage(strictErrors));
  if (found !== wanted) throw new Error(`expected ${wanted.kind}, got *apiserver.${found.kind}`);
  return decoded.value;
}

const typeMeta: StructShape["fields"] = { kind: "string", apiVersion: "string" };

function structOf({ goName, fields }: StructShape, version: string, isRoot = true): StructType {
  const all = Object.entries(isRoot ? { ...typeMeta, ...fields } : fields);
  return {
    name: `${version}.${goName}`,
    goName,
    fields: new Map(all.map(([name, shape]) => [name, fieldOf(name, shape, version)])),
  };
}

function fieldOf(name: string, shape: Shape, version: string): Field {
  const type = typeOf(shape, version);
  const isEnum = typeof shape === "object" && "enum" in shape;
  const goType = isEnum ? `${version}.${shape.enum}` : goTypeOf(type);
  return { name, type, presence: "always", required: false, goType };
}

function typeOf(shape: Shape, version: string): FieldType {
  if (typeof shape === "string") return { kind: "scalar", scalar: shape };
  if (isList(shape)) return { kind: "array", items: typeOf(shape[0], version) };
  if ("enum" in shape) return { kind: "scalar", scalar: "string" };
  return { kind: "struct", struct: structOf(shape, version, false) };
}
