/** Source: pkg/apis/core/validation/events.go. Events are kept as core/v1, whatever API they came by. */
import { goString, goValue } from "../../go-value.ts";
import type { ObjectOf } from "../../object-of.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import { type FieldError, FieldPath, invalid, required } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { checkDns1123Subdomain, checkQualifiedName, isLongerThan, nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { immutableError } from "../values.ts";

type Event = ObjectOf<"io.k8s.api.core.v1.Event">;

/** ValidateEventCreate. apiVersion: the one of the request; events.k8s.io/v1 is the strict one. */
export function validateEvent(event: Event, apiVersion: string): FieldError[] {
  const errors = validateForEveryVersion(event, apiVersion);
  if (apiVersion === "v1") return errors;
  errors.push(...validateObjectMeta(event.metadata, true, nameIsDnsSubdomain));
  errors.push(...validateSeries(event));
  if (!event.eventTime) errors.push(required(FieldPath.of("eventTime")));
  if (event.type !== "Normal" && event.type !== "Warning") {
    errors.push(invalid(FieldPath.of("type"), "", `has invalid value: ${event.type ?? ""}`));
  }
  const unset = (field: string): FieldError => invalid(FieldPath.of(field), "", "needs to be unset");
  if (event.firstTimestamp) errors.push(unset("firstTimestamp"));
  if (event.lastTimestamp) errors.push(unset("lastTimestamp"));
  if (event.count) errors.push(unset("count"));
  if (event.source?.component || event.source?.host) errors.push(unset("source"));
  return errors;
}

const goObjectReference = {
  Kind: goString("kind"),
  Namespace: goString("namespace"),
  Name: goString("name"),
  UID: goString("uid"),
  APIVersion: goString("apiVersion"),
  ResourceVersion: goString("resourceVersion"),
  FieldPath: goString("fieldPath"),
};
const goEventSource = { Component: goString("component"), Host: goString("host") };

/** ValidateEventUpdate: through events.k8s.io/v1 only the series may change. */
export function validateEventUpdate(event: Event, old: Event, apiVersion: string): FieldError[] {
  const errors = validateForEveryVersion(event, apiVersion);
  if (apiVersion === "v1") return errors;
  errors.push(...validateObjectMetaUpdate(event.metadata, old.metadata));
  if (!semanticEqual(event.series, old.series)) errors.push(...validateSeries(event));
  for (const [field, print] of immutableFields) {
    if (semanticEqual(print(event), print(old))) continue;
    errors.push(invalid(FieldPath.of(field), print(event), immutableError));
  }
  return errors;
}

/** In upstream's order (reason really is checked twice), each as the error text shows it. */
const immutableFields: readonly (readonly [string, (event: Event) => unknown])[] = [
  ["involvedObject", ({ involvedObject }) => goValue(goObjectReference, involvedObject ?? {})],
  ["reason", ({ reason = "" }) => reason],
  ["message", ({ message = "" }) => message],
  ["source", ({ source = {} }) => goValue(goEventSource, source)],
  ["firstTimestamp", ({ firstTimestamp = null }) => firstTimestamp],
  ["lastTimestamp", ({ lastTimestamp = null }) => lastTimestamp],
  ["count", ({ count = 0 }) => count],
  ["reason", ({ reason = "" }) => reason],
  ["type", ({ type = "" }) => type],
  ["eventTime", ({ eventTime = null }) => eventTime],
  ["action", ({ action = "" }) => action],
  ["related", ({ related }) => (related ? goValue(goObjectReference, related) : null)],
  ["reportingController", ({ reportingComponent = "" }) => reportingComponent],
  ["reportingInstance", ({ reportingInstance = "" }) => reportingInstance],
];

function validateSeries({ series }: Event): FieldError[] {
  if (!series) return [];
  const errors: FieldError[] = [];
  if ((series.count ?? 0) < 2) errors.push(invalid("series.count", "", "should be at least 2"));
  if (!series.lastObservedTime) errors.push(required("series.lastObservedTime"));
  return errors;
}

/** legacyValidateEvent. */
function validateForEveryVersion(event: Event, apiVersion: string): FieldError[] {
  const namespace = event.metadata.namespace ?? "";
  const errors = event.eventTime
    ? validateNewStyle(event, apiVersion === "v1" ? "reportingComponent" : "reportingController")
    : validateInvolvedNamespace(event);
  errors.push(...invalidText(FieldPath.of("namespace"), namespace, checkDns1123Subdomain(namespace)));
  return errors;
}

const mismatch = (involved: string): FieldError =>
  invalid(FieldPath.of("involvedObject", "namespace"), involved, "does not match event.namespace");

function validateInvolvedNamespace({ metadata, involvedObject }: Event): FieldError[] {
  const namespace = metadata.namespace ?? "";
  const involved = involvedObject?.namespace ?? "";
  // Older clients put the events of cluster-scoped objects into "default".
  const fits = involved === "" ? namespace === "" || namespace === "default" : involved === namespace;
  return fits ? [] : [mismatch(involved)];
}

const limits = [
  ["reportingInstance", 128],
  ["action", 128],
  ["reason", 128],
] as const;

/** An event with an eventTime. */
function validateNewStyle(event: Event, controllerField: string): FieldError[] {
  const errors: FieldError[] = [];
  const namespace = event.metadata.namespace ?? "";
  const involved = event.involvedObject?.namespace ?? "";
  if (involved === "" && namespace !== "default" && namespace !== "kube-system") {
    errors.push(mismatch(involved));
  }
  const controller = event.reportingComponent ?? "";
  const controllerPath = FieldPath.of(controllerField);
  if (controller === "") errors.push(required(controllerPath));
  errors.push(...invalidText(controllerPath, controller, checkQualifiedName(controller)));
  for (const [field, limit] of limits) {
    const text = event[field] ?? "";
    if (text === "") errors.push(required(FieldPath.of(field)));
    errors.push(...tooLongFor(field, text, limit));
  }
  errors.push(...tooLongFor("message", event.message ?? "", 1024));
  return errors;
}

function tooLongFor(field: string, text: string, limit: number): FieldError[] {
  if (!isLongerThan(text, limit)) return [];
  return [invalid(FieldPath.of(field), "", `can have at most ${limit} characters`)];
}
