import { expect, test } from "vitest";
import { defaultFeatureGates } from "../../../api/feature-gates.ts";
import type { KubeObject } from "../../../api/object.ts";
import { loadTables } from "../../../api/schema/tables.ts";
import type { ResourceRegistry } from "../../registry/registry.ts";
import { deployments } from "../../registry/resources/deployments.ts";
import { replicaSets } from "../../registry/resources/replicasets.ts";
import { replicationControllers } from "../../registry/resources/replicationcontrollers.ts";
import { statefulSets } from "../../registry/resources/statefulsets.ts";
import { kindCodec } from "../special-endpoints.ts";
import { scaleView } from "./scale.ts";

const gates = defaultFeatureGates();

test.each([
  ["deployments", deployments],
  ["replicasets", replicaSets],
  ["replicationcontrollers", replicationControllers],
  ["statefulsets", statefulSets],
])("%s are scaled in their spec", (resource, definition) => {
  const { group } = definition;
  const info = loadTables().resource(group, "v1", resource)!;
  const parent = kindCodec(info, group, "v1", info.kind, gates);
  const type = { group, resource, versions: new Map([["v1", parent]]), definition };
  const registry = { type } as unknown as ResourceRegistry;
  const view = scaleView(registry, kindCodec(info, "autoscaling", "v1", "Scale", gates), parent)!;
  const labels = { app: "a" };
  const selector = group === "" ? labels : { matchLabels: labels };
  const live = {
    metadata: { name: "a", namespace: "n" },
    spec: { replicas: 2, selector },
    status: { replicas: 1 },
  };
  const scale = view.fromHub(live);
  expect(scale).toMatchObject({ spec: { replicas: 2 }, status: { replicas: 1, selector: "app=a" } });
  const wanted = { ...scale, spec: { replicas: 5 } } as KubeObject;
  const scaled = view.update(wanted, live, { manager: "m", now: "2026-01-01T00:00:00Z" });
  expect(scaled).toMatchObject({ spec: { ...live.spec, replicas: 5 }, status: live.status });
  const foreign = { ...wanted, metadata: { ...wanted.metadata, uid: "x" } };
  const write = { manager: "m", now: "2026-01-01T00:00:00Z" };
  expect(() => view.update(foreign, live, write)).toThrow(`"a": Precondition failed: UID in precondition: x`);
  expect(() => view.update(foreign, live, write)).toThrow(`${resource}/scale`);
  const applied = { apiVersion: "apps/v1", kind: "Deployment" };
  expect(() => view.apply(live, applied, { ...write, force: false })).toThrow(
    "invalid object type: apps/v1, Kind=Deployment",
  );
});
