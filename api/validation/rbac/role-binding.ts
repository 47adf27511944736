/** Source: pkg/apis/rbac/validation/validation.go (ValidateRoleBinding, ValidateClusterRoleBinding). */
import { goString, goValue } from "../../go-value.ts";
import type { ObjectOf } from "../../object-of.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import type { Schemas } from "../../types.ts";
import { type FieldError, FieldPath, invalid, notSupported, required } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { checkPathSegmentName, nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";

type Binding = ObjectOf<"io.k8s.api.rbac.v1.RoleBinding">;
type Subject = Schemas["io.k8s.api.rbac.v1.Subject"];

const group = "rbac.authorization.k8s.io";
const roleRefPath = FieldPath.of("roleRef");
const subjectsPath = FieldPath.of("subjects");

const goRoleRef = { APIGroup: goString("apiGroup"), Kind: goString("kind"), Name: goString("name") };

/** ValidateRoleBinding. */
export function validateRoleBinding(binding: Binding): FieldError[] {
  return validateBinding(binding, true);
}

/** ValidateClusterRoleBinding. */
export function validateClusterRoleBinding(binding: Binding): FieldError[] {
  return validateBinding(binding, false);
}

/** ValidateRoleBindingUpdate. */
export function validateRoleBindingUpdate(binding: Binding, old: Binding): FieldError[] {
  return validateBindingUpdate(binding, old, true);
}

/** ValidateClusterRoleBindingUpdate. */
export function validateClusterRoleBindingUpdate(binding: Binding, old: Binding): FieldError[] {
  return validateBindingUpdate(binding, old, false);
}

function validateBindingUpdate(binding: Binding, old: Binding, namespaced: boolean): FieldError[] {
  const errors = validateBinding(binding, namespaced);
  errors.push(...validateObjectMetaUpdate(binding.metadata, old.metadata));
  if (!semanticEqual(old.roleRef, binding.roleRef)) {
    errors.push(invalid(roleRefPath, goValue(goRoleRef, binding.roleRef), "cannot change roleRef"));
  }
  return errors;
}

function validateBinding({ metadata, roleRef, subjects }: Binding, namespaced: boolean): FieldError[] {
  const errors = validateObjectMeta(metadata, namespaced, checkPathSegmentName);
  const { apiGroup = "", kind = "", name = "" } = roleRef;
  if (apiGroup !== group) errors.push(notSupported(roleRefPath.child("apiGroup"), apiGroup, [group]));
  const kinds = namespaced ? ["Role", "ClusterRole"] : ["ClusterRole"];
  if (!kinds.includes(kind)) errors.push(notSupported(roleRefPath.child("kind"), kind, kinds));
  const namePath = roleRefPath.child("name");
  if (name === "") errors.push(required(namePath));
  else errors.push(...invalidText(namePath, name, checkPathSegmentName(name)));
  subjects?.forEach((subject, index) => {
    errors.push(...validateSubject(subject, namespaced, subjectsPath.index(index)));
  });
  return errors;
}

/** ValidateRoleBindingSubject. */
function validateSubject(subject: Subject, namespaced: boolean, path: FieldPath): FieldError[] {
  const { kind = "", name = "", namespace = "", apiGroup = "" } = subject;
  const errors: FieldError[] = [];
  if (name === "") errors.push(required(path.child("name")));
  switch (kind) {
    case "ServiceAccount":
      if (name !== "") errors.push(...invalidText(path.child("name"), name, nameIsDnsSubdomain(name, false)));
      if (apiGroup !== "") errors.push(notSupported(path.child("apiGroup"), apiGroup, [""]));
      if (!namespaced && namespace === "") errors.push(required(path.child("namespace")));
      break;
    case "User":
    case "Group":
      if (apiGroup !== group) errors.push(notSupported(path.child("apiGroup"), apiGroup, [group]));
      break;
    default:
      errors.push(notSupported(path.child("kind"), kind, ["ServiceAccount", "User", "Group"]));
  }
  return errors;
}
