/** Source: pkg/apis/autoscaling/validation/validation.go (ValidateScale). */
import type { ObjectOf } from "../../object-of.ts";
import { type FieldError, FieldPath } from "../field.ts";
import { nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta } from "../object-meta.ts";
import { validateNonnegative } from "../values.ts";

/** ValidateScale. */
export function validateScale({ metadata, spec }: ObjectOf<"io.k8s.api.autoscaling.v1.Scale">): FieldError[] {
  return [
    ...validateObjectMeta(metadata, true, nameIsDnsSubdomain),
    ...validateNonnegative(spec?.replicas ?? 0, FieldPath.of("spec", "replicas")),
  ];
}
