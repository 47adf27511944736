/** Source: pkg/apis/autoscaling/validation/validation.go (validateMetricSpec and what it calls). */
import { Quantity } from "../../quantity.ts";
import type { Schemas } from "../../types.ts";
import { validateContainerResourceName } from "../core/resource-quantities.ts";
import { type FieldError, type FieldPath, forbidden, invalid, notSupported, required } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { checkDns1123Label, checkPathSegmentName } from "../names.ts";
import { type ReferenceOptions, validateReference } from "./horizontal-pod-autoscaler.ts";

type Metric = Schemas["io.k8s.api.autoscaling.v2.MetricSpec"];
type Identifier = Schemas["io.k8s.api.autoscaling.v2.MetricIdentifier"];
type Target = Schemas["io.k8s.api.autoscaling.v2.MetricTarget"];

const sourceTypes = ["ContainerResource", "External", "Object", "Pods", "Resource"];
/** The member that holds the source of each type, in the order in which upstream looks at them. */
const members = ["object", "external", "pods", "resource", "containerResource"] as const;
type Member = (typeof members)[number];
const memberOfType = new Map<string, Member>([
  ["Object", "object"],
  ["Pods", "pods"],
  ["Resource", "resource"],
  ["External", "external"],
  ["ContainerResource", "containerResource"],
]);

/** validateMetricSpec. */
export function validateMetricSpec(metric: Metric, path: FieldPath, options: ReferenceOptions): FieldError[] {
  const { type = "" } = metric;
  const typePath = path.child("type");
  const expected = memberOfType.get(type);
  const errors: FieldError[] = [];
  if (type === "") errors.push(required(typePath, "must specify a metric source type"));
  if (!expected) errors.push(notSupported(typePath, type, sourceTypes));
  const present = members.filter((member) => metric[member]);
  if (present[0]) errors.push(...validateSource(metric, present[0], path.child(present[0]), options));
  if (!expected) errors.push(notSupported(typePath, type, sourceTypes));
  else if (!metric[expected]) {
    errors.push(required(path.child(expected), "must populate information for the given metric source"));
  }
  if (present.length === 1) return errors;
  for (const member of present) {
    if (member === expected) continue;
    errors.push(forbidden(path.child(member), "must populate the given metric source only"));
  }
  return errors;
}

function validateSource(
  metric: Metric,
  member: Member,
  path: FieldPath,
  options: ReferenceOptions,
): FieldError[] {
  const { object, external, pods, resource, containerResource } = metric;
  const target = path.child("target");
  if (member === "object" && object) {
    return [
      ...validateReference(object.describedObject, path.child("describedObject"), options),
      ...validateIdentifier(object.metric, path.child("metric")),
      ...validateTarget(object.target, target),
      ...oneOfValues(object.target, target, "must set either a target value or averageValue"),
    ];
  }
  if (member === "external" && external) {
    const { value, averageValue } = external.target;
    const both = "may not set both a target value for metric and a per-pod target";
    return [
      ...validateIdentifier(external.metric, path.child("metric")),
      ...validateTarget(external.target, target),
      ...oneOfValues(
        external.target,
        target,
        "must set either a target value for metric or a per-pod target",
      ),
      ...(value !== undefined && averageValue !== undefined ? [forbidden(target.child("value"), both)] : []),
    ];
  }
  if (member === "pods" && pods) {
    const missing = "must specify a positive target averageValue";
    return [
      ...validateIdentifier(pods.metric, path.child("metric")),
      ...validateTarget(pods.target, target),
      ...(pods.target.averageValue === undefined ? [required(target.child("averageValue"), missing)] : []),
    ];
  }
  if (member === "containerResource" && containerResource) {
    return [
      ...validateContainer(containerResource, path),
      ...validateResourceTarget(containerResource.target, target),
    ];
  }
  if (!resource) return [];
  const named = resource.name ? [] : [required(path.child("name"), "must specify a resource name")];
  return [...named, ...validateResourceTarget(resource.target, target)];
}

function validateContainer(
  { name, container }: NonNullable<Metric["containerResource"]>,
  path: FieldPath,
): FieldError[] {
  const namePath = path.child("name");
  const containerPath = path.child("container");
  return [
    ...(name
      ? validateContainerResourceName(name, namePath)
      : [required(namePath, "must specify a resource name")]),
    ...(container
      ? invalidText(containerPath, container, checkDns1123Label(container))
      : [required(containerPath, "must specify a container")]),
  ];
}

function oneOfValues({ value, averageValue }: Target, path: FieldPath, detail: string): FieldError[] {
  return value === undefined && averageValue === undefined
    ? [required(path.child("averageValue"), detail)]
    : [];
}

function validateResourceTarget(target: Target, path: FieldPath): FieldError[] {
  const errors = validateTarget(target, path);
  const { averageUtilization, averageValue } = target;
  if (averageUtilization === undefined && averageValue === undefined) {
    const detail = "must set either a target raw value or a target utilization";
    errors.push(required(path.child("averageUtilization"), detail));
  }
  if (averageUtilization !== undefined && averageValue !== undefined) {
    const detail = "may not set both a target raw value and a target utilization";
    errors.push(forbidden(path.child("averageValue"), detail));
  }
  return errors;
}

function validateTarget(
  { type, value, averageValue, averageUtilization }: Target,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  const typePath = path.child("type");
  if (!type) errors.push(required(typePath, "must specify a metric target type"));
  if (type !== "Utilization" && type !== "Value" && type !== "AverageValue") {
    errors.push(invalid(typePath, type ?? "", "must be either Utilization, Value, or AverageValue"));
  }
  for (const [key, quantity] of Object.entries({ value, averageValue })) {
    if (quantity === undefined || Quantity.parse(quantity).sign > 0) continue;
    errors.push(invalid(path.child(key), quantity, "must be positive"));
  }
  if (averageUtilization !== undefined && averageUtilization < 1) {
    errors.push(invalid(path.child("averageUtilization"), averageUtilization, "must be greater than 0"));
  }
  return errors;
}

function validateIdentifier({ name }: Identifier, path: FieldPath): FieldError[] {
  const namePath = path.child("name");
  if (!name) return [required(namePath, "must specify a metric name")];
  return invalidText(namePath, name, checkPathSegmentName(name));
}
