import { type FieldError, type FieldPath, invalid, required, tooLong } from "../field.ts";
import { checkDns1123Subdomain, isLongerThan } from "../names.ts";

/** ValidateCSIDriverName of pkg/apis/core/validation: a DNS subdomain in any case, of at most 63 bytes. */
export function validateCsiDriverName(name: string | undefined, path: FieldPath): FieldError[] {
  if (!name) return [required(path)];
  const errors: FieldError[] = isLongerThan(name, 63) ? [tooLong(path, 63)] : [];
  for (const problem of checkDns1123Subdomain(name.toLowerCase())) errors.push(invalid(path, name, problem));
  return errors;
}
