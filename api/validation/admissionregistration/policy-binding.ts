/** Source: pkg/apis/admissionregistration/validation/validation.go (bindings of policies). */
import type { ObjectOf } from "../../object-of.ts";
import type { Schemas } from "../../types.ts";
import {
  duplicate,
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  notSupported,
  required,
} from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { validateLabelSelector } from "../labels.ts";
import { checkPathSegmentName, nameIsDnsSubdomain } from "../names.ts";
import { validateAnyObjectMeta } from "../object-meta.ts";
import { specPath } from "./policy-spec.ts";
import { validateMatchResources, validateMutatingOperations } from "./rules.ts";

type ValidatingBinding = ObjectOf<"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding">;
type MutatingBinding = ObjectOf<"io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBinding">;
type ParamRef = Schemas["io.k8s.api.admissionregistration.v1.ParamRef"];

const actions = ["Audit", "Deny", "Warn"];
const matchPath = specPath.child("matchResources");

/** ValidateValidatingAdmissionPolicyBinding, of creates and updates alike. */
export function validateValidatingAdmissionPolicyBinding(binding: ValidatingBinding): FieldError[] {
  const { validationActions = [] } = binding.spec;
  return [
    ...validateBinding(binding),
    ...validateActions(validationActions, specPath.child("validationActions")),
  ];
}

/** ValidateMutatingAdmissionPolicyBinding, of creates and updates alike. */
export function validateMutatingAdmissionPolicyBinding(binding: MutatingBinding): FieldError[] {
  return [...validateBinding(binding), ...validateMutatingOperations(binding.spec.matchResources, matchPath)];
}

function validateBinding({ metadata, spec }: MutatingBinding): FieldError[] {
  const errors = validateAnyObjectMeta(metadata, false, nameIsDnsSubdomain);
  const namePath = specPath.child("policyName");
  const { policyName = "", paramRef, matchResources } = spec;
  if (policyName === "") errors.push(required(namePath));
  else errors.push(...invalidText(namePath, policyName, nameIsDnsSubdomain(policyName, false)));
  if (paramRef) errors.push(...validateParamRef(paramRef, specPath.child("paramRef")));
  return [...errors, ...validateMatchResources(matchResources, matchPath)];
}

function validateParamRef(paramRef: ParamRef, path: FieldPath): FieldError[] {
  const { name = "", selector, parameterNotFoundAction: action = "" } = paramRef;
  const errors: FieldError[] = [];
  const exclusive = "name and selector are mutually exclusive";
  if (name !== "") {
    errors.push(...invalidText(path.child("name"), name, checkPathSegmentName(name)));
    if (selector) errors.push(forbidden(path.child("name"), exclusive));
  }
  if (selector) {
    errors.push(...validateLabelSelector(selector, {}, path.child("selector")));
    if (name !== "") errors.push(forbidden(path.child("selector"), exclusive));
  }
  if (name === "" && !selector) errors.push(required(path, "one of name or selector must be specified"));
  const actionPath = path.child("parameterNotFoundAction");
  const known = ["Deny", "Allow"];
  if (action === "") errors.push(required(actionPath));
  else if (!known.includes(action)) errors.push(notSupported(actionPath, action, known));
  return errors;
}

function validateActions(own: readonly string[], path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  own.forEach((action, index) => {
    if (!actions.includes(action)) errors.push(notSupported(path.index(index), action, actions));
    if (seen.has(action)) errors.push(duplicate(path.index(index), action));
    seen.add(action);
  });
  if (seen.has("Deny") && seen.has("Warn")) {
    const detail =
      "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)";
    errors.push(invalid(path, own, detail));
  }
  if (seen.size === 0) errors.push(required(path, "at least one validation action is required"));
  return errors;
}
