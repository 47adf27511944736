/** What a claim asks for. Source: pkg/apis/resource/validation/validation.go (validateDeviceClaim and what it calls). */
import type { FeatureGates } from "../../feature-gates.ts";
import type { Schemas } from "../../types.ts";
import { type CelCompiler, validateCel } from "../cel.ts";
import { type FieldError, type FieldPath, invalid, notSupported, required, tooLong } from "../field.ts";
import { isLongerThan } from "../names.ts";
import { notPositiveError } from "../values.ts";
import { validateList, validateSet } from "./lists.ts";
import {
  validateDeviceClassName,
  validateDriverName,
  validateFullyQualifiedName,
  validateLabelName,
} from "./names.ts";
import { validateRawExtension } from "./raw-extension.ts";
import { validateDeviceToleration } from "./taints.ts";

type Claim = Schemas["io.k8s.api.resource.v1.DeviceClaim"];
type Request = Schemas["io.k8s.api.resource.v1.DeviceRequest"];
type Exactly = Schemas["io.k8s.api.resource.v1.ExactDeviceRequest"];
type SubRequest = Schemas["io.k8s.api.resource.v1.DeviceSubRequest"];
type Selector = Schemas["io.k8s.api.resource.v1.DeviceSelector"];
type Constraint = Schemas["io.k8s.api.resource.v1.DeviceConstraint"];
type Opaque = Schemas["io.k8s.api.resource.v1.OpaqueDeviceConfiguration"];

export const maxRequests = 32;
export const maxConfigs = 32;
const maxConstraints = 32;
const maxSelectors = 32;
const maxFirstAvailable = 8;
const maxExpressionLength = 10 * 1024;
const maxParametersLength = 10 * 1024;

export interface DeviceOptions {
  gates: FeatureGates;
  /** For expressions over devices. */
  compiler?: CelCompiler;
  /** The object has it already: wider limits. */
  stored: boolean;
}

/** The names of requests, and those of the subrequests of each. */
export type RequestNames = ReadonlyMap<string, ReadonlySet<string>>;

export function requestNamesOf({ requests }: Claim): RequestNames {
  return new Map(
    (requests ?? []).map(({ name = "", firstAvailable = [] }) => [
      name,
      new Set(firstAvailable.map((subRequest) => subRequest.name ?? "")),
    ]),
  );
}

function namesHave(names: RequestNames, reference: string): boolean {
  const [request = "", subRequest] = reference.split("/");
  const subRequests = names.get(request);
  return subRequests !== undefined && (subRequest === undefined || subRequests.has(subRequest));
}

/** validateDeviceClaim. */
export function validateDeviceClaim(claim: Claim, path: FieldPath, options: DeviceOptions): FieldError[] {
  const names = requestNamesOf(claim);
  return [
    ...validateSet(
      claim.requests,
      maxRequests,
      (request, at) => validateRequest(request, at, options),
      ({ name }) => name ?? "",
      path.child("requests"),
    ),
    ...validateList(
      claim.constraints,
      maxConstraints,
      (constraint, at) => validateConstraint(constraint, names, at, options),
      path.child("constraints"),
    ),
    ...validateList(
      claim.config,
      maxConfigs,
      (config, at) => [
        ...validateRequestReferences(config.requests, names, at.child("requests")),
        ...validateDeviceConfiguration(config.opaque, at, options.stored),
      ],
      path.child("config"),
    ),
  ];
}

function validateRequest(
  { name, exactly, firstAvailable = [] }: Request,
  path: FieldPath,
  options: DeviceOptions,
): FieldError[] {
  const errors = validateLabelName(name, path.child("name"));
  const wanted = "exactly one of `exactly` or `firstAvailable` is required";
  if (firstAvailable.length > 0 && exactly) {
    errors.push(invalid(path, null, `${wanted}, but multiple fields are set`));
  } else if (exactly) {
    errors.push(...validateOneRequest(exactly, path.child("exactly"), options));
  } else if (firstAvailable.length > 0) {
    const validate = (subRequest: SubRequest, at: FieldPath) => [
      ...validateLabelName(subRequest.name, at.child("name")),
      ...validateOneRequest(subRequest, at, options),
    ];
    const at = path.child("firstAvailable");
    errors.push(...validateSet(firstAvailable, maxFirstAvailable, validate, (item) => item.name ?? "", at));
  } else {
    errors.push(required(path, wanted));
  }
  return errors;
}

