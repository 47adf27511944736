/** Which requests a webhook or policy is for. Source: pkg/apis/admissionregistration/validation/validation.go. */
import type { Schemas } from "../../types.ts";
import { duplicate, type FieldError, type FieldPath, invalid, notSupported, required } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { validateLabelSelector } from "../labels.ts";
import { checkPathSegmentName } from "../names.ts";

type Rule = Schemas["io.k8s.api.admissionregistration.v1.RuleWithOperations"];
type NamedRule = Schemas["io.k8s.api.admissionregistration.v1.NamedRuleWithOperations"];
type MatchResources = Schemas["io.k8s.api.admissionregistration.v1.MatchResources"];

const scopes = ["*", "Cluster", "Namespaced"];
const operations = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
const mutatingOperations = ["*", "CONNECT", "CREATE", "UPDATE"];
export const matchPolicies = ["Equivalent", "Exact"];
export const failurePolicies = ["Fail", "Ignore"];
export const reinvocationPolicies = ["IfNeeded", "Never"];

/** Nothing may stand beside "*". */
function validateWildcard(own: readonly string[], path: FieldPath, others: string): FieldError[] {
  if (own.length < 2 || !own.includes("*")) return [];
  return [invalid(path, own, `if '*' is present, must not specify other ${others}`)];
}

/** validateRuleWithOperations. */
export function validateRule(rule: Rule, path: FieldPath): FieldError[] {
  const { operations: own = [], apiGroups = [], apiVersions = [], resources = [], scope } = rule;
  const errors: FieldError[] = [];
  const operationsPath = path.child("operations");
  if (own.length === 0) errors.push(required(operationsPath));
  errors.push(...validateWildcard(own, operationsPath, "operations"));
  own.forEach((operation, index) => {
    if (operations.includes(operation)) return;
    errors.push(notSupported(operationsPath.index(index), operation, operations));
  });
  if (apiGroups.length === 0) errors.push(required(path.child("apiGroups")));
  errors.push(...validateWildcard(apiGroups, path.child("apiGroups"), "API groups"));
  const versionsPath = path.child("apiVersions");
  if (apiVersions.length === 0) errors.push(required(versionsPath));
  errors.push(...validateWildcard(apiVersions, versionsPath, "API versions"));
  apiVersions.forEach((version, index) => {
    if (version === "") errors.push(required(versionsPath.index(index)));
  });
  errors.push(...validateResources(resources, path.child("resources")));
  if (scope !== undefined && !scopes.includes(scope)) {
    errors.push(notSupported(path.child("scope"), scope, scopes));
  }
  return errors;
}

function validateResources(resources: readonly string[], path: FieldPath): FieldError[] {
  const errors: FieldError[] = resources.length === 0 ? [required(path)] : [];
  const withAllSubresources = new Set<string>();
  const ofAllResources = new Set<string>();
  let lastIsPlain = false;
  for (const [index, text] of resources.entries()) {
    if (text === "") errors.push(required(path.index(index)));
    if (text === "") continue;
    const slash = text.indexOf("/");
    if (slash < 0) {
      // Upstream only remembers the last resource without a subresource.
      lastIsPlain = text !== "*";
      continue;
    }
    const resource = text.slice(0, slash);
    const subresource = text.slice(slash + 1);
    const present = (pattern: string) =>
      invalid(path.index(index), text, `if '${pattern}' is present, must not specify ${text}`);
    if (withAllSubresources.has(resource)) errors.push(present(`${resource}/*`));
    if (ofAllResources.has(subresource)) errors.push(present(`*/${subresource}`));
    if (subresource === "*") withAllSubresources.add(resource);
    if (resource === "*") ofAllResources.add(subresource);
  }
  if (resources.length > 1 && resources.includes("*/*")) {
    errors.push(invalid(path, resources, "if '*/*' is present, must not specify other resources"));
  }
  if (resources.includes("*") && lastIsPlain) {
    const detail = "if '*' is present, must not specify other resources without subresources";
    errors.push(invalid(path, resources, detail));
  }
  return errors;
}

/** validateNamedRuleWithOperations. */
function validateNamedRule(rule: NamedRule, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  rule.resourceNames?.forEach((name, index) => {
    const at = path.child("resourceNames").index(index);
    errors.push(...invalidText(at, name, checkPathSegmentName(name)));
    if (seen.has(name)) errors.push(duplicate(at, name));
    seen.add(name);
  });
  return [...errors, ...validateRule(rule, path)];
}

/** validateMatchResources. */
export function validateMatchResources(match: MatchResources | undefined, path: FieldPath): FieldError[] {
  if (!match) return [];
  const errors: FieldError[] = [];
  const { matchPolicy, namespaceSelector, objectSelector, resourceRules, excludeResourceRules } = match;
  const policyPath = path.child("matchPolicy");
  if (matchPolicy === undefined) errors.push(required(policyPath));
  else if (!matchPolicies.includes(matchPolicy)) {
    errors.push(notSupported(policyPath, matchPolicy, matchPolicies));
  }
  for (const [key, selector] of Object.entries({ namespaceSelector, objectSelector })) {
    const at = path.child(key);
    errors.push(...(selector ? validateLabelSelector(selector, {}, at) : [required(at)]));
  }
  for (const [key, rules] of Object.entries({ resourceRules, excludeResourceRules })) {
    rules?.forEach((rule, index) => {
      errors.push(...validateNamedRule(rule, path.child(key).index(index)));
    });
  }
  return errors;
}

/** What is deleted can't be changed. */
export function validateMutatingOperations(match: MatchResources | undefined, path: FieldPath): FieldError[] {
  const own = (match?.resourceRules ?? []).flatMap((rule) => rule.operations ?? []);
  return own
    .filter((operation) => !mutatingOperations.includes(operation))
    .map((operation) =>
      notSupported(path.child("resourceRules", "operations"), operation, mutatingOperations),
    );
}
