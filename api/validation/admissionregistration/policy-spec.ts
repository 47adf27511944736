/** What validating and mutating policies share. Source: pkg/apis/admissionregistration/validation/validation.go. */
import type { Schemas } from "../../types.ts";
import type { CelCompiler } from "../cel.ts";
import { type FieldError, FieldPath, invalid, notSupported, required } from "../field.ts";
import { checkDns1035Label, checkDns1123Subdomain } from "../names.ts";
import { validateMatchConditions, validateVariable } from "./match-conditions.ts";
import { failurePolicies, validateMatchResources } from "./rules.ts";

type PolicySpec = Pick<
  Schemas["io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicySpec"],
  "failurePolicy" | "paramKind" | "matchConstraints" | "matchConditions" | "variables"
>;
type ParamKind = Schemas["io.k8s.api.admissionregistration.v1.ParamKind"];

export const specPath = FieldPath.of("spec");

export interface PolicyOptions {
  compiler: CelCompiler | undefined;
  /** Conditions are looked at before there are variables. */
  conditionCompiler: CelCompiler | undefined;
  ignoreMatchConditions: boolean;
  storedConditions: ReadonlySet<string>;
  storedValidations: ReadonlySet<string>;
}

/** failurePolicy, paramKind, matchConstraints. */
export function validatePolicyHead(spec: PolicySpec): FieldError[] {
  const errors: FieldError[] = [];
  const failurePath = specPath.child("failurePolicy");
  if (spec.failurePolicy === undefined) errors.push(required(failurePath));
  else if (!failurePolicies.includes(spec.failurePolicy)) {
    errors.push(notSupported(failurePath, spec.failurePolicy, failurePolicies));
  }
  if (spec.paramKind) errors.push(...validateParamKind(spec.paramKind, specPath.child("paramKind")));
  const constraintsPath = specPath.child("matchConstraints");
  if (!spec.matchConstraints) return [...errors, required(constraintsPath)];
  errors.push(...validateMatchResources(spec.matchConstraints, constraintsPath));
  if (!spec.matchConstraints.resourceRules?.length)
    errors.push(required(constraintsPath.child("resourceRules")));
  return errors;
}

/** matchConditions and variables. */
export function validatePolicyExpressions(spec: PolicySpec, options: PolicyOptions): FieldError[] {
  const { compiler, conditionCompiler } = options;
  const hasParams = spec.paramKind !== undefined;
  const conditionOptions = {
    compiler: conditionCompiler,
    hasParams,
    isStored: (expression: string) => options.storedConditions.has(expression),
  };
  const errors = options.ignoreMatchConditions
    ? []
    : validateMatchConditions(spec.matchConditions, conditionOptions, specPath.child("matchConditions"));
  const variableOptions = {
    compiler,
    hasParams,
    isStored: (expression: string) => options.storedValidations.has(expression),
  };
  spec.variables?.forEach((variable, index) => {
    errors.push(...validateVariable(variable, variableOptions, specPath.child("variables").index(index)));
  });
  return errors;
}

/** schema.ParseGroupVersion: undefined where there are too many slashes. */
export function parseGroupVersion(apiVersion: string): { group: string; version: string } | undefined {
  if (apiVersion === "/") return { group: "", version: "" };
  const parts = apiVersion.split("/");
  if (parts.length > 2) return undefined;
  return parts.length === 1
    ? { group: "", version: apiVersion }
    : { group: parts[0] ?? "", version: parts[1] ?? "" };
}

function validateParamKind({ apiVersion = "", kind = "" }: ParamKind, path: FieldPath): FieldError[] {
  const errors = validateParamApiVersion(apiVersion, path.child("apiVersion"));
  const kindPath = path.child("kind");
  const problems = checkDns1035Label(kind.toLowerCase());
  if (kind === "") errors.push(required(kindPath));
  else if (problems.length > 0) {
    const detail = `may have mixed case, but should otherwise match: ${problems.join(",")}`;
    errors.push(invalid(kindPath, kind, detail));
  }
  return errors;
}

function validateParamApiVersion(apiVersion: string, path: FieldPath): FieldError[] {
  if (apiVersion === "") return [required(path)];
  const parsed = parseGroupVersion(apiVersion);
  if (!parsed) return [invalid(path, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)];
  const { group, version } = parsed;
  const errors: FieldError[] = [];
  const ofGroup = group === "" ? [] : checkDns1123Subdomain(group);
  if (ofGroup.length > 0) errors.push(invalid(path, group, ofGroup.join(",")));
  if (version === "") return [...errors, invalid(path, apiVersion, "version must be specified")];
  const ofVersion = checkDns1035Label(version);
  if (ofVersion.length > 0) errors.push(invalid(path, version, ofVersion.join(",")));
  return errors;
}
