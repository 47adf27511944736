import { type Session, session } from "../session.ts";

async function fill(k: Session): Promise<void> {
  k.file(
    "all.yaml",
    `apiVersion: v1
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
`,
  );
  await k.run("create -f all.yaml");
}

const KINDS = [
  "pods",
  "deployments",
  "services",
  "configmaps",
  "secrets",
  "cronjobs",
  "hpa",
  "ingress",
  "networkpolicies",
  "pvc",
  "quota",
  "limits",
  "roles",
  "serviceaccounts",
  "pdb",
  "statefulsets",
  "daemonsets",
  "jobs",
  "leases",
  "endpointslices",
  "events",
  "endpoints",
  "replicasets",
];

export const cases = [
  session("get: every kind", async (k) => {
    await fill(k);
    for (const kind of KINDS) {
      await k.run(`get ${kind}`);
      await k.run(`get ${kind} -o wide --show-labels`);
    }
    await k.run("get all");
    await k.run("get all -o name");
  }),
  session("get: outputs", async (k) => {
    await fill(k);
    const outputs = [
      "yaml",
      "json",
      "name",
      "wide",
      "jsonpath='{.metadata.name} {.spec.template.spec.containers[*].image}'",
      "jsonpath-as-json='{.metadata.labels}'",
      "go-template='{{.metadata.name}} {{.spec.replicas}}'",
      "custom-columns=NAME:.metadata.name,IMAGE:.spec.template.spec.containers[0].image",
      "nonsense",
    ];
    for (const output of outputs) await k.run(`get deployment d -o ${output}`);
    await k.run("get deployment d -o yaml --show-managed-fields");
    await k.run("get pods,svc -o yaml");
    await k.run("get pods -l app=web --no-headers");
    await k.run("get pods -l app!=web");
    await k.run("get pods -l 'app in (web'");
    await k.run("get pods --field-selector=metadata.name=p");
    await k.run("get pods --field-selector=nonsense=p");
    await k.run("get pods -L app,tier --sort-by=.metadata.name");
    await k.run("get pods --show-kind");
    await k.run("get pod missing");
    await k.run("get pod missing --ignore-not-found");
    await k.run("get nonsense");
    await k.run("get pods.v1. p");
    await k.run("get deployments.v1.apps d");
    await k.run("get deploy/d svc/s");
    await k.run("get deploy d --subresource=scale");
    await k.run("get deploy d --subresource=status -o name");
    await k.run("get deploy d --subresource=nonsense");
    await k.run("get --raw /version", { compare: "exit code" });
    await k.run("get --raw /nothing");
    await k.run(`get --raw /api/v1/namespaces/${k.namespace}/configmaps/missing`);
    await k.run("get configmaps --chunk-size=1");
    await k.run("get configmaps --server-print=false");
    await k.run("get pods -A --field-selector=metadata.name=p");
    await k.run("get namespaces default kube-system");
    await k.run("get pods -w", { interruptAfter: 1500 });
    await k.run("get pods --watch-only --output-watch-events", { interruptAfter: 1500 });
    await k.run("get componentstatuses", { compare: "exit code" });
  }),
  session("describe", async (k) => {
    await fill(k);
    for (const kind of KINDS) await k.run(`describe ${kind}`);
    await k.run("describe pod missing");
    await k.run("describe pod p --show-events=false");
    await k.run("describe namespace default");
    await k.run("describe service kubernetes -n default", { compare: "exit code" });
    await k.run("describe priorityclass system-node-critical");
    await k.run("describe -f all.yaml");
    await k.run("describe deploy -l app=web");
  }),
];
