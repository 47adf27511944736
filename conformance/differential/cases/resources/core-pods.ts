import { crud } from "../../crud.ts";
import { fullPodSpec, oldVolumesPodSpec, runningPodStatus, volumesPodSpec } from "../../pod-shapes.ts";

export const cases = [
  ...crud({
    resource: "v1/pods",
    kind: "Pod",
    minimal: { spec: { containers: [{ name: "c", image: "i" }] } },
    variants: {
      full: { metadata: { labels: { app: "a" }, annotations: { a: "b" } }, spec: fullPodSpec },
      volumes: { spec: volumesPodSpec },
      "old volumes": { spec: oldVolumesPodSpec },
      host: {
        spec: {
          hostNetwork: true,
          hostPID: true,
          hostIPC: true,
          dnsPolicy: "ClusterFirstWithHostNet",
          restartPolicy: "Never",
          nodeName: "node-1",
          containers: [{ name: "c", image: "i:latest", ports: [{ containerPort: 80, hostPort: 80 }] }],
        },
      },
      "less common": {
        spec: {
          serviceAccount: "old-name",
          hostnameOverride: "other",
          containers: [
            {
              name: "c",
              image: "i",
              resources: { claims: [{ name: "claim", request: "one" }] },
              env: [{ name: "A", valueFrom: { secretKeyRef: { name: "s", key: "k", optional: true } } }],
              lifecycle: {
                postStart: { httpGet: { path: "/", port: 80 } },
                preStop: { tcpSocket: { port: "http" } },
              },
              ports: [{ name: "http", containerPort: 80 }],
            },
          ],
          resourceClaims: [{ name: "claim", resourceClaimTemplateName: "t" }],
          affinity: {
            podAffinity: {
              preferredDuringSchedulingIgnoredDuringExecution: [
                { weight: 5, podAffinityTerm: { topologyKey: "zone", namespaces: ["n"] } },
              ],
            },
            podAntiAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "host", labelSelector: {} }],
            },
          },
          volumes: [
            {
              name: "p",
              projected: {
                sources: [
                  { secret: { name: "s", optional: true } },
                  { configMap: { name: "c", items: [{ key: "k", path: "q", mode: 292 }] } },
                  { clusterTrustBundle: { name: "b", path: "b.pem", optional: true } },
                ],
              },
            },
          ],
        },
      },
      "fields of gates": {
        spec: {
          os: { name: "linux" },
          schedulingGroup: { podGroupName: "g" },
          restartPolicy: "Never",
          containers: [
            {
              name: "c",
              image: "i",
              restartPolicy: "Never",
              restartPolicyRules: [{ action: "Restart", exitCodes: { operator: "In", values: [42] } }],
              lifecycle: { stopSignal: "SIGTERM" },
              env: [
                {
                  name: "A",
                  valueFrom: { fileKeyRef: { volumeName: "v", path: "a.env", key: "k", optional: true } },
                },
              ],
            },
          ],
          volumes: [{ name: "v", emptyDir: {} }],
        },
      },
      windows: {
        spec: {
          os: { name: "windows" },
          securityContext: {
            windowsOptions: {
              gmsaCredentialSpecName: "g",
              gmsaCredentialSpec: "{}",
              runAsUserName: "u",
              hostProcess: false,
            },
          },
          containers: [
            {
              name: "c",
              image: "i",
              securityContext: { windowsOptions: { runAsUserName: "u", gmsaCredentialSpec: "{}" } },
            },
          ],
        },
      },
      "pod resources": {
        spec: {
          resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "2" } },
          hostUsers: false,
          containers: [{ name: "c", image: "i", resources: { requests: { cpu: "500m" } } }],
          resourceClaims: [{ name: "claim", resourceClaimName: "r" }],
        },
      },
    },
    change: { "/spec/containers/0/image": "changed:v2" },
    status: { status: runningPodStatus },
  }),
  ...crud({
    resource: "v1/podtemplates",
    kind: "PodTemplate",
    minimal: {
      template: { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "c", image: "i" }] } },
    },
    change: { "template.spec.terminationGracePeriodSeconds": 5 },
  }),
  ...crud({
    resource: "v1/replicationcontrollers",
    kind: "ReplicationController",
    minimal: {
      spec: {
        template: { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "c", image: "i" }] } },
      },
    },
    variants: {
      full: {
        spec: {
          replicas: 2,
          minReadySeconds: 3,
          selector: { a: "b" },
          template: {
            metadata: { labels: { a: "b", c: "d" }, annotations: { e: "f" } },
            spec: { containers: [{ name: "c", image: "i" }], restartPolicy: "Always" },
          },
        },
      },
    },
    change: { "spec.replicas": 5 },
    status: {
      "status.replicas": 3,
      "status.fullyLabeledReplicas": 3,
      "status.readyReplicas": 2,
      "status.availableReplicas": 1,
      "status.observedGeneration": 1,
      "status.conditions": [
        {
          type: "ReplicaFailure",
          status: "True",
          lastTransitionTime: "2020-01-01T00:00:00Z",
          reason: "R",
          message: "m",
        },
      ],
    },
    scale: true,
  }),
];
