/** Source: pkg/apis/core/validation/validation.go. */
import { JsonError, parseJson } from "../../json.ts";
import type { ObjectOf } from "../../object-of.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import { type FieldError, FieldPath, forbidden, invalid, required, tooLong } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { checkConfigMapKey, nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { validateImmutable } from "../values.ts";
import { immutableData, maxDataSize } from "./config-map.ts";

type Secret = ObjectOf<"io.k8s.api.core.v1.Secret">;

const dataPath = FieldPath.of("data");
const serviceAccountName = "kubernetes.io/service-account.name";

/** ValidateSecret. */
export function validateSecret(secret: Secret): FieldError[] {
  const errors = validateObjectMeta(secret.metadata, true, nameIsDnsSubdomain);
  let size = 0;
  for (const [key, base64] of Object.entries(secret.data ?? {})) {
    errors.push(...invalidText(dataPath.key(key), key, checkConfigMapKey(key)));
    size += Buffer.byteLength(base64, "base64");
  }
  if (size > maxDataSize) errors.push(tooLong(dataPath, maxDataSize));
  return [...errors, ...validateByType(secret)];
}

/** What each well-known type must hold. */
function validateByType({ type, metadata, data = {} }: Secret): FieldError[] {
  const missing = (...keys: string[]): FieldError[] =>
    keys.filter((key) => !Object.hasOwn(data, key)).map((key) => required(dataPath.key(key)));
  switch (type) {
    case "kubernetes.io/service-account-token":
      if (metadata.annotations?.[serviceAccountName]) return [];
      return [required(FieldPath.of("metadata", "annotations").key(serviceAccountName))];
    case "kubernetes.io/dockercfg":
      return validateJsonObject(data, ".dockercfg");
    case "kubernetes.io/dockerconfigjson":
      return validateJsonObject(data, ".dockerconfigjson");
    case "kubernetes.io/basic-auth": {
      const absent = missing("username", "password");
      return absent.length === 2 ? absent : [];
    }
    case "kubernetes.io/ssh-auth":
      return data["ssh-privatekey"] ? [] : [required(dataPath.key("ssh-privatekey"))];
    case "kubernetes.io/tls":
      return missing("tls.crt", "tls.key");
    default:
      return [];
  }
}

function validateJsonObject(data: Readonly<Record<string, string>>, key: string): FieldError[] {
  const path = dataPath.key(key);
  const held = Object.hasOwn(data, key) ? data[key] : undefined;
  if (held === undefined) return [required(path)];
  const problem = jsonObjectProblem(Buffer.from(held, "base64").toString());
  return problem === undefined ? [] : [invalid(path, "<secret contents redacted>", problem)];
}

/** The error of Go's json.Unmarshal into a map. */
function jsonObjectProblem(text: string): string | undefined {
  try {
    const { value } = parseJson(text);
    if (value === null || (typeof value === "object" && !Array.isArray(value))) return undefined;
    return `json: cannot unmarshal ${jsonKind(value)} into Go value of type map[string]interface {}`;
  } catch (error) {
    if (error instanceof JsonError) return error.message;
    throw error;
  }
}

function jsonKind(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  return typeof value === "string" ? "string" : "number";
}

/** ValidateSecretUpdate. */
export function validateSecretUpdate(secret: Secret, old: Secret): FieldError[] {
  const errors = validateObjectMetaUpdate(secret.metadata, old.metadata);
  errors.push(...validateImmutable(secret.type ?? "", old.type ?? "", FieldPath.of("type")));
  if (old.immutable) {
    if (!secret.immutable) errors.push(forbidden(FieldPath.of("immutable"), immutableData));
    if (!semanticEqual(secret.data, old.data)) errors.push(forbidden(dataPath, immutableData));
  }
  return [...errors, ...validateSecret(secret)];
}
