/** Source: pkg/apis/core/validation/validation.go. */
import type { ObjectOf } from "../../object-of.ts";
import { type FieldError, FieldPath, invalid } from "../field.ts";
import { nameIsDnsLabel } from "../names.ts";
import {
  validateFinalizerName,
  validateKubeFinalizerName,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from "../object-meta.ts";

type Namespace = ObjectOf<"io.k8s.api.core.v1.Namespace">;

const finalizersPath = FieldPath.of("spec", "finalizers");
const phasePath = FieldPath.of("status", "Phase");

/** ValidateNamespace. */
export function validateNamespace(namespace: Namespace): FieldError[] {
  const errors = validateObjectMeta(namespace.metadata, false, nameIsDnsLabel);
  for (const finalizer of namespace.spec?.finalizers ?? []) {
    errors.push(...validateFinalizer(finalizer, finalizersPath));
  }
  return errors;
}

/** What the strategy's ValidateUpdate checks. */
export function validateNamespaceUpdate(namespace: Namespace, old: Namespace): FieldError[] {
  return [...validateNamespace(namespace), ...validateObjectMetaUpdate(namespace.metadata, old.metadata)];
}

/** ValidateNamespaceStatusUpdate: the phase follows from the deletion timestamp. */
export function validateNamespaceStatusUpdate(namespace: Namespace, old: Namespace): FieldError[] {
  const errors = validateObjectMetaUpdate(namespace.metadata, old.metadata);
  const phase = namespace.status?.phase ?? "";
  if (namespace.metadata.deletionTimestamp === undefined) {
    if (phase !== "Active") {
      errors.push(invalid(phasePath, phase, "may only be 'Active' if `deletionTimestamp` is empty"));
    }
  } else if (phase !== "Terminating") {
    errors.push(invalid(phasePath, phase, "may only be 'Terminating' if `deletionTimestamp` is not empty"));
  }
  return errors;
}

/** ValidateNamespaceFinalizeUpdate. */
export function validateNamespaceFinalize(namespace: Namespace, old: Namespace): FieldError[] {
  const errors = validateObjectMetaUpdate(namespace.metadata, old.metadata);
  namespace.spec?.finalizers?.forEach((finalizer, index) => {
    errors.push(...validateFinalizer(finalizer, finalizersPath.index(index)));
  });
  return errors;
}

function validateFinalizer(finalizer: string, path: FieldPath): FieldError[] {
  return [...validateFinalizerName(finalizer, path), ...validateKubeFinalizerName(finalizer, path)];
}
