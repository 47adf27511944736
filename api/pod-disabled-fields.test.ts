import { expect, test } from "vitest";
import type { Pod, PodTemplateSpec } from "./core-types.ts";
import { parseFeatureGates } from "./feature-gates.ts";
import { dropDisabledPodFields, dropDisabledTemplateFields } from "./pod-disabled-fields.ts";

type Fields = Record<string, unknown>;

const pod = (spec: Fields, status: Fields = {}): Pod =>
  structuredClone({ metadata: {}, spec: { containers: [], ...spec }, status }) as unknown as Pod;
const main = (fields: Fields): Fields => ({ containers: [{ name: "main", ...fields }] });
const projected = (source: Fields): Fields => ({
  volumes: [{ name: "v", projected: { sources: [source] } }],
});
const status = (fields: Fields): Fields => ({ containerStatuses: [{ name: "main", ...fields }] });

const cases: [string, Pod, Pod][] = [
  [
    "PodLevelResources=false,InPlacePodLevelResourcesVerticalScaling=false",
    pod({ resources: { requests: { cpu: "1" } } }),
    pod({}),
  ],
  [
    "MatchLabelKeysInPodTopologySpread=false,MatchLabelKeysInPodTopologySpreadSelectorMerge=false",
    pod({ topologySpreadConstraints: [{ topologyKey: "z", matchLabelKeys: ["app"] }] }),
    pod({ topologySpreadConstraints: [{ topologyKey: "z" }] }),
  ],
  ["", pod(projected({ clusterTrustBundle: { path: "x" } })), pod(projected({}))],
  ["", pod(projected({ podCertificate: { keyType: "ED25519" } })), pod(projected({}))],
  ["", pod({ schedulingGroup: { podGroupName: "g" } }), pod({})],
  [
    "ContainerRestartRules=false,RestartAllContainersOnContainerExits=false",
    pod(main({ restartPolicy: "Never", restartPolicyRules: [{ action: "Restart" }] })),
    pod(main({})),
  ],
  ["HostnameOverride=false", pod({ hostnameOverride: "a" }), pod({})],
  [
    "EnvFiles=false",
    pod(main({ env: [{ name: "A", valueFrom: { fileKeyRef: { key: "K" } } }] })),
    pod(main({ env: [{ name: "A", valueFrom: {} }] })),
  ],
  ["", pod(main({ lifecycle: { stopSignal: "SIGTERM" } })), pod(main({}))],
  [
    "",
    pod(main({ lifecycle: { stopSignal: "SIGTERM", preStop: { exec: {} } } })),
    pod(main({ lifecycle: { preStop: { exec: {} } } })),
  ],
  [
    "InPlacePodLevelResourcesVerticalScaling=false",
    pod({}, { resources: {}, allocatedResources: { cpu: "1" } }),
    pod({}),
  ],
  ["DRAExtendedResource=false", pod({}, { extendedResourceClaimStatus: {} }), pod({})],
  [
    "ResourceHealthStatus=false,ResourceHealthStatusMessage=false",
    pod({}, status({ allocatedResourcesStatus: [{ name: "a" }] })),
    pod({}, status({})),
  ],
  [
    "ResourceHealthStatusMessage=false",
    pod({}, status({ allocatedResourcesStatus: [{ name: "a", resources: [{ message: "m" }] }] })),
    pod({}, status({ allocatedResourcesStatus: [{ name: "a", resources: [{}] }] })),
  ],
  [
    "",
    pod({}, status({ volumeMounts: [{ name: "v", volumeStatus: { image: {} } }] })),
    pod({}, status({ volumeMounts: [{ name: "v" }] })),
  ],
  ["", pod({}, { nodeAllocatableResourceClaimStatuses: [{ name: "a" }] }), pod({})],
];

test.each(cases)("fields of a feature that is off (%s) are dropped", (flags, object, expected) => {
  const dropped = structuredClone(object);
  dropDisabledPodFields(dropped, undefined, parseFeatureGates(flags));
  expect(dropped).toEqual(expected);
});

test.each(cases)("but stay where the old object has them (%s)", (flags, object) => {
  const kept = structuredClone(object);
  dropDisabledPodFields(kept, structuredClone(object), parseFeatureGates(flags));
  expect(kept).toEqual(object);
});

test("a sidecar keeps its restart policy without restart rules", () => {
  const initContainers = [{ name: "side", restartPolicy: "Always" }];
  const object = pod({ initContainers });
  const flags = "ContainerRestartRules=false,RestartAllContainersOnContainerExits=false";
  dropDisabledPodFields(object, undefined, parseFeatureGates(flags));
  expect(object).toEqual(pod({ initContainers }));
});

test("templates lose such fields too", () => {
  const template: PodTemplateSpec = { metadata: {}, spec: { containers: [], hostnameOverride: "a" } };
  dropDisabledTemplateFields(template, undefined, parseFeatureGates("HostnameOverride=false"));
  expect(template).toEqual({ metadata: {}, spec: { containers: [] } });
});
