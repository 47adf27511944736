/** Objects that several cases work with, as YAML. */

import { CERTIFICATE_REQUEST } from "../differential/csr.ts";

/** more: lines of the list of containers. */
export const deployment = (name: string, more = ""): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels: {app: ${name}}
spec:
  replicas: 1
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
      - name: c
        image: nginx:1
${more}`;

export const configMap = (name: string, data: string): string => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  labels: {part: one}
data:
  ${data}
`;

/** An event about a pod of a namespace, long ago. */
export const event = (namespace: string, name: string, type: string, pod: string): string => `apiVersion: v1
kind: Event
metadata: {name: ${name}}
involvedObject: {apiVersion: v1, kind: Pod, name: ${pod}, namespace: ${namespace}}
reason: Tried
message: It was tried by ${name}.
type: ${type}
count: 2
source: {component: tester}
firstTimestamp: "2020-01-01T00:00:00Z"
lastTimestamp: "2020-01-02T00:00:00Z"
`;

/** One object of each kind that people keep in a namespace. */
export const NAMESPACED = `apiVersion: v1
kind: Pod
metadata: {name: p, labels: {app: web, tier: front}}
spec: {containers: [{name: c, image: nginx, ports: [{containerPort: 80}], resources: {requests: {cpu: 100m}}}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: d, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: nginx}]}}
---
apiVersion: v1
kind: Service
metadata: {name: s, labels: {app: web}}
spec: {clusterIP: 10.0.0.15, selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: cm, annotations: {note: hello}}
data: {a: b}
---
apiVersion: v1
kind: Secret
metadata: {name: sec}
stringData: {password: x}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: cj}
spec:
  schedule: "0 0 * * *"
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: hpa}
spec:
  maxReplicas: 5
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: d}
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ing}
spec: {rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: np}
spec: {podSelector: {}, policyTypes: [Ingress]}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: pvc}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: quota}
spec: {hard: {pods: "5"}}
---
apiVersion: v1
kind: LimitRange
metadata: {name: limits}
spec: {limits: [{type: Container, default: {cpu: 1}, defaultRequest: {cpu: 100m}}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: role}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: sa}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: pdb}
spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: sts}
spec:
  serviceName: s
  selector: {matchLabels: {app: db}}
  template: {metadata: {labels: {app: db}}, spec: {containers: [{name: c, image: db}]}}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: ds}
spec:
  selector: {matchLabels: {app: agent}}
  template: {metadata: {labels: {app: agent}}, spec: {containers: [{name: c, image: agent}]}}
---
apiVersion: batch/v1
kind: Job
metadata: {name: job}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}
---
apiVersion: coordination.k8s.io/v1
kind: Lease
metadata: {name: lease}
spec: {holderIdentity: me}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: slice, labels: {kubernetes.io/service-name: s}}
addressType: IPv4
endpoints: [{addresses: ["1.2.3.4"]}]
ports: [{name: http, port: 80, protocol: TCP}]
`;

/** One object of each kind without a namespace, of a name that no other case uses. */
export const CLUSTERED = `apiVersion: v1
kind: Node
metadata: {name: kubectl-n, labels: {kubernetes.io/os: linux}}
spec: {taints: [{key: a, value: b, effect: NoSchedule}]}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: kubectl-pv}
spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /tmp}}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: kubectl-sc, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
provisioner: example.com/disk
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: kubectl-ic}
spec: {controller: example.com/controller}
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: kubectl-pc}
value: 7
description: Seven.
---
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {name: kubectl-rc}
handler: other
---
apiVersion: storage.k8s.io/v1
kind: CSIDriver
metadata: {name: kubectl.example.com}
spec: {attachRequired: false}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: kubectl-cr}
rules: [{apiGroups: [""], resources: [pods], verbs: [get, list]}, {nonResourceURLs: [/healthz], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: kubectl-crb}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: kubectl-cr}
subjects: [{kind: ServiceAccount, name: sa, namespace: default}, {apiGroup: rbac.authorization.k8s.io, kind: User, name: u}]
---
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: {name: kubectl-csr}
spec: {signerName: example.com/signer, usages: [digital signature], request: ${CERTIFICATE_REQUEST}}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: kubectl-vwc}
webhooks: [{name: a.example.com, sideEffects: None, admissionReviewVersions: [v1], clientConfig: {url: "https://example.com"}}]
---
apiVersion: flowcontrol.apiserver.k8s.io/v1
kind: FlowSchema
metadata: {name: kubectl-fs}
spec: {matchingPrecedence: 9000, priorityLevelConfiguration: {name: catch-all}}
`;

/** Resource and name of the objects of CLUSTERED. */
export const CLUSTERED_NAMES: readonly string[] = [
  "node/kubectl-n",
  "pv/kubectl-pv",
  "sc/kubectl-sc",
  "ingressclass/kubectl-ic",
  "pc/kubectl-pc",
  "runtimeclass/kubectl-rc",
  "csidriver/kubectl.example.com",
  "clusterrole/kubectl-cr",
  "clusterrolebinding/kubectl-crb",
  "csr/kubectl-csr",
  "validatingwebhookconfiguration/kubectl-vwc",
  "flowschema/kubectl-fs",
];
