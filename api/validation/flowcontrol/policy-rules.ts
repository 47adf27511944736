/** Source: pkg/apis/flowcontrol/validation/validation.go (rules of flow schemas). */
import type { Schemas } from "../../types.ts";
import { type FieldError, type FieldPath, invalid, notSupported, required } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { nameIsDnsLabel } from "../names.ts";

type ResourceRule = Schemas["io.k8s.api.flowcontrol.v1.ResourcePolicyRule"];
type NonResourceRule = Schemas["io.k8s.api.flowcontrol.v1.NonResourcePolicyRule"];

const verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"];

function validateVerbs(own: readonly string[] | null | undefined, path: FieldPath): FieldError[] {
  if (!own?.length) return [required(path, "verbs must contain at least one value")];
  if (own.includes("*")) {
    return own.length > 1 ? [invalid(path, own, "if '*' is present, must not specify other verbs")] : [];
  }
  return own.every((verb) => verbs.includes(verb)) ? [] : [notSupported(path, own, verbs)];
}

/** A list that has something, and nothing beside "*". */
function validateList(
  own: readonly string[] | null | undefined,
  path: FieldPath,
  missing: string,
  others: string,
): FieldError[] {
  if (!own?.length) return [required(path, missing)];
  if (own.length === 1 || !own.includes("*")) return [];
  return [invalid(path, own, `if '*' is present, must not specify other ${others}`)];
}

/** ValidateFlowSchemaResourcePolicyRule. */
export function validateResourceRule(rule: ResourceRule, path: FieldPath): FieldError[] {
  const { apiGroups, resources, clusterScope = false } = rule;
  const namespaces = rule.namespaces ?? [];
  const groupMissing = "resource rules must supply at least one api group";
  const resourceMissing = "resource rules must supply at least one resource";
  return [
    ...validateVerbs(rule.verbs, path.child("verbs")),
    ...validateList(apiGroups, path.child("apiGroups"), groupMissing, "api groups"),
    ...validateList(resources, path.child("resources"), resourceMissing, "resources"),
    ...validateNamespaces(namespaces, clusterScope, path.child("namespaces")),
  ];
}

function validateNamespaces(
  namespaces: readonly string[],
  clusterScope: boolean,
  path: FieldPath,
): FieldError[] {
  if (namespaces.length === 0 && !clusterScope) {
    return [required(path, "resource rules that are not cluster scoped must supply at least one namespace")];
  }
  if (namespaces.includes("*")) {
    if (namespaces.length === 1) return [];
    return [invalid(path, namespaces, "if '*' is present, must not specify other namespaces")];
  }
  const intro = "each member of this list must be '*' or a DNS-1123 label; ";
  return namespaces.flatMap((namespace, index) =>
    invalidText(
      path.index(index),
      namespace,
      nameIsDnsLabel(namespace, false).map((problem) => intro + problem),
    ),
  );
}

/** ValidateFlowSchemaNonResourcePolicyRule. */
export function validateNonResourceRule(rule: NonResourceRule, path: FieldPath): FieldError[] {
  const urls = rule.nonResourceURLs ?? [];
  const urlsPath = path.child("nonResourceURLs");
  const missing = "nonResourceURLs must contain at least one value";
  const errors = [
    ...validateVerbs(rule.verbs, path.child("verbs")),
    ...validateList(urls, urlsPath, missing, "non-resource URLs"),
  ];
  if (urls.includes("*")) return errors;
  urls.forEach((url, index) => {
    const problem = urlProblem(url);
    if (problem !== undefined) errors.push(invalid(urlsPath.index(index), url, problem));
  });
  return errors;
}

/** ValidateNonResourceURLPath. */
function urlProblem(url: string): string | undefined {
  if (url === "") return "must not be empty";
  if (url === "/") return undefined;
  if (!url.startsWith("/")) return "must start with slash";
  if (url.includes(" ")) return "must not contain white-space";
  if (url.includes("//")) return "must not contain double slash";
  const wildcard = url.indexOf("*");
  if (wildcard < 0 || (wildcard === url.length - 1 && url.endsWith("/*"))) return undefined;
  return "wildcard can only do suffix matching";
}
