/** metadata of any object. Source: k8s.io/apimachinery/pkg/api/validation/objectmeta.go. */
import { goQuote } from "../go-format.ts";
import type { ManagedFieldsEntry, ObjectMeta, OwnerReference } from "../object.ts";
import { type FieldError, FieldPath, forbidden, internalError, invalid, required, tooLong } from "./field.ts";
import { validateLabels } from "./labels.ts";
import { checkQualifiedName, isLongerThan, nameIsDnsLabel, type ObjectNameCheck } from "./names.ts";
import { validateImmutable, validateNonnegative } from "./values.ts";

/** 256 KiB of keys and values. */
export const totalAnnotationSizeLimit = 256 * 1024;

export const finalizerOrphanDependents = "orphan";
export const finalizerDeleteDependents = "foregroundDeletion";

const metadataPath = FieldPath.of("metadata");

/**
 * ValidateObjectMetaAccessor: what the generic store checks of every new object, with the resource's own rule for
 * names. Kinds of the Kubernetes API itself use validateObjectMeta, which also looks at finalizers.
 */
export function validateAnyObjectMeta(
  meta: ObjectMeta,
  namespaced: boolean,
  checkName: ObjectNameCheck,
  path: FieldPath = metadataPath,
): FieldError[] {
  const errors: FieldError[] = [];
  if (meta.generateName) {
    for (const problem of checkName(meta.generateName, true)) {
      errors.push(invalid(path.child("generateName"), meta.generateName, problem));
    }
  }
  if (meta.name) {
    for (const problem of checkName(meta.name, false)) {
      errors.push(invalid(path.child("name"), meta.name, problem));
    }
  } else {
    errors.push(required(path.child("name"), "name or generateName is required"));
  }
  validateCommon(errors, meta, namespaced, path);
  return errors;
}

/** ValidateObjectMeta of pkg/apis/core/validation: the same, and every unqualified finalizer must be a known one. */
export function validateObjectMeta(
  meta: ObjectMeta,
  namespaced: boolean,
  checkName: ObjectNameCheck,
  path: FieldPath = metadataPath,
): FieldError[] {
  const errors = validateAnyObjectMeta(meta, namespaced, checkName, path);
  validateKubeFinalizers(errors, meta.finalizers, path);
  return errors;
}

/** ValidateObjectMetaWithOpts: generateName is not checked, only the name made from it; checkName makes its own errors. */
export function validateObjectMetaByName(
  meta: ObjectMeta,
  namespaced: boolean,
  validateName: (path: FieldPath, name: string) => FieldError[],
  path: FieldPath = metadataPath,
): FieldError[] {
  const errors: FieldError[] = [];
  const name = meta.name ?? "";
  if (meta.generateName && name === "") {
    const detail = `generateName was specified (${goQuote(meta.generateName)}), but no name was generated`;
    errors.push(internalError(path.child("name"), detail));
  }
  if (name === "") errors.push(required(path.child("name"), "name or generateName is required"));
  else errors.push(...validateName(path.child("name"), name));
  validateCommon(errors, meta, namespaced, path);
  validateKubeFinalizers(errors, meta.finalizers, path);
  return errors;
}

function validateCommon(errors: FieldError[], meta: ObjectMeta, namespaced: boolean, path: FieldPath): void {
  if (!namespaced) {
    if (meta.namespace) errors.push(forbidden(path.child("namespace"), "not allowed on this type"));
  } else if (!meta.namespace) {
    errors.push(required(path.child("namespace")));
  } else {
    for (const problem of nameIsDnsLabel(meta.namespace, false)) {
      errors.push(invalid(path.child("namespace"), meta.namespace, problem));
    }
  }
  errors.push(...validateNonnegative(meta.generation ?? 0, path.child("generation")));
  if (meta.labels) errors.push(...validateLabels(meta.labels, path.child("labels")));
  if (meta.annotations) errors.push(...validateAnnotations(meta.annotations, path.child("annotations")));
  if (meta.ownerReferences) {
    errors.push(...validateOwnerReferences(meta.ownerReferences, path.child("ownerReferences")));
  }
  if (meta.finalizers) errors.push(...validateFinalizers(meta.finalizers, path.child("finalizers")));
  if (meta.managedFields) {
    errors.push(...validateManagedFields(meta.managedFields, path.child("managedFields")));
  }
}

