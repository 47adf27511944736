/** Source: pkg/apis/storage/validation/validation.go. */
import type { ObjectOf } from "../../object-of.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import { type FieldError, FieldPath, forbidden } from "../field.ts";
import { nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { validateParameters, validateProvisioner } from "./storage-class.ts";

type AttributesClass = ObjectOf<"io.k8s.api.storage.v1.VolumeAttributesClass">;

/** ValidateVolumeAttributesClass. */
export const validateVolumeAttributesClass = ({
  metadata,
  driverName,
  parameters,
}: AttributesClass): FieldError[] => [
  ...validateObjectMeta(metadata, false, nameIsDnsSubdomain),
  ...validateProvisioner(driverName, FieldPath.of("driverName")),
  ...validateParameters(parameters, false, FieldPath.of("parameters")),
];

/** ValidateVolumeAttributesClassUpdate. */
export function validateVolumeAttributesClassUpdate(
  object: AttributesClass,
  old: AttributesClass,
): FieldError[] {
  const errors = validateObjectMetaUpdate(object.metadata, old.metadata);
  if (object.driverName !== old.driverName) {
    errors.push(forbidden(FieldPath.of("driverName"), "updates to driverName are forbidden."));
  }
  if (!semanticEqual(object.parameters, old.parameters)) {
    errors.push(forbidden(FieldPath.of("parameters"), "updates to parameters are forbidden."));
  }
  return [...errors, ...validateVolumeAttributesClass(object)];
}
