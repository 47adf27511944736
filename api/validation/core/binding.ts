import type { ObjectOf } from "../../object-of.ts";
import { type FieldError, FieldPath, notSupported, required } from "../field.ts";

/** ValidatePodBinding of pkg/apis/core/validation. */
export function validateBinding({ target }: ObjectOf<"io.k8s.api.core.v1.Binding">): FieldError[] {
  const path = FieldPath.of("target");
  const errors: FieldError[] = [];
  if (target?.kind && target.kind !== "Node") {
    errors.push(notSupported(path.child("kind"), target.kind, ["Node", "<empty>"]));
  }
  if (!target?.name) errors.push(required(path.child("name")));
  return errors;
}