/** ValidateAnnotations: keys are qualified names in any case; all together at most 256 KiB. */
export function validateAnnotations(
  annotations: Readonly<Record<string, string>> | undefined,
  path: FieldPath,
): FieldError[] {
  if (!annotations) return [];
  const errors: FieldError[] = [];
  for (const key of Object.keys(annotations)) {
    for (const problem of checkQualifiedName(key.toLowerCase())) errors.push(invalid(path, key, problem));
  }
  if (annotationsTooLarge(annotations)) errors.push(tooLong(path, totalAnnotationSizeLimit));
  return errors;
}

/** ValidateAnnotationsSize. */
export function annotationsTooLarge(annotations: Readonly<Record<string, string>>): boolean {
  let characters = 0;
  for (const key of Object.keys(annotations)) characters += key.length + annotations[key]!.length;
  if (characters * 3 <= totalAnnotationSizeLimit) return false;
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations)) {
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  return bytes > totalAnnotationSizeLimit;
}

/** ValidateOwnerReferences. */
export function validateOwnerReferences(
  references: readonly OwnerReference[],
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  let first = "";
  for (const reference of references) {
    errors.push(...validateOwnerReference(reference, path));
    if (reference.controller !== true) continue;
    const name = `${reference.kind}/${reference.name}`;
    if (first === "") {
      first = name;
    } else {
      const detail = `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${name}`;
      errors.push(invalid(path, references, detail));
    }
  }
  return errors;
}

function validateOwnerReference(reference: OwnerReference, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  // An apiVersion with several slashes has no version: schema.FromAPIVersionAndKind.
  const { apiVersion = "", kind = "", name = "", uid = "" } = reference;
  const slashes = apiVersion.split("/");
  const version = slashes.length > 2 ? "" : slashes.at(-1)!;
  if (version === "") errors.push(invalid(path.child("apiVersion"), apiVersion, "version must not be empty"));
  if (kind === "") errors.push(invalid(path.child("kind"), kind, "must not be empty"));
  if (name === "") errors.push(invalid(path.child("name"), name, "must not be empty"));
  if (uid === "") errors.push(invalid(path.child("uid"), uid, "must not be empty"));
  if ((apiVersion === "v1" || apiVersion === "/v1") && kind === "Event") {
    errors.push(invalid(path, reference, "/v1, Kind=Event is disallowed from being an owner"));
  }
  return errors;
}

/** ValidateFinalizers. */
export function validateFinalizers(finalizers: readonly string[], path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  for (const finalizer of finalizers) errors.push(...validateFinalizerName(finalizer, path));
  if (finalizers.includes(finalizerOrphanDependents) && finalizers.includes(finalizerDeleteDependents)) {
    const detail = `finalizer ${finalizerOrphanDependents} and ${finalizerDeleteDependents} cannot be both set`;
    errors.push(invalid(path, finalizers, detail));
  }
  return errors;
}

/** ValidateFinalizerName of apimachinery. */
export function validateFinalizerName(finalizer: string, path: FieldPath): FieldError[] {
  return checkQualifiedName(finalizer).map((problem) => invalid(path, finalizer, problem));
}

const standardFinalizers = new Set(["kubernetes", finalizerOrphanDependents, finalizerDeleteDependents]);

/** validateKubeFinalizerName of pkg/apis/core/validation. */
export function validateKubeFinalizerName(finalizer: string, path: FieldPath): FieldError[] {
  if (finalizer.includes("/") || standardFinalizers.has(finalizer)) return [];
  const detail = "name is neither a standard finalizer name nor is it fully qualified";
  return [invalid(path, finalizer, detail)];
}

function validateKubeFinalizers(
  errors: FieldError[],
  finalizers: readonly string[] | undefined,
  path: FieldPath,
): void {
  finalizers?.forEach((finalizer, index) => {
    errors.push(...validateKubeFinalizerName(finalizer, path.child("finalizers").index(index)));
  });
}

