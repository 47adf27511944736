/** Source: pkg/apis/apps/validation/validation.go (ControllerRevision). */
import type { ObjectOf } from "../../object-of.ts";
import { type FieldError, FieldPath, required } from "../field.ts";
import { nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { validateImmutable, validateNonnegative } from "../values.ts";

type ControllerRevision = ObjectOf<"io.k8s.api.apps.v1.ControllerRevision">;

const dataPath = FieldPath.of("data");

/** ValidateControllerRevisionCreate. */
export function validateControllerRevision(revision: ControllerRevision): FieldError[] {
  return [...validateRevision(revision), ...validateData(revision.data ?? null)];
}

function validateRevision({ metadata, revision }: ControllerRevision): FieldError[] {
  return [
    ...validateObjectMeta(metadata, true, nameIsDnsSubdomain),
    ...validateNonnegative(revision, FieldPath.of("revision")),
  ];
}

function validateData(data: unknown): FieldError[] {
  if (data === null) return [required(dataPath, "data is mandatory")];
  if (typeof data === "object" && !Array.isArray(data)) return [];
  return [required(dataPath, "data must be a valid JSON object")];
}

/** ValidateControllerRevisionUpdate. */
export function validateControllerRevisionUpdate(
  revision: ControllerRevision,
  old: ControllerRevision,
): FieldError[] {
  return [
    ...validateObjectMetaUpdate(revision.metadata, old.metadata),
    ...validateRevision(revision),
    ...validateImmutable(revision.data, old.data, dataPath),
  ];
}
