import { type FieldError, type FieldPath, invalid, required } from "./field.ts";
import { invalidText } from "./invalid-text.ts";
import { checkDns1123Subdomain, regexError } from "./names.ts";

const httpPath = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const httpPathPattern = new RegExp(`^${httpPath}$`);

/** IsDomainPrefixedPath of k8s.io/apimachinery/pkg/util/validation. */
export function validateDomainPrefixedPath(text: string, path: FieldPath): FieldError[] {
  if (text === "") return [required(path)];
  const slash = text.indexOf("/");
  const domain = text.slice(0, Math.max(slash, 0));
  const rest = text.slice(slash + 1);
  if (domain === "" || rest === "") {
    return [invalid(path, text, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  }
  const errors = invalidText(path, domain, checkDns1123Subdomain(domain));
  if (!httpPathPattern.test(rest)) errors.push(invalid(path, rest, regexError("Invalid path", httpPath)));
  return errors;
}
