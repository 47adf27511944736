/**
 * The v2 document writes parameters that many operations share once, under a name with a hash.
 * Source: k8s.io/kube-openapi/pkg/builder/parameters.go.
 */

import type { Operation } from "../api/openapi/operation.ts";
import { bodyV2, type ParameterV2, parameterV2 } from "../api/openapi/paths-v2.ts";

/** Name in "parameters" of the document; undefined: the parameter is written where it is used. */
function sharedName(parameter: ParameterV2): string | undefined {
  return isOwn(parameter) ? undefined : `${parameter.name}-${hash(goJson(parameter))}`;
}

/** Gives the parameters of all operations the name under which the v2 document shares them. */
export function nameSharedParameters(operations: readonly Operation[]): void {
  const names = new Map<string, string | undefined>();
  const nameOf = (parameter: ParameterV2): { sharedAs?: string } => {
    const key = JSON.stringify(parameter);
    if (!names.has(key)) names.set(key, sharedName(parameter));
    const sharedAs = names.get(key);
    return sharedAs === undefined ? {} : { sharedAs };
  };
  for (const { parameters, body } of operations) {
    for (const parameter of parameters) Object.assign(parameter, nameOf(parameterV2(parameter)));
    if (body) Object.assign(body, nameOf(bodyV2(body)));
  }
}

/** Parameters that name a kind, or that kubectl looks for on the operation. */
function isOwn(parameter: ParameterV2): boolean {
  if (parameter.in === "body") return !parameter.schema?.$ref.startsWith("#/definitions/io.k8s.apimachinery");
  if (parameter.name === "name") return true;
  return parameter.in === "query" && (parameter.name === "fieldValidation" || parameter.name === "dryRun");
}

const ESCAPES: Readonly<Record<string, string>> = { "<": "\\u003c", ">": "\\u003e", "&": "\\u0026" };

/** Go escapes what HTML would read. */
function goJson(value: ParameterV2): string {
  return JSON.stringify(value).replace(/[<>&]/g, (character) => ESCAPES[character] ?? character);
}

const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;

/** The first 6 bytes of the 64-bit FNV-1 hash. */
function hash(text: string): string {
  let value = FNV_OFFSET;
  for (const byte of new TextEncoder().encode(text)) {
    value = BigInt.asUintN(64, value * FNV_PRIME) ^ BigInt(byte);
  }
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return Buffer.from(bytes.subarray(0, 6)).toString("base64url");
}
