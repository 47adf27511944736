/** Source: pkg/apis/admissionregistration/validation/validation.go (MutatingAdmissionPolicy). */
import type { ObjectOf } from "../../object-of.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import type { Schemas } from "../../types.ts";
import { type NewCelCompiler, validateCel } from "../cel.ts";
import { type FieldError, type FieldPath, invalid, notSupported, required } from "../field.ts";
import { nameIsDnsSubdomain } from "../names.ts";
import { validateAnyObjectMeta } from "../object-meta.ts";
import {
  type PolicyOptions,
  specPath,
  validatePolicyExpressions,
  validatePolicyHead,
} from "./policy-spec.ts";
import { reinvocationPolicies, validateMutatingOperations } from "./rules.ts";

type Policy = ObjectOf<"io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicy">;
type Mutation = Schemas["io.k8s.api.admissionregistration.v1.Mutation"];

interface Options extends PolicyOptions {
  storedMutations: ReadonlySet<string>;
}

/** ValidateMutatingAdmissionPolicy. */
export function validateMutatingAdmissionPolicy(policy: Policy, newCompiler?: NewCelCompiler): FieldError[] {
  return validatePolicy(policy, optionsFor(policy, undefined, newCompiler));
}

/** ValidateMutatingAdmissionPolicyUpdate. */
export function validateMutatingAdmissionPolicyUpdate(
  policy: Policy,
  old: Policy,
  newCompiler?: NewCelCompiler,
): FieldError[] {
  return validatePolicy(policy, optionsFor(policy, old, newCompiler));
}

function optionsFor(
  { spec }: Policy,
  old: Policy | undefined,
  newCompiler: NewCelCompiler | undefined,
): Options {
  const { matchConditions = [], mutations = [] } = old?.spec ?? {};
  return {
    compiler: newCompiler?.({ composes: true }),
    conditionCompiler: newCompiler?.(),
    ignoreMatchConditions:
      old !== undefined &&
      semanticEqual(spec.paramKind, old.spec.paramKind) &&
      semanticEqual(spec.matchConditions, old.spec.matchConditions),
    storedConditions: new Set(matchConditions.map(({ expression }) => expression)),
    storedValidations: new Set(),
    // Upstream looks both sorts of mutations up among the apply configurations.
    storedMutations: new Set(mutations.map(({ applyConfiguration }) => applyConfiguration?.expression ?? "")),
  };
}

function validatePolicy({ metadata, spec }: Policy, options: Options): FieldError[] {
  const errors = validateAnyObjectMeta(metadata, false, nameIsDnsSubdomain);
  errors.push(...validatePolicyHead(spec));
  errors.push(...validateMutatingOperations(spec.matchConstraints, specPath.child("matchConstraints")));
  errors.push(...validatePolicyExpressions(spec, options));
  const mutationsPath = specPath.child("mutations");
  const { mutations = [], reinvocationPolicy = "" } = spec;
  if (mutations.length === 0)
    errors.push(required(mutationsPath, "mutations must contain at least one item"));
  mutations.forEach((mutation, index) => {
    errors.push(
      ...validateMutation(mutation, spec.paramKind !== undefined, options, mutationsPath.index(index)),
    );
  });
  const reinvocationPath = specPath.child("reinvocationPolicy");
  if (reinvocationPolicy === "") errors.push(required(reinvocationPath));
  else if (!reinvocationPolicies.includes(reinvocationPolicy)) {
    errors.push(notSupported(reinvocationPath, reinvocationPolicy, reinvocationPolicies));
  }
  return errors;
}

const members = { JSONPatch: "jsonPatch", ApplyConfiguration: "applyConfiguration" } as const;

function validateMutation(
  mutation: Mutation,
  hasParams: boolean,
  options: Options,
  path: FieldPath,
): FieldError[] {
  const { patchType = "" } = mutation;
  const typePath = path.child("patchType");
  if (patchType === "") return [required(typePath)];
  if (patchType !== "JSONPatch" && patchType !== "ApplyConfiguration") {
    return [notSupported(typePath, patchType, ["ApplyConfiguration", "JSONPatch"])];
  }
  const own = members[patchType];
  const other = own === "jsonPatch" ? "applyConfiguration" : "jsonPatch";
  const patch = mutation[own];
  const errors = patch
    ? validatePatch(patch.expression ?? "", own, hasParams, options, path.child(own, "expression"))
    : [required(path.child(own), `must be specified when patchType is ${patchType}`)];
  if (mutation[other]) {
    const detail = `must not be specified when patchType is ${patchType}`;
    errors.push(invalid(path.child(other), `{${other}}`, detail));
  }
  return errors;
}

function validatePatch(
  text: string,
  member: "jsonPatch" | "applyConfiguration",
  hasParams: boolean,
  options: Options,
  path: FieldPath,
): FieldError[] {
  const expression = text.trim();
  if (expression === "") return [required(path)];
  const question = {
    expression,
    returns: member === "jsonPatch" ? ("jsonPatch" as const) : ("object" as const),
    hasParams,
    hasAuthorizer: true,
    hasPatchTypes: true,
    stored: options.storedMutations.has(text),
  };
  return validateCel(options.compiler, question, path);
}
