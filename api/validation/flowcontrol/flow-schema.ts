/** Source: pkg/apis/flowcontrol/validation/validation.go (ValidateFlowSchema). */
import { goBoolean, goInline, goNullable, goNumber, goPointer, goString, goValue } from "../../go-value.ts";
import type { ObjectOf } from "../../object-of.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import type { Schemas } from "../../types.ts";
import { type FieldError, FieldPath, forbidden, invalid, notSupported, required } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { nameIsDnsLabel, nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta } from "../object-meta.ts";
import { validateFlowControlConditions } from "./conditions.ts";
import { validateNonResourceRule, validateResourceRule } from "./policy-rules.ts";

type FlowSchema = ObjectOf<"io.k8s.api.flowcontrol.v1.FlowSchema">;
type Rule = Schemas["io.k8s.api.flowcontrol.v1.PolicyRulesWithSubjects"];
type Subject = Schemas["io.k8s.api.flowcontrol.v1.Subject"];

/** Specs that may only be what the server makes them, by name. */
export type MandatorySpecs = ReadonlyMap<string, unknown>;

const specPath = FieldPath.of("spec");
const maxPrecedence = 10000;
const distinguishers = ["ByNamespace", "ByUser"];

const goNamed = { Name: goString("name") };
const goSpec = {
  PriorityLevelConfiguration: goInline("priorityLevelConfiguration", goNamed),
  MatchingPrecedence: goNumber("matchingPrecedence"),
  DistinguisherMethod: goPointer("distinguisherMethod", { Type: goString("type") }),
  Rules: goPointer("rules", {
    Subjects: goPointer("subjects", {
      Kind: goString("kind"),
      User: goPointer("user", goNamed),
      Group: goPointer("group", goNamed),
      ServiceAccount: goPointer("serviceAccount", {
        Namespace: goString("namespace"),
        Name: goString("name"),
      }),
    }),
    ResourceRules: goPointer("resourceRules", {
      Verbs: goNullable("verbs"),
      APIGroups: goNullable("apiGroups"),
      Resources: goNullable("resources"),
      ClusterScope: goBoolean("clusterScope"),
      Namespaces: goNullable("namespaces"),
    }),
    NonResourceRules: goPointer("nonResourceRules", {
      Verbs: goNullable("verbs"),
      NonResourceURLs: goNullable("nonResourceURLs"),
    }),
  }),
};

/** ValidateFlowSchema, of creates and updates alike. */
export function validateFlowSchema(schema: FlowSchema, mandatory: MandatorySpecs): FieldError[] {
  const { metadata, spec, status } = schema;
  const name = metadata.name ?? "";
  const errors = validateObjectMeta(metadata, false, nameIsDnsSubdomain);
  errors.push(...validateSpec(name, spec));
  if (mandatory.has(name) && !semanticEqual(spec, mandatory.get(name))) {
    errors.push(invalid(specPath, goValue(goSpec, spec), `spec of '${name}' must equal the fixed value`));
  }
  return [...errors, ...validateFlowControlConditions(status.conditions)];
}

function validateSpec(name: string, spec: FlowSchema["spec"]): FieldError[] {
  const errors: FieldError[] = [];
  const { matchingPrecedence: precedence = 0, distinguisherMethod, priorityLevelConfiguration, rules } = spec;
  const precedencePath = specPath.child("matchingPrecedence");
  if (precedence <= 0) errors.push(invalid(precedencePath, precedence, "must be a positive value"));
  if (precedence > maxPrecedence) {
    errors.push(invalid(precedencePath, precedence, `must not be greater than ${maxPrecedence}`));
  }
  if (precedence === 1 && name !== "exempt") {
    const detail = "only the schema named 'exempt' may have matchingPrecedence 1";
    errors.push(invalid(precedencePath, precedence, detail));
  }
  if (distinguisherMethod && !distinguishers.includes(distinguisherMethod.type)) {
    const path = specPath.child("distinguisherMethod", "type");
    errors.push(notSupported(path, { Type: distinguisherMethod.type ?? "" }, distinguishers));
  }
  const levelPath = specPath.child("priorityLevelConfiguration", "name");
  const level = priorityLevelConfiguration.name ?? "";
  if (level === "") errors.push(required(levelPath, "must reference a priority level"));
  else errors.push(...invalidText(levelPath, level, nameIsDnsSubdomain(level, false)));
  rules?.forEach((rule, index) => {
    errors.push(...validateRule(rule, specPath.child("rules").index(index)));
  });
  return errors;
}

function validateRule(
  { subjects: own, resourceRules = [], nonResourceRules = [] }: Rule,
  path: FieldPath,
): FieldError[] {
  const subjects = own ?? [];
  const errors: FieldError[] = [];
  const subjectsPath = path.child("subjects");
  subjects.forEach((subject, index) => {
    errors.push(...validateSubject(subject, subjectsPath.index(index)));
  });
  if (subjects.length === 0) errors.push(required(subjectsPath, "subjects must contain at least one value"));
  if (resourceRules.length === 0 && nonResourceRules.length === 0) {
    errors.push(required(path, "at least one of resourceRules and nonResourceRules has to be non-empty"));
  }
  resourceRules.forEach((rule, index) => {
    errors.push(...validateResourceRule(rule, path.child("resourceRules").index(index)));
  });
  nonResourceRules.forEach((rule, index) => {
    errors.push(...validateNonResourceRule(rule, path.child("nonResourceRules").index(index)));
  });
  return errors;
}

/** What each kind of subject is kept in, in the order in which upstream refuses the others. */
const subjectMembers = [
  ["ServiceAccount", "serviceAccount"],
  ["User", "user"],
  ["Group", "group"],
] as const;

function validateSubject(subject: Subject, path: FieldPath): FieldError[] {
  const { kind = "" } = subject;
  const own = subjectMembers.find(([name]) => name === kind);
  if (!own) return [notSupported(path.child("kind"), kind, ["Group", "ServiceAccount", "User"])];
  const errors = validateSubjectMember(subject, own[1], path.child(own[1]));
  for (const [name, member] of subjectMembers) {
    if (name === kind || !subject[member]) continue;
    errors.push(forbidden(path.child(member), `${member} is forbidden when subject kind is not '${name}'`));
  }
  return errors;
}

function validateSubjectMember(
  subject: Subject,
  member: "user" | "group" | "serviceAccount",
  path: FieldPath,
): FieldError[] {
  const value = subject[member];
  if (!value) return [required(path, `${member} is required when subject kind is '${subject.kind}'`)];
  const namePath = path.child("name");
  const { name = "" } = value;
  const errors = name === "" ? [required(namePath)] : [];
  if (member !== "serviceAccount") return errors;
  if (name !== "" && name !== "*")
    errors.push(...invalidText(namePath, name, nameIsDnsSubdomain(name, false)));
  const { namespace = "" } = subject.serviceAccount ?? {};
  const namespacePath = path.child("namespace");
  if (namespace === "") errors.push(required(namespacePath, "must specify namespace for service account"));
  else errors.push(...invalidText(namespacePath, namespace, nameIsDnsLabel(namespace, false)));
  return errors;
}
