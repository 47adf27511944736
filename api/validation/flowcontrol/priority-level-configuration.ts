/** Source: pkg/apis/flowcontrol/validation/validation.go (ValidatePriorityLevelConfiguration). */
import { goInline, goNullable, goNumber, goPointer, goString, goValue } from "../../go-value.ts";
import type { ObjectOf } from "../../object-of.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import type { Schemas } from "../../types.ts";
import { type FieldError, FieldPath, forbidden, invalid, notSupported, required } from "../field.ts";
import { inclusiveRangeError, nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta } from "../object-meta.ts";
import { validateFlowControlConditions } from "./conditions.ts";
import type { MandatorySpecs } from "./flow-schema.ts";

type PriorityLevel = ObjectOf<"io.k8s.api.flowcontrol.v1.PriorityLevelConfiguration">;
type Limited = Schemas["io.k8s.api.flowcontrol.v1.LimitedPriorityLevelConfiguration"];
type Exempt = Schemas["io.k8s.api.flowcontrol.v1.ExemptPriorityLevelConfiguration"];
type LimitResponse = Schemas["io.k8s.api.flowcontrol.v1.LimitResponse"];
type Queuing = Schemas["io.k8s.api.flowcontrol.v1.QueuingConfiguration"];

const specPath = FieldPath.of("spec");
const annotationsPath = FieldPath.of("metadata", "annotations");
const preserveZeroAnnotation = "flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares";

const maxQueues = 10_000_000;
const maxHashBits = 60;

const goSpec = {
  Type: goString("type"),
  Limited: goPointer("limited", {
    NominalConcurrencyShares: goNumber("nominalConcurrencyShares"),
    LimitResponse: goInline("limitResponse", {
      Type: goString("type"),
      Queuing: goPointer("queuing", {
        Queues: goNumber("queues"),
        HandSize: goNumber("handSize"),
        QueueLengthLimit: goNumber("queueLengthLimit"),
      }),
    }),
    LendablePercent: goNullable("lendablePercent"),
    BorrowingLimitPercent: goNullable("borrowingLimitPercent"),
  }),
  Exempt: goPointer("exempt", {
    NominalConcurrencyShares: goNullable("nominalConcurrencyShares"),
    LendablePercent: goNullable("lendablePercent"),
  }),
};

/** ValidatePriorityLevelConfiguration, of creates and updates alike. */
export function validatePriorityLevelConfiguration(
  level: PriorityLevel,
  mandatory: MandatorySpecs,
): FieldError[] {
  const { metadata, spec, status } = level;
  const errors = validateObjectMeta(metadata, false, nameIsDnsSubdomain);
  if (metadata.annotations && Object.hasOwn(metadata.annotations, preserveZeroAnnotation)) {
    errors.push(forbidden(annotationsPath, `annotation '${preserveZeroAnnotation}' is forbidden`));
  }
  errors.push(...validateSpec(metadata.name ?? "", spec));
  errors.push(...validateMandatory(metadata.name ?? "", spec, mandatory));
  return [...errors, ...validateFlowControlConditions(status.conditions)];
}

/** ValidateIfMandatoryPriorityLevelConfigurationObject. */
function validateMandatory(
  name: string,
  spec: PriorityLevel["spec"],
  mandatory: MandatorySpecs,
): FieldError[] {
  if (!mandatory.has(name)) return [];
  const wanted = mandatory.get(name) as PriorityLevel["spec"];
  if (name !== "exempt") {
    if (semanticEqual(spec, wanted)) return [];
    return [invalid(specPath, goValue(goSpec, spec), `spec of '${name}' must equal the fixed value`)];
  }
  if (semanticEqual({ ...spec, exempt: wanted.exempt }, wanted)) return [];
  const detail = `spec of '${name}' except the 'spec.exempt' field must equal the fixed value`;
  return [invalid(specPath, goValue(goSpec, spec), detail)];
}

