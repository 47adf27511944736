/**
 * The metrics of a HorizontalPodAutoscaler as autoscaling/v1 carries them in annotations, and as v2 has them.
 * Source: pkg/apis/autoscaling/v1/conversion.go.
 */
import { parseJson } from "../json.ts";
import type { Schemas } from "../types.ts";

type Metric = Schemas["io.k8s.api.autoscaling.v2.MetricSpec"];
type Status = Schemas["io.k8s.api.autoscaling.v2.MetricStatus"];
type Target = Schemas["io.k8s.api.autoscaling.v2.MetricTarget"];
type Current = Schemas["io.k8s.api.autoscaling.v2.MetricValueStatus"];
type Behavior = Schemas["io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerBehavior"];
type Rules = Schemas["io.k8s.api.autoscaling.v2.HPAScalingRules"];
type Selector = Schemas["io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"];
type Reference = Schemas["io.k8s.api.autoscaling.v2.CrossVersionObjectReference"];

/** What a source or status of any type may hold in v1's form. */
interface OldValues {
  name?: string;
  container?: string;
  target?: Reference;
  metricName?: string;
  selector?: Selector;
  metricSelector?: Selector;
  targetValue?: string;
  averageValue?: string;
  targetAverageValue?: string;
  targetAverageUtilization?: number;
  currentValue?: string;
  currentAverageValue?: string;
  currentAverageUtilization?: number;
}

interface OldMetric {
  type: string;
  object?: OldValues;
  pods?: OldValues;
  resource?: OldValues;
  containerResource?: OldValues;
  external?: OldValues;
}

/** Members without those that are undefined. */
function compact<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}

/** v1 writes some quantities even where v2 has none. */
const zero = "0";

const isZero = (quantity: string): boolean => /^[+-]?[0.]+([a-zA-Z]*|[eE][+-]?[0-9]+)$/.test(quantity);

const identifier = (old: OldValues): { name: string; selector?: Selector } =>
  compact({ name: old.metricName ?? "", selector: old.selector });

function resourceTarget(old: OldValues): Target {
  const type = old.targetAverageUtilization === undefined ? "AverageValue" : "Utilization";
  return compact({
    type,
    averageValue: old.targetAverageValue,
    averageUtilization: old.targetAverageUtilization,
  });
}

function objectTarget({ averageValue, targetValue = zero }: OldValues): Target {
  if (averageValue === undefined) return { type: "Value", value: targetValue };
  // v1 cannot leave the value out: 0 means that there is none.
  return { type: "AverageValue", ...(isZero(targetValue) ? {} : { value: targetValue }), averageValue };
}

function externalTarget({ targetValue, targetAverageValue }: OldValues): Target {
  const type = targetValue === undefined ? "AverageValue" : "Value";
  return compact({ type, value: targetValue, averageValue: targetAverageValue });
}

const noReference: Reference = { kind: "", name: "" };

/** Convert_v1_MetricSpec_To_autoscaling_MetricSpec. */
export function metricToHub(old: OldMetric): Metric {
  const metric: Metric = { type: old.type ?? "" };
  const { object, pods, resource, containerResource, external } = old;
  if (object) {
    metric.object = {
      describedObject: object.target ?? noReference,
      target: objectTarget(object),
      metric: identifier(object),
    };
  }
  if (pods) {
    const averageValue = pods.targetAverageValue ?? zero;
    metric.pods = { metric: identifier(pods), target: { type: "AverageValue", averageValue } };
  }
  if (resource) metric.resource = { name: resource.name ?? "", target: resourceTarget(resource) };
  if (containerResource) {
    const { name = "", container = "" } = containerResource;
    metric.containerResource = { name, target: resourceTarget(containerResource), container };
  }
  if (external) {
    const { metricName = "", metricSelector } = external;
    metric.external = {
      metric: compact({ name: metricName, selector: metricSelector }),
      target: externalTarget(external),
    };
  }
  return metric;
}

/** Convert_autoscaling_MetricSpec_To_v1_MetricSpec: members in the order in which Go writes them. */
export function metricFromHub({
  type,
  object,
  pods,
  resource,
  containerResource,
  external,
}: Metric): OldMetric {
  return compact({
    type,
    object:
      object &&
      compact({
        target: object.describedObject,
        metricName: object.metric.name,
        targetValue: object.target.value ?? zero,
        selector: object.metric.selector,
        averageValue: object.target.averageValue,
      }),
    pods:
      pods &&
      compact({
        metricName: pods.metric.name,
        targetAverageValue: pods.target.averageValue ?? zero,
        selector: pods.metric.selector,
      }),
    resource: resource && compact({ name: resource.name, ...oldResourceTarget(resource.target) }),
    containerResource:
      containerResource &&
      compact({
        name: containerResource.name,
        ...oldResourceTarget(containerResource.target),
        container: containerResource.container,
      }),
    external:
      external &&
      compact({
        metricName: external.metric.name,
        metricSelector: external.metric.selector,
        targetValue: external.target.value,
        targetAverageValue: external.target.averageValue,
      }),
  });
}

const oldResourceTarget = ({ averageUtilization, averageValue }: Target): OldValues => ({
  targetAverageUtilization: averageUtilization,
  targetAverageValue: averageValue,
});

const resourceCurrent = (old: OldValues) =>
  compact({
    averageValue: old.currentAverageValue ?? zero,
    averageUtilization: old.currentAverageUtilization,
  });

