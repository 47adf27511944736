import type { DefinitionNames } from "../../custom/definition.ts";
import { type FieldError, type FieldPath, invalid } from "../field.ts";
import { checkDns1035Label } from "../names.ts";

/** Source: ValidateCustomResourceDefinitionNames. */
export function validateNames(names: DefinitionNames, path: FieldPath): FieldError[] {
  const { plural, singular = "", kind, listKind = "", shortNames = [], categories = [] } = names;
  const errors: FieldError[] = [];
  const check = (at: FieldPath, value: string, label = value, prefix = ""): void => {
    const problems = checkDns1035Label(label);
    if (problems.length > 0) errors.push(invalid(at, value, prefix + problems.join(",")));
  };
  const mixed = "may have mixed case, but should otherwise match: ";
  if (plural !== "") check(path.child("plural"), plural);
  if (singular !== "") check(path.child("singular"), singular);
  if (kind !== "") check(path.child("kind"), kind, kind.toLowerCase(), mixed);
  if (listKind !== "") check(path.child("listKind"), listKind, listKind.toLowerCase(), mixed);
  shortNames.forEach((name, index) => {
    check(path.child("shortNames").index(index), name);
  });
  if (kind !== "" && kind === listKind) {
    errors.push(invalid(path.child("listKind"), listKind, "kind and listKind may not be the same"));
  }
  categories.forEach((category, index) => {
    check(path.child("categories").index(index), category);
  });
  return errors;
}