/** validateExactDeviceRequest, validateDeviceSubRequest. */
function validateOneRequest(
  request: Omit<Exactly, "adminAccess">,
  path: FieldPath,
  options: DeviceOptions,
): FieldError[] {
  const { deviceClassName, selectors, allocationMode = "", count = 0, tolerations = [] } = request;
  return [
    ...validateDeviceClassName(deviceClassName, path.child("deviceClassName")),
    ...validateSelectors(selectors, path.child("selectors"), options),
    ...validateAllocation(allocationMode, count, path),
    ...tolerations.flatMap((toleration, index) =>
      validateDeviceToleration(toleration, path.child("tolerations").index(index)),
    ),
  ];
}

function validateAllocation(mode: string, count: number, path: FieldPath): FieldError[] {
  const countPath = path.child("count");
  switch (mode) {
    case "All":
      if (count === 0) return [];
      return [invalid(countPath, count, "must not be specified when allocationMode is 'All'")];
    case "ExactCount":
      return count > 0 ? [] : [invalid(countPath, count, notPositiveError)];
    default:
      return [notSupported(path.child("allocationMode"), mode, ["All", "ExactCount"])];
  }
}

/** validateSelectorSlice. */
export function validateSelectors(
  selectors: readonly Selector[] | undefined,
  path: FieldPath,
  options: DeviceOptions,
): FieldError[] {
  return validateList(
    selectors,
    maxSelectors,
    (selector, at) => validateSelector(selector, at, options),
    path,
  );
}

function validateSelector({ cel }: Selector, path: FieldPath, options: DeviceOptions): FieldError[] {
  if (!cel) return [required(path.child("cel"))];
  const expressionPath = path.child("cel", "expression");
  const { expression = "" } = cel;
  if (isLongerThan(expression, maxExpressionLength)) return [tooLong(expressionPath, maxExpressionLength)];
  const { compiler, stored } = options;
  const question = { expression, returns: "bool" as const, hasParams: false, hasAuthorizer: false, stored };
  return validateCel(compiler, question, expressionPath);
}

function validateConstraint(
  constraint: Constraint,
  names: RequestNames,
  path: FieldPath,
  { gates }: DeviceOptions,
): FieldError[] {
  const errors = validateRequestReferences(constraint.requests, names, path.child("requests"));
  for (const key of ["matchAttribute", "distinctAttribute"] as const) {
    const attribute = constraint[key];
    if (attribute === undefined) continue;
    return [...errors, ...validateFullyQualifiedName(attribute, path.child(key))];
  }
  if (!gates.enabled("DRAConsumableCapacity")) return [...errors, required(path.child("matchAttribute"))];
  const detail =
    'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set';
  return [...errors, required(path, detail)];
}

/** A set of references to requests. */
export function validateRequestReferences(
  references: readonly string[] | undefined,
  names: RequestNames,
  path: FieldPath,
): FieldError[] {
  const validate = (name: string, at: FieldPath) => validateRequestReference(name, names, at);
  return validateSet(references, maxRequests, validate, (name) => name, path);
}

/** validateRequestNameRef. */
export function validateRequestReference(name: string, names: RequestNames, path: FieldPath): FieldError[] {
  const segments = name.split("/");
  const unknown = invalid(
    path,
    name,
    "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'",
  );
  if (segments.length > 2) return [unknown];
  const errors = segments.flatMap((segment) => validateLabelName(segment, path));
  return namesHave(names, name) ? errors : [...errors, unknown];
}

/** validateDeviceConfiguration. */
export function validateDeviceConfiguration(
  opaque: Opaque | undefined,
  path: FieldPath,
  stored: boolean,
): FieldError[] {
  const at = path.child("opaque");
  if (!opaque) return [required(at)];
  return [
    ...validateDriverName(opaque.driver, at.child("driver")),
    ...validateRawExtension(opaque.parameters, at.child("parameters"), stored, maxParametersLength),
  ];
}
