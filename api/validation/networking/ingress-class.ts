/** Source: pkg/apis/networking/validation/validation.go. */
import type { ObjectOf } from "../../object-of.ts";
import { validateDomainPrefixedPath } from "../domain-prefixed-path.ts";
import { type FieldError, FieldPath, forbidden, notSupported, required, tooLong } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { isLongerThan, nameIsDnsLabel, nameIsDnsSubdomain } from "../names.ts";
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
