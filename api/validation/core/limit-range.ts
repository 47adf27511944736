/** Source: pkg/apis/core/validation/validation.go. */
import type { ObjectOf } from "../../object-of.ts";
import { Quantity } from "../../quantity.ts";
import { duplicate, type FieldError, FieldPath, forbidden, invalid, required } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { checkQualifiedName, nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta } from "../object-meta.ts";
import {
  isOvercommitAllowed,
  validateContainerResourceName,
  validateResourceName,
} from "./resource-quantities.ts";

type LimitRange = ObjectOf<"io.k8s.api.core.v1.LimitRange">;
type Item = NonNullable<LimitRange["spec"]>["limits"][number];
type Amounts = Readonly<Record<string, string>>;

const limitsPath = FieldPath.of("spec", "limits");
const standardTypes = ["Pod", "Container", "PersistentVolumeClaim"];

/** ValidateLimitRange. */
export function validateLimitRange({ metadata, spec }: LimitRange): FieldError[] {
  const errors = validateObjectMeta(metadata, true, nameIsDnsSubdomain);
  const types = new Set<string>();
  spec?.limits?.forEach((item, index) => {
    const path = limitsPath.index(index);
    const { type = "" } = item;
    errors.push(...validateType(type, path.child("type")));
    if (types.has(type)) errors.push(duplicate(path.child("type"), type));
    types.add(type);
    errors.push(...validateItem(item, path));
  });
  return errors;
}

function validateType(type: string, path: FieldPath): FieldError[] {
  const errors = invalidText(path, type, checkQualifiedName(type));
  if (errors.length > 0 || type.includes("/") || standardTypes.includes(type)) return errors;
  return [invalid(path, type, "must be a standard limit type or fully qualified")];
}

function validateItem(item: Item, path: FieldPath): FieldError[] {
  const { type, min, max, maxLimitRequestRatio } = item;
  const ofPod = type === "Pod";
  const errors = [
    ...validateNames(type, max, path.child("max")),
    ...validateNames(type, min, path.child("min")),
  ];
  for (const field of ["default", "defaultRequest"] as const) {
    const amounts = item[field] ?? {};
    if (!ofPod) errors.push(...validateNames(type, amounts, path.child(field)));
    else if (Object.keys(amounts).length > 0) {
      errors.push(forbidden(path.child(field), "may not be specified when `type` is 'Pod'"));
    }
  }
  if (type === "PersistentVolumeClaim" && !min?.["storage"] && !max?.["storage"]) {
    const detail = "either minimum or maximum storage value is required, but neither was provided";
    errors.push(required(path.child("limits"), detail));
  }
  errors.push(...validateNames(type, maxLimitRequestRatio, path.child("maxLimitRequestRatio")));
  const defaults = ofPod ? {} : { limit: item.default, request: item.defaultRequest };
  const resources = [min, max, defaults.limit, defaults.request, maxLimitRequestRatio].flatMap((amounts) =>
    Object.keys(amounts ?? {}),
  );
  for (const resource of new Set(resources)) {
    const of = (amounts: Amounts | undefined): Quantity | undefined =>
      amounts && Object.hasOwn(amounts, resource) ? Quantity.parse(amounts[resource]!) : undefined;
    const bounds: Bounds = {
      min: of(min),
      max: of(max),
      limit: of(defaults.limit),
      request: of(defaults.request),
      ratio: of(maxLimitRequestRatio),
    };
    errors.push(...validateOrder(bounds, resource, path), ...validateRatio(bounds, resource, path));
    errors.push(...validateOvercommit(bounds, resource, path));
  }
  return errors;
}

function validateNames(type: string | undefined, amounts: Amounts = {}, path: FieldPath): FieldError[] {
  const check = type === "Pod" || type === "Container" ? validateContainerResourceName : validateResourceName;
  return Object.keys(amounts).flatMap((resource) => check(resource, path.key(resource)));
}

/** What an item says about one resource. */
interface Bounds {
  min?: Quantity;
  max?: Quantity;
  limit?: Quantity;
  request?: Quantity;
  ratio?: Quantity;
}

/** min ≤ default request ≤ default limit ≤ max. */
function validateOrder(
  { min, max, limit, request }: Bounds,
  resource: string,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  const check = (
    low: Quantity | undefined,
    high: Quantity | undefined,
    field: string,
    shown: Quantity | undefined,
    lowName: string,
    highName: string,
  ): void => {
    if (!low || !high || low.compare(high) <= 0) return;
    const detail = `${lowName} value ${low} is greater than ${highName} value ${high}`;
    errors.push(invalid(path.child(field).key(resource), String(shown), detail));
  };
  check(min, max, "min", min, "min", "max");
  check(min, request, "defaultRequest", request, "min", "default request");
  check(request, max, "defaultRequest", request, "default request", "max");
  check(request, limit, "defaultRequest", request, "default request", "default limit");
  check(min, limit, "default", min, "min", "default");
  check(limit, max, "default", max, "default", "max");
  return errors;
}

/** resource.MaxMilliValue: what still fits into an int64 in thousandths. */
const maxMilliValue = (2n ** 63n - 1n) / 1000n;

function validateRatio({ min, max, ratio }: Bounds, resource: string, path: FieldPath): FieldError[] {
  if (!ratio) return [];
  const errors: FieldError[] = [];
  const at = path.child("maxLimitRequestRatio").key(resource);
  if (ratio.compare(Quantity.of(1)) < 0) {
    errors.push(invalid(at, ratio.toString(), `ratio ${ratio} is less than 1`));
  }
  if (!min || !max) return errors;
  const inThousandths = [ratio, min, max].every((quantity) => quantity.value() < maxMilliValue);
  const value = inThousandths ? Number(ratio.milliValue()) / 1000 : Number(ratio.value());
  const limit = inThousandths
    ? Number(max.milliValue()) / Number(min.milliValue())
    : Number(max.value()) / Number(min.value());
  if (value > limit) {
    const detail = `ratio ${ratio} is greater than max/min = ${limit.toFixed(6)}`;
    errors.push(invalid(at, ratio.toString(), detail));
  }
  return errors;
}

function validateOvercommit({ limit, request }: Bounds, resource: string, path: FieldPath): FieldError[] {
  if (isOvercommitAllowed(resource) || !limit || !request || limit.compare(request) === 0) return [];
  const detail = `default value ${limit} must equal to defaultRequest value ${request} in ${resource}`;
  return [invalid(path.child("defaultRequest").key(resource), request.toString(), detail)];
}
