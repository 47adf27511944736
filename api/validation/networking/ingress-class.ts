/** Source: pkg/apis/networking/validation/validation.go. */
import type { ObjectOf } from "../../object-of.ts";
import { type FieldError, FieldPath, forbidden, invalid, notSupported, required, tooLong } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import {
  checkDns1123Subdomain,
  isLongerThan,
  nameIsDnsLabel,
  nameIsDnsSubdomain,
  regexError,
} from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { validateImmutable } from "../values.ts";
import { validateReference } from "./ingress.ts";

type IngressClass = ObjectOf<"io.k8s.api.networking.v1.IngressClass">;
type Parameters = NonNullable<NonNullable<IngressClass["spec"]>["parameters"]>;

const controllerPath = FieldPath.of("spec", "controller");
const maxControllerLength = 250;

/** ValidateIngressClass. */
export function validateIngressClass({ metadata, spec }: IngressClass): FieldError[] {
  const errors = validateObjectMeta(metadata, false, nameIsDnsSubdomain);
  const controller = spec?.controller ?? "";
  if (isLongerThan(controller, maxControllerLength)) {
    errors.push(tooLong(controllerPath, maxControllerLength));
  }
  errors.push(...validateDomainPrefixedPath(controller, controllerPath));
  if (spec?.parameters)
    errors.push(...validateParameters(spec.parameters, FieldPath.of("spec", "parameters")));
  return errors;
}

/** ValidateIngressClassUpdate. */
export function validateIngressClassUpdate(ingressClass: IngressClass, old: IngressClass): FieldError[] {
  return [
    ...validateObjectMetaUpdate(ingressClass.metadata, old.metadata),
    ...validateImmutable(ingressClass.spec?.controller ?? "", old.spec?.controller ?? "", controllerPath),
    ...validateIngressClass(ingressClass),
  ];
}

const httpPath = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const httpPathPattern = new RegExp(`^${httpPath}$`);

/** IsDomainPrefixedPath of k8s.io/apimachinery/pkg/util/validation. */
function validateDomainPrefixedPath(text: string, path: FieldPath): FieldError[] {
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

function validateParameters(parameters: Parameters, path: FieldPath): FieldError[] {
  const errors = validateReference(parameters, path);
  const { scope, namespace } = parameters;
  const namespacePath = path.child("namespace");
  if (scope === undefined) errors.push(required(path.child("scope")));
  else if (scope !== "Namespace" && scope !== "Cluster") {
    errors.push(notSupported(path.child("scope"), scope, ["Cluster", "Namespace"]));
  } else if (scope === "Cluster") {
    if (namespace !== undefined) {
      errors.push(forbidden(namespacePath, "`parameters.scope` is set to 'Cluster'"));
    }
  } else if (namespace === undefined) {
    errors.push(required(namespacePath, "`parameters.scope` is set to 'Namespace'"));
  } else errors.push(...invalidText(namespacePath, namespace, nameIsDnsLabel(namespace, false)));
  return errors;
}
