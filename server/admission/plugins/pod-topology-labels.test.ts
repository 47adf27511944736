import { expect, test } from "vitest";
import { parseFeatureGates } from "../../../api/feature-gates.ts";
import { admitted, gates, named, objectsOf } from "../testing.ts";
import { podTopologyLabels } from "./pod-topology-labels.ts";

const zone = "topology.kubernetes.io/zone";
const objects = objectsOf({ nodes: [named("n", {}, { labels: { [zone]: "z", other: "o" } })] });
const labelsOf = async (object: object, subresource = "", own = gates) =>
  (await admitted(podTopologyLabels(objects, own), { resource: "pods", subresource, object })).object.metadata
    .labels;

test("zone and region of the node become labels of what is bound to it", async () => {
  const pod = named("p", { spec: { nodeName: "n" } }, { labels: { a: "b", [zone]: "old" } });
  expect(await labelsOf(pod)).toEqual({ a: "b", [zone]: "z" });
  expect(await labelsOf(named("p", { target: { kind: "Node", name: "n" } }), "binding")).toEqual({
    [zone]: "z",
  });
});

test("elsewhere nothing is copied", async () => {
  expect(await labelsOf(named("p", { spec: {} }))).toBeUndefined();
  expect(await labelsOf(named("p", { spec: { nodeName: "none" } }))).toBeUndefined();
  expect(await labelsOf(named("p", { target: { kind: "Pod", name: "n" } }), "binding")).toBeUndefined();
  const off = parseFeatureGates("PodTopologyLabelsAdmission=false");
  expect(await labelsOf(named("p", { spec: { nodeName: "n" } }), "", off)).toBeUndefined();
});
