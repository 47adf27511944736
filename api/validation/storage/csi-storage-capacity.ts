/** Source: pkg/apis/storage/validation/validation.go. */
import { goMetaValue } from "../../go-value.ts";
import type { ObjectOf } from "../../object-of.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import { validateNonnegativeQuantity } from "../core/resource-quantities.ts";
import { type FieldError, FieldPath, invalid } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { validateLabelSelector } from "../labels.ts";
import { nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { immutableError } from "../values.ts";

type Capacity = ObjectOf<"io.k8s.api.storage.v1.CSIStorageCapacity">;

const topologyPath = FieldPath.of("nodeTopology");
const classPath = FieldPath.of("storageClassName");

/** ValidateCSIStorageCapacity. */
export const validateCsiStorageCapacity = (capacity: Capacity): FieldError[] => validateAny(capacity, false);

function validateAny(object: Capacity, allowInvalidLabelValue: boolean): FieldError[] {
  const { metadata, nodeTopology, storageClassName = "", capacity } = object;
  const errors = validateObjectMeta(metadata, true, nameIsDnsSubdomain);
  errors.push(...validateLabelSelector(nodeTopology, { allowInvalidLabelValue }, topologyPath));
  errors.push(...invalidText(classPath, storageClassName, nameIsDnsSubdomain(storageClassName, false)));
  if (capacity !== undefined) errors.push(...validateNonnegativeQuantity(capacity, FieldPath.of("capacity")));
  return errors;
}

/** What the strategy's ValidateUpdate checks. */
export function validateCsiStorageCapacityUpdate(object: Capacity, old: Capacity): FieldError[] {
  const wasInvalid = validateLabelSelector(old.nodeTopology, {}, topologyPath).length > 0;
  const errors = validateAny(object, wasInvalid);
  errors.push(...validateObjectMetaUpdate(object.metadata, old.metadata));
  if (!semanticEqual(object.nodeTopology, old.nodeTopology)) {
    errors.push(invalid(topologyPath, goMetaValue("LabelSelector", object.nodeTopology), immutableError));
  }
  if (object.storageClassName !== old.storageClassName) {
    errors.push(invalid(classPath, object.storageClassName ?? "", immutableError));
  }
  return errors;
}
