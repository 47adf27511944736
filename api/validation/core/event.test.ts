import { describe, expect, it } from "vitest";
import type { ObjectOf } from "../../object-of.ts";
import { type Corruption, corrupted, problems } from "../corruption.ts";
import { validateEvent, validateEventUpdate } from "./event.ts";

type Event = ObjectOf<"io.k8s.api.core.v1.Event">;

const legacy = {
  metadata: { name: "e", namespace: "default" },
  involvedObject: { kind: "Pod", name: "p", namespace: "default" },
  reason: "Pulled",
  type: "Odd",
  source: { component: "kubelet" },
  count: 4,
} as unknown as Event;

const event = {
  metadata: { name: "e", namespace: "default", resourceVersion: "1" },
  involvedObject: { kind: "Pod", name: "p", namespace: "default" },
  eventTime: "2026-01-01T00:00:00.000000Z",
  series: { count: 2, lastObservedTime: "2026-01-01T00:00:00.000000Z" },
  type: "Normal",
  reason: "Scheduled",
  action: "Binding",
  message: "m",
  source: {},
  firstTimestamp: null,
  lastTimestamp: null,
  reportingComponent: "example.com/controller",
  reportingInstance: "one",
} as unknown as Event;

const qualifiedName =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

describe("core/v1 events", () => {
  it("without an eventTime may be nearly anything", () => {
    expect(validateEvent(legacy, "v1")).toEqual([]);
    expect(validateEventUpdate(corrupted(legacy, "/reason", "Other"), legacy, "v1")).toEqual([]);
  });

  it.each<Corruption>([
    [
      "/involvedObject/namespace",
      "other",
      ['involvedObject.namespace: Invalid value: "other": does not match event.namespace'],
    ],
    ["/involvedObject/namespace", undefined, []],
    [
      "/metadata/namespace",
      "kube-system",
      ['involvedObject.namespace: Invalid value: "default": does not match event.namespace'],
    ],
  ])("belong to the namespace of what they are about: %s = %j", (pointer, value, expected) => {
    expect(problems(validateEvent(corrupted(legacy, pointer, value), "v1"))).toEqual(expected);
  });

  it.each<Corruption>([
    [
      "/reportingComponent",
      undefined,
      [
        "reportingComponent: Required value",
        'reportingComponent: Invalid value: "": name part must be non-empty',
        `reportingComponent: Invalid value: "": ${qualifiedName}`,
      ],
    ],
    ["/reportingInstance", undefined, ["reportingInstance: Required value"]],
    ["/action", "a".repeat(129), ['action: Invalid value: "": can have at most 128 characters']],
    ["/message", "m".repeat(1025), ['message: Invalid value: "": can have at most 1024 characters']],
    ["/type", "Odd", []],
    ["/series/count", 1, []],
  ])("with an eventTime follow its rules: %s = %j", (pointer, value, expected) => {
    expect(problems(validateEvent(corrupted(event, pointer, value), "v1"))).toEqual(expected);
  });
});

describe("events.k8s.io/v1 events", () => {
  const strict = "events.k8s.io/v1";

  it("take a complete event", () => {
    expect(validateEvent(event, strict)).toEqual([]);
  });

  it.each<Corruption>([
    ["/eventTime", null, ["eventTime: Required value"]],
    ["/type", "Odd", ['type: Invalid value: "": has invalid value: Odd']],
    ["/series/count", 1, ['series.count: Invalid value: "": should be at least 2']],
    ["/series/lastObservedTime", null, ["series.lastObservedTime: Required value"]],
    ["/firstTimestamp", "2026-01-01T00:00:00Z", ['firstTimestamp: Invalid value: "": needs to be unset']],
    ["/count", 3, ['count: Invalid value: "": needs to be unset']],
    ["/source", { component: "c" }, ['source: Invalid value: "": needs to be unset']],
    [
      "/reportingComponent",
      "not a name",
      [`reportingController: Invalid value: "not a name": ${qualifiedName}`],
    ],
  ])("are refused with %s = %j", (pointer, value, expected) => {
    expect(problems(validateEvent(corrupted(event, pointer, value), strict))).toEqual(expected);
  });

  it.each<Corruption>([
    ["/series/count", 3, []],
    ["/series/count", 0, ['series.count: Invalid value: "": should be at least 2']],
    ["/message", "other", ['message: Invalid value: "other": field is immutable']],
    [
      "/reason",
      "Other",
      [
        'reason: Invalid value: "Other": field is immutable',
        'reason: Invalid value: "Other": field is immutable',
      ],
    ],
    [
      "/involvedObject/name",
      "q",
      [
        'involvedObject: Invalid value: {"Kind":"Pod","Namespace":"default","Name":"q","UID":"","APIVersion":"","ResourceVersion":"","FieldPath":""}: field is immutable',
      ],
    ],
  ])("change in their series only: %s = %j", (pointer, value, expected) => {
    expect(problems(validateEventUpdate(corrupted(event, pointer, value), event, strict))).toEqual(expected);
  });
});