function validateSpec(name: string, { type = "", limited, exempt }: PriorityLevel["spec"]): FieldError[] {
  const errors: FieldError[] = [];
  const typePath = specPath.child("type");
  const limitedPath = specPath.child("limited");
  const exemptPath = specPath.child("exempt");
  if ((name === "exempt") !== (type === "Exempt")) {
    errors.push(invalid(typePath, type, "must be 'Exempt' if and only if `name` is 'exempt'"));
  }
  switch (type) {
    case "Exempt":
      if (limited) errors.push(forbidden(limitedPath, "must be nil if the type is not Limited"));
      if (exempt) errors.push(...validateExempt(exempt, exemptPath));
      break;
    case "Limited":
      if (exempt) errors.push(forbidden(exemptPath, "must be nil if the type is Limited"));
      if (limited) errors.push(...validateLimited(limited, limitedPath));
      else errors.push(required(limitedPath, "must not be empty when type is Limited"));
      break;
    case "":
      errors.push(required(typePath));
      break;
    default:
      errors.push(notSupported(typePath, type, ["Exempt", "Limited"]));
  }
  return errors;
}

function validateShares(shares: number | undefined, path: FieldPath): FieldError[] {
  if (shares === undefined || shares >= 0) return [];
  return [invalid(path.child("nominalConcurrencyShares"), shares, "must be a non-negative integer")];
}

function validateLendable(percent: number | undefined, path: FieldPath): FieldError[] {
  if (percent === undefined || (percent >= 0 && percent <= 100)) return [];
  return [invalid(path.child("lendablePercent"), percent, inclusiveRangeError(0, 100))];
}

function validateExempt(exempt: Exempt, path: FieldPath): FieldError[] {
  return [
    ...validateShares(exempt.nominalConcurrencyShares, path),
    ...validateLendable(exempt.lendablePercent, path),
  ];
}

function validateLimited(limited: Limited, path: FieldPath): FieldError[] {
  const errors = validateShares(limited.nominalConcurrencyShares, path);
  errors.push(...validateLimitResponse(limited.limitResponse, path.child("limitResponse")));
  errors.push(...validateLendable(limited.lendablePercent, path));
  const borrowing = limited.borrowingLimitPercent;
  if (borrowing !== undefined && borrowing < 0) {
    const detail = "if specified, must be a non-negative integer";
    errors.push(invalid(path.child("borrowingLimitPercent"), borrowing, detail));
  }
  return errors;
}

function validateLimitResponse({ type = "", queuing }: LimitResponse, path: FieldPath): FieldError[] {
  const queuingPath = path.child("queuing");
  switch (type) {
    case "Reject":
      if (!queuing) return [];
      return [forbidden(queuingPath, "must be nil if limited.limitResponse.type is not Limited")];
    case "Queue":
      if (queuing) return validateQueuing(queuing, queuingPath);
      return [required(queuingPath, "must not be empty if limited.limitResponse.type is Limited")];
    case "":
      return [required(path.child("type"))];
    default:
      return [notSupported(path.child("type"), type, ["Queue", "Reject"])];
  }
}

function validateQueuing(queuing: Queuing, path: FieldPath): FieldError[] {
  const { queues = 0, handSize = 0, queueLengthLimit = 0 } = queuing;
  const problems: [string, number, string | undefined][] = [
    ["queueLengthLimit", queueLengthLimit, queueLengthLimit <= 0 ? "must be positive" : undefined],
    ["queues", queues, queuesProblem(queues)],
    ["handSize", handSize, handSizeProblem(handSize, queues)],
  ];
  return problems.flatMap(([key, value, problem]) =>
    problem === undefined ? [] : [invalid(path.child(key), value, problem)],
  );
}

function queuesProblem(queues: number): string | undefined {
  if (queues <= 0) return "must be positive";
  return queues > maxQueues ? `must not be greater than ${maxQueues}` : undefined;
}

function handSizeProblem(handSize: number, queues: number): string | undefined {
  if (handSize <= 0) return "must be positive";
  if (handSize > queues) return `should not be greater than queues (${queues})`;
  // shufflesharding.RequiredEntropyBits
  if (Math.ceil(Math.log2(queues) * handSize) <= maxHashBits) return undefined;
  return `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${maxHashBits}`;
}
