/** Source: pkg/apis/authentication/validation/validation.go. */
import type { ObjectOf } from "../../object-of.ts";
import { type FieldError, FieldPath, invalid } from "../field.ts";

const path = FieldPath.of("spec", "expirationSeconds");
const minSeconds = 600;
const maxSeconds = 2 ** 32;

/** ValidateTokenRequest. */
export function validateTokenRequest({
  spec,
}: Pick<ObjectOf<"io.k8s.api.authentication.v1.TokenRequest">, "spec">): FieldError[] {
  const seconds = spec.expirationSeconds ?? 0;
  if (seconds < minSeconds)
    return [invalid(path, seconds, "may not specify a duration less than 10 minutes")];
  if (seconds <= maxSeconds) return [];
  return [invalid(path, seconds, "may not specify a duration larger than 2^32 seconds")];
}
