import { CLUSTERED, CLUSTERED_NAMES, configMap, event, NAMESPACED } from "../objects.ts";
import { session } from "../session.ts";

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

const OTHERS = `apiVersion: v1
kind: ReplicationController
metadata: {name: rc}
spec: {replicas: 1, selector: {app: rc}, template: {metadata: {labels: {app: rc}}, spec: {containers: [{name: c, image: i}]}}}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: rs}
spec: {selector: {matchLabels: {app: rs}}, template: {metadata: {labels: {app: rs}}, spec: {containers: [{name: c, image: i}]}}}
---
apiVersion: v1
kind: Endpoints
metadata: {name: ep}
subsets: [{addresses: [{ip: 1.2.3.4}], ports: [{name: http, port: 80}]}]
---
apiVersion: apps/v1
kind: ControllerRevision
metadata: {name: cr}
revision: 3
---
apiVersion: v1
kind: PodTemplate
metadata: {name: pt}
template: {spec: {containers: [{name: c, image: i}]}}
---
apiVersion: storage.k8s.io/v1
kind: CSIStorageCapacity
metadata: {name: csc}
storageClassName: s
capacity: 5Gi
---
apiVersion: resource.k8s.io/v1
kind: ResourceClaimTemplate
metadata: {name: rct}
spec: {spec: {devices: {requests: [{name: r, exactly: {deviceClassName: c}}]}}}
---
apiVersion: resource.k8s.io/v1
kind: ResourceClaim
metadata: {name: claim}
spec: {devices: {requests: [{name: r, exactly: {deviceClassName: c}}]}}
`;

const OTHER_NAMES = [
  "rc/rc",
  "rs/rs",
  "ep/ep",
  "controllerrevision/cr",
  "podtemplate/pt",
  "csistoragecapacity/csc",
];
OTHER_NAMES.push("resourceclaimtemplate/rct", "resourceclaim/claim");

