import { describe, expect, it } from "vitest";
import type { KubeObject } from "../object.ts";
import { eventsConversions } from "./events.ts";
import type { KindConversion } from "./table.ts";

const { toHub, fromHub } = eventsConversions["events.k8s.io/v1"]!["Event"] as Required<KindConversion>;

const event = {
  kind: "Event",
  apiVersion: "events.k8s.io/v1",
  metadata: { name: "e", namespace: "default" },
  eventTime: "2026-01-01T00:00:00.000000Z",
  series: { count: 2, lastObservedTime: "2026-01-01T00:00:01.000000Z" },
  reportingController: "example.com/controller",
  reportingInstance: "one",
  action: "Binding",
  reason: "Scheduled",
  regarding: { kind: "Pod", name: "p", namespace: "default" },
  related: { kind: "Node", name: "n" },
  note: "went well",
  type: "Normal",
  deprecatedSource: { component: "scheduler" },
  deprecatedFirstTimestamp: "2026-01-01T00:00:00Z",
  deprecatedLastTimestamp: null,
  deprecatedCount: 3,
} as unknown as KubeObject;

const core = {
  kind: "Event",
  apiVersion: "v1",
  metadata: { name: "e", namespace: "default" },
  involvedObject: { kind: "Pod", name: "p", namespace: "default" },
  reason: "Scheduled",
  message: "went well",
  source: { component: "scheduler" },
  firstTimestamp: "2026-01-01T00:00:00Z",
  lastTimestamp: null,
  count: 3,
  type: "Normal",
  eventTime: "2026-01-01T00:00:00.000000Z",
  series: { count: 2, lastObservedTime: "2026-01-01T00:00:01.000000Z" },
  action: "Binding",
  related: { kind: "Node", name: "n" },
  reportingComponent: "example.com/controller",
  reportingInstance: "one",
};

describe("events.k8s.io/v1 Event", () => {
  it("is kept as a core event", () => {
    expect(toHub(event)).toEqual(core);
  });

  it("comes back as it was", () => {
    expect(fromHub(toHub(event))).toEqual(event);
  });

  it("has the fields that are always written, and no others, where the core event says nothing", () => {
    const bare = { kind: "Event", apiVersion: "v1", metadata: { name: "e" } } as KubeObject;
    expect(fromHub(bare)).toEqual({
      kind: "Event",
      apiVersion: "events.k8s.io/v1",
      metadata: { name: "e" },
      eventTime: null,
      regarding: {},
      deprecatedSource: {},
      deprecatedFirstTimestamp: null,
      deprecatedLastTimestamp: null,
    });
  });
});
