import { crud } from "../../crud.ts";
import type { JsonObject } from "../../json.ts";

const exactly: JsonObject = {
  deviceClassName: "gpu.example.com",
  selectors: [{ cel: { expression: "device.driver == 'd.example.com'" } }],
  allocationMode: "ExactCount",
  count: 2,
};

const devices: JsonObject = {
  requests: [
    { name: "one", exactly },
    {
      name: "any",
      firstAvailable: [
        { name: "big", deviceClassName: "big", count: 1 },
        { name: "all", deviceClassName: "small", allocationMode: "All" },
      ],
    },
  ],
  constraints: [{ requests: ["one", "any/big"], matchAttribute: "d.example.com/numa" }],
  config: [
    {
      requests: ["one"],
      opaque: { driver: "d.example.com", parameters: { apiVersion: "x/v1", kind: "P", any: 1 } },
    },
  ],
};

export const cases = [
  ...crud({
    resource: "resource.k8s.io/v1/deviceclasses",
    kind: "DeviceClass",
    clusterScoped: true,
    minimal: { spec: {} },
    variants: {
      full: {
        spec: {
          selectors: [{ cel: { expression: "device.driver == 'd.example.com'" } }],
          config: [{ opaque: { driver: "d.example.com", parameters: { a: 1 } } }],
          extendedResourceName: "example.com/gpu",
        },
      },
    },
    change: { "spec.selectors": [{ cel: { expression: "true" } }] },
  }),
  ...crud({
    resource: "resource.k8s.io/v1/resourceclaims",
    kind: "ResourceClaim",
    minimal: { spec: { devices: { requests: [{ name: "r", exactly: { deviceClassName: "c" } }] } } },
    variants: {
      full: { spec: { devices } },
      empty: { spec: {} },
      gated: {
        spec: {
          devices: {
            requests: [
              {
                name: "r",
                exactly: {
                  deviceClassName: "c",
                  tolerations: [
                    { key: "k", operator: "Equal", value: "v", effect: "NoExecute", tolerationSeconds: 5 },
                  ],
                  capacity: { requests: { memory: "1Gi" } },
                },
              },
              {
                name: "s",
                firstAvailable: [
                  {
                    name: "x",
                    deviceClassName: "c",
                    selectors: [{ cel: { expression: "true" } }],
                    tolerations: [{ operator: "Exists" }],
                    capacity: { requests: { memory: "1Gi" } },
                  },
                ],
              },
            ],
            constraints: [{ distinctAttribute: "d.example.com/a" }],
          },
        },
      },
    },
    change: { "metadata.labels": { changed: "yes" } },
    status: {
      "status.allocation": {
        devices: { results: [{ request: "r", driver: "d.example.com", pool: "p", device: "d" }] },
        nodeSelector: {
          nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: ["n"] }] }],
        },
      },
      "status.reservedFor": [{ resource: "pods", name: "p", uid: "u" }],
      "status.devices": [
        {
          driver: "d.example.com",
          pool: "p",
          device: "d",
          data: { a: 1 },
          networkData: { interfaceName: "eth1", ips: ["1.2.3.4/24"], hardwareAddress: "ea:9f:cb:40:b3:7b" },
          conditions: [
            {
              type: "Ready",
              status: "True",
              reason: "R",
              message: "m",
              lastTransitionTime: "2020-01-01T00:00:00Z",
            },
          ],
        },
      ],
    },
  }),
  ...crud({
    resource: "resource.k8s.io/v1/resourceclaimtemplates",
    kind: "ResourceClaimTemplate",
    minimal: {
      spec: { spec: { devices: { requests: [{ name: "r", exactly: { deviceClassName: "c" } }] } } },
    },
    variants: {
      full: { spec: { metadata: { labels: { a: "b" }, annotations: { c: "d" } }, spec: { devices } } },
    },
    change: { "metadata.labels": { changed: "yes" } },
  }),
  ...crud({
    resource: "resource.k8s.io/v1/resourceslices",
    kind: "ResourceSlice",
    clusterScoped: true,
    minimal: {
      spec: {
        driver: "d.example.com",
        nodeName: "n",
        pool: { name: "p", generation: 1, resourceSliceCount: 1 },
      },
    },
    variants: {
      full: {
        spec: {
          driver: "d.example.com",
          pool: { name: "p", generation: 2, resourceSliceCount: 1 },
          nodeSelector: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: "zone", operator: "In", values: ["a"] }] }],
          },
          devices: [
            {
              name: "gpu-0",
              attributes: {
                index: { int: 1 },
                "example.com/healthy": { bool: true },
                model: { string: "x" },
                firmware: { version: "1.2.3" },
              },
              capacity: { memory: { value: "8Gi" } },
            },
          ],
        },
      },
      gated: {
        spec: {
          driver: "d.example.com",
          allNodes: true,
          pool: { name: "p", generation: 1, resourceSliceCount: 1 },
          devices: [
            {
              name: "a",
              capacity: {
                memory: {
                  value: "8Gi",
                  requestPolicy: { default: "1Gi", validRange: { min: "1Gi", max: "8Gi", step: "1Gi" } },
                },
                lanes: { value: "4", requestPolicy: { default: "1", validValues: ["1", "2"] } },
              },
              allowMultipleAllocations: true,
              taints: [{ key: "k", value: "v", effect: "NoSchedule", timeAdded: "2020-01-01T00:00:00Z" }],
              bindsToNode: true,
              bindingConditions: ["Ready"],
              bindingFailureConditions: ["Failed"],
            },
          ],
        },
      },
      counters: {
        spec: {
          driver: "d.example.com",
          perDeviceNodeSelection: true,
          pool: { name: "p", generation: 1, resourceSliceCount: 1 },
          devices: [
            {
              name: "a",
              nodeName: "n",
              consumesCounters: [{ counterSet: "c", counters: { memory: { value: "1Gi" } } }],
            },
          ],
        },
      },
      "counter sets": {
        spec: {
          driver: "d.example.com",
          allNodes: true,
          pool: { name: "p", generation: 1, resourceSliceCount: 2 },
          sharedCounters: [{ name: "c", counters: { memory: { value: "8Gi" } } }],
        },
      },
      all: {
        spec: {
          driver: "d.example.com",
          allNodes: true,
          pool: { name: "p", generation: 1, resourceSliceCount: 1 },
          devices: [{ name: "a" }],
        },
      },
    },
    change: { "spec.pool.generation": 2 },
  }),
];
