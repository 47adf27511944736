/** Source: pkg/apis/core/validation/validation.go. */

import type { ObjectOf } from "../../object-of.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import { type FieldError, FieldPath, forbidden, invalid, tooLong } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { byteLength, checkConfigMapKey, nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";

type ConfigMap = ObjectOf<"io.k8s.api.core.v1.ConfigMap">;

/** Of all values together, in a ConfigMap or a Secret: 1 MiB. */
export const maxDataSize = 1024 * 1024;

export const immutableData = "field is immutable when `immutable` is set";

/** ValidateConfigMap. */
export function validateConfigMap({ metadata, data = {}, binaryData = {} }: ConfigMap): FieldError[] {
  const errors = validateObjectMeta(metadata, true, nameIsDnsSubdomain);
  let size = 0;
  for (const [key, text] of Object.entries(data)) {
    const path = FieldPath.of("data").key(key);
    errors.push(...invalidText(path, key, checkConfigMapKey(key)));
    if (Object.hasOwn(binaryData, key)) {
      errors.push(invalid(path, key, "duplicate of key present in binaryData"));
    }
    size += byteLength(text);
  }
  for (const [key, base64] of Object.entries(binaryData)) {
    errors.push(...invalidText(FieldPath.of("binaryData").key(key), key, checkConfigMapKey(key)));
    size += Buffer.byteLength(base64, "base64");
  }
  // The empty path means the whole object; that is how it prints.
  if (size > maxDataSize) errors.push(tooLong("[]", maxDataSize));
  return errors;
}

/** ValidateConfigMapUpdate. */
export function validateConfigMapUpdate(configMap: ConfigMap, old: ConfigMap): FieldError[] {
  const errors = validateObjectMetaUpdate(configMap.metadata, old.metadata);
  if (old.immutable) {
    if (!configMap.immutable) errors.push(forbidden(FieldPath.of("immutable"), immutableData));
    for (const field of ["data", "binaryData"] as const) {
      if (semanticEqual(configMap[field], old[field])) continue;
      errors.push(forbidden(FieldPath.of(field), immutableData));
    }
  }
  return [...errors, ...validateConfigMap(configMap)];
}