/** ValidateNoNewFinalizers: an object that is being deleted gets no more finalizers. */
export function validateNoNewFinalizers(
  finalizers: readonly string[] | undefined,
  old: readonly string[] | undefined,
  path: FieldPath,
): FieldError[] {
  const extra = [...new Set(finalizers)].filter((finalizer) => !old?.includes(finalizer)).sort();
  if (extra.length === 0) return [];
  const list = `[]string{${extra.map(goQuote).join(", ")}}`;
  return [
    forbidden(
      path,
      `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`,
    ),
  ];
}

/** ValidateObjectMetaAccessorUpdate: what the generic store checks of every changed object. */
export function validateAnyObjectMetaUpdate(
  meta: ObjectMeta,
  old: ObjectMeta,
  path: FieldPath = metadataPath,
): FieldError[] {
  const errors: FieldError[] = [];
  if (old.deletionTimestamp) {
    errors.push(...validateNoNewFinalizers(meta.finalizers, old.finalizers, path.child("finalizers")));
  }
  if (!meta.resourceVersion) {
    errors.push(invalid(path.child("resourceVersion"), "", "must be specified for an update"));
  }
  if ((meta.generation ?? 0) < (old.generation ?? 0)) {
    errors.push(invalid(path.child("generation"), meta.generation ?? 0, "must not be decremented"));
  }
  for (const field of ["name", "namespace", "uid"] as const) {
    if ((meta[field] ?? "") !== (old[field] ?? "")) {
      errors.push(...validateImmutable(meta[field] ?? "", old[field] ?? "", path.child(field)));
    }
  }
  for (const field of ["creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"] as const) {
    if (meta[field] !== old[field]) {
      errors.push(...validateImmutable(meta[field], old[field], path.child(field)));
    }
  }
  if (meta.labels) errors.push(...validateLabels(meta.labels, path.child("labels")));
  if (meta.annotations) errors.push(...validateAnnotations(meta.annotations, path.child("annotations")));
  if (meta.ownerReferences) {
    errors.push(...validateOwnerReferences(meta.ownerReferences, path.child("ownerReferences")));
  }
  if (meta.managedFields) {
    errors.push(...validateManagedFields(meta.managedFields, path.child("managedFields")));
  }
  return errors;
}

/** ValidateObjectMetaUpdate of pkg/apis/core/validation. */
export function validateObjectMetaUpdate(
  meta: ObjectMeta,
  old: ObjectMeta,
  path: FieldPath = metadataPath,
): FieldError[] {
  const errors = validateAnyObjectMetaUpdate(meta, old, path);
  validateKubeFinalizers(errors, meta.finalizers, path);
  return errors;
}

/** ValidateManagedFields. */
export function validateManagedFields(entries: readonly ManagedFieldsEntry[], path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  entries.forEach((entry, index) => {
    const at = path.index(index);
    const operation: string = entry.operation ?? "";
    if (operation !== "Apply" && operation !== "Update") {
      errors.push(invalid(at.child("operation"), operation, "must be `Apply` or `Update`"));
    }
    if (entry.fieldsType && entry.fieldsType !== "FieldsV1") {
      errors.push(invalid(at.child("fieldsType"), entry.fieldsType, "must be `FieldsV1`"));
    }
    errors.push(...validateFieldManager(entry.manager ?? "", at.child("manager")));
    if (isLongerThan(entry.subresource ?? "", 256)) errors.push(tooLong(at.child("subresource"), 256));
  });
  return errors;
}

/** In bytes. */
export const fieldManagerMaxLength = 128;

const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u;

/** ValidateFieldManager: at most 128 bytes, printable. */
export function validateFieldManager(manager: string, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (isLongerThan(manager, fieldManagerMaxLength)) errors.push(tooLong(path, fieldManagerMaxLength));
  if (printable.test(manager)) return errors;
  let position = 0;
  for (const character of manager) {
    if (!printable.test(character)) {
      const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
      errors.push(invalid(path, manager, `invalid character U+${code} (at position ${position})`));
    }
    position += Buffer.byteLength(character);
  }
  return errors;
}