/** Convert_v1_MetricStatus_To_autoscaling_MetricStatus. */
export function metricStatusToHub(old: OldMetric): Status {
  const status: Status = { type: old.type ?? "" };
  const { object, pods, resource, containerResource, external } = old;
  if (object) {
    status.object = {
      metric: identifier(object),
      current: compact({ value: object.currentValue ?? zero, averageValue: object.averageValue }),
      describedObject: object.target ?? noReference,
    };
  }
  if (pods) {
    status.pods = { metric: identifier(pods), current: { averageValue: pods.currentAverageValue ?? zero } };
  }
  if (resource) status.resource = { name: resource.name ?? "", current: resourceCurrent(resource) };
  if (containerResource) {
    const { name = "", container = "" } = containerResource;
    status.containerResource = { name, current: resourceCurrent(containerResource), container };
  }
  if (external) {
    const { metricName = "", metricSelector, currentValue = zero, currentAverageValue } = external;
    status.external = {
      metric: compact({ name: metricName, selector: metricSelector }),
      current: compact({ value: currentValue, averageValue: currentAverageValue }),
    };
  }
  return status;
}

/** Convert_autoscaling_MetricStatus_To_v1_MetricStatus. */
export function metricStatusFromHub({
  type,
  object,
  pods,
  resource,
  containerResource,
  external,
}: Status): OldMetric {
  return compact({
    type,
    object:
      object &&
      compact({
        target: object.describedObject,
        metricName: object.metric.name,
        currentValue: object.current.value ?? zero,
        selector: object.metric.selector,
        averageValue: object.current.averageValue,
      }),
    pods:
      pods &&
      compact({
        metricName: pods.metric.name,
        currentAverageValue: pods.current.averageValue ?? zero,
        selector: pods.metric.selector,
      }),
    resource: resource && compact({ name: resource.name, ...oldResourceCurrent(resource.current) }),
    containerResource:
      containerResource &&
      compact({
        name: containerResource.name,
        ...oldResourceCurrent(containerResource.current),
        container: containerResource.container,
      }),
    external:
      external &&
      compact({
        metricName: external.metric.name,
        metricSelector: external.metric.selector,
        currentValue: external.current.value ?? zero,
        currentAverageValue: external.current.averageValue,
      }),
  });
}

const oldResourceCurrent = (current: Current): OldValues => ({
  currentAverageUtilization: current.averageUtilization,
  currentAverageValue: current.averageValue ?? zero,
});

/** The items of a JSON list; undefined where there is no annotation or it can't be read, which is then ignored. */
export function listFromAnnotation<Old extends object, T>(
  text: string | undefined,
  convert: (item: Old) => T,
): T[] | undefined {
  const value = text === undefined ? undefined : jsonOf(text);
  if (!Array.isArray(value) || !value.every(isObject)) return undefined;
  return value.map((item) => convert(item as Old));
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text).value;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The behavior as upstream's internal type prints: with the names of Go's fields, all of them. */
export function behaviorToAnnotation({ scaleUp, scaleDown }: Behavior): Record<string, unknown> {
  return { ScaleUp: rulesToAnnotation(scaleUp), ScaleDown: rulesToAnnotation(scaleDown) };
}

function rulesToAnnotation(rules: Rules | undefined): Record<string, unknown> | null {
  if (!rules) return null;
  const policies = rules.policies?.map(({ type, value, periodSeconds }) => ({
    Type: type,
    Value: value,
    PeriodSeconds: periodSeconds,
  }));
  return {
    StabilizationWindowSeconds: rules.stabilizationWindowSeconds ?? null,
    SelectPolicy: rules.selectPolicy ?? null,
    Policies: policies ?? null,
    Tolerance: rules.tolerance ?? null,
  };
}

/** A member by Go's name in any case, as encoding/json finds it; null counts as absent. */
function member(value: Record<string, unknown>, goName: string): unknown {
  const wanted = goName.toLowerCase();
  const key = Object.keys(value).find((name) => name.toLowerCase() === wanted);
  return key === undefined ? undefined : (value[key] ?? undefined);
}

export function behaviorFromAnnotation(text: string | undefined): Behavior | undefined {
  const value = text === undefined ? undefined : jsonOf(text);
  if (!isObject(value)) return undefined;
  const scaleUp = rulesFromAnnotation(member(value, "ScaleUp"));
  const scaleDown = rulesFromAnnotation(member(value, "ScaleDown"));
  if (!scaleUp && !scaleDown) return undefined;
  return compact({ scaleUp, scaleDown });
}

function rulesFromAnnotation(value: unknown): Rules | undefined {
  if (!isObject(value)) return undefined;
  const policies = member(value, "Policies");
  const rules = {
    stabilizationWindowSeconds: member(value, "StabilizationWindowSeconds"),
    selectPolicy: member(value, "SelectPolicy"),
    policies: Array.isArray(policies) ? policies.filter(isObject).map(policyFromAnnotation) : undefined,
    tolerance: member(value, "Tolerance"),
  };
  return compact(rules) as Rules;
}

function policyFromAnnotation(value: Record<string, unknown>) {
  return {
    type: member(value, "Type") ?? "",
    value: member(value, "Value") ?? 0,
    periodSeconds: member(value, "PeriodSeconds") ?? 0,
  };
}
