/** A name in a field. Source: k8s.io/kubernetes/pkg/apis/core/validation. */
import { type FieldError, type FieldPath, invalid } from "../field.ts";
import {
  checkDns1123Label,
  checkDns1123Subdomain,
  checkDns1123SubdomainWithUnderscore,
  checkQualifiedName,
  type NameCheck,
} from "../names.ts";

const validateWith =
  (check: NameCheck) =>
  (value: string, path: FieldPath): FieldError[] =>
    check(value).map((problem) => invalid(path, value, problem));

/** ValidateDNS1123Label. */
export const validateDns1123Label = validateWith(checkDns1123Label);
/** ValidateDNS1123Subdomain. */
export const validateDns1123Subdomain = validateWith(checkDns1123Subdomain);
/** ValidateDNS1123SubdomainWithUnderScore. */
export const validateDns1123SubdomainWithUnderscore = validateWith(checkDns1123SubdomainWithUnderscore);
/** ValidateQualifiedName. */
export const validateQualifiedName = validateWith(checkQualifiedName);