export const cases = [
  session("get: every kind", async (k) => {
    k.file("all.yaml", NAMESPACED);
    await k.run("create -f all.yaml");
    await k.run("create -f -", { stdin: event(k.namespace, "e", "Warning", "p") });
    for (const kind of KINDS) await k.runAll([`get ${kind}`, `get ${kind} -o wide --show-labels`]);
    await k.run("create -f -", { stdin: OTHERS });
    for (const name of OTHER_NAMES) await k.runAll([`get ${name} -o wide`, `describe ${name}`]);
    await k.runAll([
      "get all",
      "get all -o name",
      "get pods,svc,nonsense",
      "get -f all.yaml",
      "get -f all.yaml -o name",
    ]);
  }),
  session("get and describe: without a namespace", async (k) => {
    await k.run("create -f -", { stdin: CLUSTERED });
    for (const name of CLUSTERED_NAMES)
      await k.runAll([`get ${name}`, `get ${name} -o wide`, `describe ${name}`]);
    await k.run("describe crd nothing");
    // No controller takes the protection of the volume away.
    await k.run(["patch", "pv/kubectl-pv", "--type=merge", "-p", '{"metadata":{"finalizers":null}}']);
    await k.run(["delete", ...CLUSTERED_NAMES]);
  }),
  session("get: outputs", async (k) => {
    k.file("all.yaml", NAMESPACED);
    await k.quietly("create -f all.yaml");
    k.file("path.txt", "{.metadata.name} {.spec.replicas}");
    k.file("template.txt", "{{.metadata.name}} {{range $k, $v := .metadata.labels}}{{$k}}={{$v}} {{end}}");
    k.file("columns.txt", "NAME LABELS\n.metadata.name .metadata.labels\n");
    const outputs = [
      "yaml",
      "json",
      "kyaml",
      "name",
      "wide",
      "jsonpath='{.metadata.name} {.spec.template.spec.containers[*].image}'",
      "jsonpath='{.metadata.nothing}'",
      "jsonpath='{broken'",
      "jsonpath-file=path.txt",
      "jsonpath-as-json='{.metadata.labels}'",
      "go-template='{{.metadata.name}} {{.spec.replicas}}'",
      "go-template='{{.metadata.nothing}}' --allow-missing-template-keys=false",
      "go-template-file=template.txt",
      "template --template='{{.kind}}'",
      "templatefile --template=template.txt",
      "custom-columns=NAME:.metadata.name,IMAGE:.spec.template.spec.containers[0].image",
      "custom-columns-file=columns.txt",
      "nonsense",
    ];
    for (const output of outputs) await k.run(`get deployment d -o ${output}`);
    await k.runAll([
      "get deployment d -o yaml --show-managed-fields",
      "get pods,svc -o yaml",
      "get pods,svc -o json",
      "get pods,svc,cm -o name",
      "get pods,svc -o wide",
      "get pods,deployments -o jsonpath='{range .items[*]}{.kind}/{.metadata.name}{end}'",
      "get pods -o custom-columns=N:.metadata.name --no-headers",
      "get events -o yaml",
    ]);
  }),
  session("get: choices", async (k) => {
    k.file("all.yaml", NAMESPACED);
    await k.quietly("create -f all.yaml");
    await k.runAll([
      "get pods -l app=web --no-headers",
      "get pods -l app!=web",
      "get pods -l 'app in (web'",
      "get pods -l 'app notin (db),tier'",
      "get pods --field-selector=metadata.name=p",
      "get pods --field-selector=status.phase!=Running,spec.nodeName=",
      "get pods --field-selector=nonsense=p",
      "get pods -L app,tier --sort-by=.metadata.name",
      "get pods --sort-by=.nonsense",
      "get pods --sort-by={",
      "get pods --show-kind",
      "get pod missing",
      "get pod p missing",
      "get pod missing --ignore-not-found",
      "get pod p -l app=web",
      "get",
      "get nonsense",
      "get pods/p/x",
      "get pods.v1. p",
      "get pods.v2. p",
      "get deployments.v1.apps d",
      "get deployments.v1beta1.apps d",
      "get deployments.extensions",
      "get po,deploy,cm -l app=web",
      "get deploy/d svc/s",
      "get deploy d --subresource=scale",
      "get deploy d --subresource=scale -o yaml",
      "get deploy d --subresource=status -o name",
      "get deploy d --subresource=nonsense",
      "get pod p --subresource=resize -o name",
      "get --raw /nothing",
      "get --raw /api",
      "get --raw /apis/apps",
      "get --raw nonsense",
      `get --raw /api/v1/namespaces/${k.namespace}/configmaps/missing`,
      `get --raw /api/v1/namespaces/${k.namespace}/configmaps?limit=1&fieldSelector=metadata.name=cm`,
      "get configmaps --chunk-size=1",
      "get configmaps --server-print=false",
      "get configmaps --server-print=false -o wide",
      "get pods -A --field-selector=metadata.name=p -l tier=front",
      "get namespaces default kube-system",
      "get namespace missing",
      "get componentstatuses scheduler",
    ]);
    await k.run("get --raw /version", { compare: "exit code" });
    await k.run("get componentstatuses", { compare: "exit code" });
  }),
  session("get: watch", async (k) => {
    await k.run("create configmap cm --from-literal=a=b");
    const change = async () => {
      await k.quietly("label configmap cm x=y");
      await k.quietly("delete configmap cm");
    };
    const create = () => k.quietly("create configmap cm --from-literal=a=b");
    const selected = "get configmaps --field-selector=metadata.name=cm";
    await k.run(`${selected} --watch --output-watch-events`, { endAfterLines: 4, meanwhile: change });
    await create();
    await k.run(`${selected} -w -o name`, { endAfterLines: 3, meanwhile: change });
    await create();
    await k.run(`${selected} -w -o yaml`, { endAfterLines: 1, compare: "exit code" });
    await k.run("get configmap missing -w");
    await k.run("get pods,configmaps -w");
  }),
  session("describe", async (k) => {
    k.file("all.yaml", NAMESPACED);
    await k.quietly("create -f all.yaml");
    await k.run("create -f -", { stdin: event(k.namespace, "e", "Warning", "p") });
    k.file("cm.yaml", configMap("cm", "a: b"));
    for (const kind of KINDS) await k.run(`describe ${kind}`);
    await k.runAll([
      "describe pod missing",
      "describe pod p --show-events=false",
      "describe pod p --chunk-size=1",
      "describe pods/p deploy/d",
      "describe cm c",
      "describe nonsense x",
      "describe namespace default",
      "describe priorityclass system-node-critical",
      "describe -f cm.yaml",
      "describe deploy -l app=web",
      "describe pods -l app=none",
    ]);
    await k.run("describe service kubernetes -n default", { compare: "exit code" });
  }),
];
