/** Source: pkg/apis/admissionregistration/validation/validation.go (ValidatingAdmissionPolicy). */
import { goString, goValue } from "../../go-value.ts";
import type { ObjectOf } from "../../object-of.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import type { Schemas } from "../../types.ts";
import { type NewCelCompiler, validateCel } from "../cel.ts";
import { duplicate, type FieldError, FieldPath, invalid, notSupported, required } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { validateConditions } from "../labels.ts";
import { byteLength, checkQualifiedName, nameIsDnsSubdomain } from "../names.ts";
import { validateAnyObjectMeta } from "../object-meta.ts";
import {
  type PolicyOptions,
  specPath,
  validatePolicyExpressions,
  validatePolicyHead,
} from "./policy-spec.ts";

type Policy = ObjectOf<"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy">;
type Validation = Schemas["io.k8s.api.admissionregistration.v1.Validation"];
type AuditAnnotation = Schemas["io.k8s.api.admissionregistration.v1.AuditAnnotation"];

const statusPath = FieldPath.of("status");
const reasons = ["Forbidden", "Invalid", "RequestEntityTooLarge"];
const maxAuditAnnotations = 20;
const maxValueExpressionBytes = 5 * 1024;

const goAuditAnnotation = { Key: goString("key"), ValueExpression: goString("valueExpression") };

interface Options extends PolicyOptions {
  storedMessages: ReadonlySet<string>;
  storedAnnotations: ReadonlySet<string>;
}

/** ValidateValidatingAdmissionPolicy. */
export function validateValidatingAdmissionPolicy(
  policy: Policy,
  newCompiler?: NewCelCompiler,
): FieldError[] {
  return validatePolicy(policy, optionsFor(policy, undefined, newCompiler));
}

/** ValidateValidatingAdmissionPolicyUpdate. */
export function validateValidatingAdmissionPolicyUpdate(
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
  const { matchConditions = [], validations = [], auditAnnotations = [] } = old?.spec ?? {};
  return {
    compiler: newCompiler?.({ composes: (spec.variables ?? []).length > 0 }),
    conditionCompiler: newCompiler?.(),
    ignoreMatchConditions:
      old !== undefined &&
      semanticEqual(spec.paramKind, old.spec.paramKind) &&
      semanticEqual(spec.matchConditions, old.spec.matchConditions),
    storedConditions: new Set(matchConditions.map(({ expression }) => expression)),
    storedValidations: new Set(validations.map(({ expression }) => expression)),
    storedMessages: new Set(validations.map(({ messageExpression = "" }) => messageExpression)),
    storedAnnotations: new Set(auditAnnotations.map(({ valueExpression }) => valueExpression)),
  };
}

function validatePolicy({ metadata, spec }: Policy, options: Options): FieldError[] {
  const errors = validateAnyObjectMeta(metadata, false, nameIsDnsSubdomain);
  errors.push(...validatePolicyHead(spec), ...validatePolicyExpressions(spec, options));
  const { validations = [], auditAnnotations = [] } = spec;
  const annotationsPath = specPath.child("auditAnnotations");
  const validationsPath = specPath.child("validations");
  const hasParams = spec.paramKind !== undefined;
  if (validations.length === 0 && auditAnnotations.length === 0) {
    const detail = "validations or auditAnnotations must contain at least one item";
    return [...errors, required(validationsPath, detail), required(annotationsPath, detail)];
  }
  validations.forEach((validation, index) => {
    errors.push(...validateValidation(validation, hasParams, options, validationsPath.index(index)));
  });
  if (auditAnnotations.length > maxAuditAnnotations) {
    const shown = auditAnnotations.map((annotation) => goValue(goAuditAnnotation, annotation));
    errors.push(
      invalid(annotationsPath, shown, `must not have more than ${maxAuditAnnotations} auditAnnotations`),
    );
  }
  const seen = new Set<string>();
  auditAnnotations.forEach((annotation, index) => {
    const path = annotationsPath.index(index);
    const { key = "" } = annotation;
    errors.push(...validateAuditAnnotation(annotation, metadata.name ?? "", hasParams, options, path));
    if (seen.has(key)) errors.push(duplicate(path.child("key"), key));
    seen.add(key);
  });
  return errors;
}

function validateValidation(
  { expression = "", message = "", messageExpression = "", reason }: Validation,
  hasParams: boolean,
  options: Options,
  path: FieldPath,
): FieldError[] {
  const { compiler } = options;
  const errors: FieldError[] = [];
  if (expression.trim() === "")
    errors.push(required(path.child("expression"), "expression is not specified"));
  else {
    const stored = options.storedValidations.has(expression);
    const question = { expression, returns: "bool" as const, hasParams, hasAuthorizer: true, stored };
    errors.push(...validateCel(compiler, question, path.child("expression")));
  }
  const messagePath = path.child("messageExpression");
  if (messageExpression !== "" && messageExpression.trim() === "") {
    errors.push(invalid(messagePath, messageExpression, "must be non-empty if specified"));
  } else if (messageExpression !== "") {
    const stored = options.storedMessages.has(messageExpression);
    const question = {
      expression: messageExpression,
      returns: "string" as const,
      hasParams,
      hasAuthorizer: false,
      stored,
    };
    errors.push(...validateCel(compiler, question, messagePath));
  }
  if (message !== "" && message.trim() === "") {
    errors.push(invalid(path.child("message"), message, "must be non-empty if specified"));
  } else if (/[\n\r]/.test(message.trim())) {
    errors.push(invalid(path.child("message"), message, "must not contain line breaks"));
  }
  if (reason !== undefined && !reasons.includes(reason)) {
    errors.push(notSupported(path.child("reason"), reason, reasons));
  }
  return errors;
}

function validateAuditAnnotation(
  { key = "", valueExpression = "" }: AuditAnnotation,
  policyName: string,
  hasParams: boolean,
  options: Options,
  path: FieldPath,
): FieldError[] {
  const keyPath = path.child("key");
  const fullKey = `${policyName}/${key}`;
  const errors =
    policyName === ""
      ? [invalid(keyPath, key, "requires metadata.name be non-empty")]
      : invalidText(keyPath, fullKey, checkQualifiedName(fullKey));
  const valuePath = path.child("valueExpression");
  const expression = valueExpression.trim();
  if (expression === "") return [...errors, required(valuePath, "valueExpression is not specified")];
  if (byteLength(expression) > maxValueExpressionBytes) {
    return [...errors, required(valuePath, `must not exceed ${maxValueExpressionBytes} bytes in length`)];
  }
  const stored = options.storedAnnotations.has(valueExpression);
  const question = { expression, returns: "stringOrNull" as const, hasParams, hasAuthorizer: true, stored };
  return [...errors, ...validateCel(options.compiler, question, valuePath, valueExpression)];
}

/** ValidateValidatingAdmissionPolicyStatusUpdate. */
export function validateValidatingAdmissionPolicyStatus({ status }: Policy): FieldError[] {
  const errors: FieldError[] = [];
  const warningsPath = statusPath.child("typeChecking", "expressionWarnings");
  status?.typeChecking?.expressionWarnings?.forEach(({ warning = "", fieldRef = "" }, index) => {
    const path = warningsPath.index(index);
    if (warning === "") errors.push(required(path.child("warning")));
    if (fieldRef.trim() === "") errors.push(required(path.child("fieldRef")));
  });
  return [...errors, ...validateConditions(status?.conditions, statusPath.child("conditions"))];
}
