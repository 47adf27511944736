import { session } from "../session.ts";

const CRD = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gadgets.kubectl.example.com}
spec:
  group: kubectl.example.com
  scope: Namespaced
  names: {plural: gadgets, singular: gadget, kind: Gadget, shortNames: [gd], categories: [all]}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}}
    additionalPrinterColumns: [{name: Size, type: integer, jsonPath: .spec.size}]
    schema:
      openAPIV3Schema:
        description: A gadget.
        type: object
        required: [spec]
        properties:
          spec:
            description: What is wanted.
            type: object
            required: [size]
            properties:
              size: {type: integer, description: How large., minimum: 1}
              parts: {type: array, items: {type: object, properties: {name: {type: string}}}}
          status: {type: object, properties: {ready: {type: boolean}}}
`;

export const cases = [
  session("explain", async (k) => {
    const commands = [
      "explain pods",
      "explain pod.spec.containers",
      "explain pod.spec.containers.resources --recursive",
      "explain deployments --recursive",
      "explain deployments.spec.strategy.rollingUpdate.maxSurge",
      "explain cronjob.spec.schedule",
      "explain hpa --api-version=autoscaling/v1",
      "explain hpa --api-version=autoscaling/v2 --recursive",
      "explain pod.spec.nonsense",
      "explain nonsense",
      "explain service.spec.type",
      "explain secret.data",
      "explain nodes.status --recursive",
      "explain ingress.spec.rules.http.paths.pathType",
      "explain crd.spec.versions.schema --recursive",
      "explain configmap --output=plaintext-openapiv2",
    ];
    for (const command of commands) await k.run(command);
  }),
  session("custom resources", async (k) => {
    await k.run("apply -f -", { stdin: CRD });
    await k.run("wait --for=condition=Established crd/gadgets.kubectl.example.com --timeout=10s");
    await k.until("get --raw /openapi/v3", "kubectl.example.com");
    await k.until("api-resources --api-group=kubectl.example.com", "gadgets");
    const gadget = (size: string) =>
      `apiVersion: kubectl.example.com/v1\nkind: Gadget\nmetadata: {name: g}\nspec: {size: ${size}}\n`;
    await k.run("apply -f -", { stdin: gadget("3") });
    await k.run("apply -f -", { stdin: gadget("0") });
    await k.run("apply -f -", { stdin: gadget("x") });
    await k.run("apply -f -", { stdin: gadget("4\n, nonsense: 1") });
    await k.run("apply --server-side -f -", { stdin: gadget("5") });
    const commands = [
      "get gadgets",
      "get gd g -o yaml",
      "get all",
      "describe gadget g",
      "explain gadget --recursive",
      "explain gadget.spec.parts",
      "api-resources --api-group=kubectl.example.com",
      `patch gadget g --type=merge -p '{"spec":{"size":6}}'`,
      `patch gadget g -p '{"spec":{"size":6}}'`,
      `patch gadget g --subresource=status --type=merge -p '{"status":{"ready":true}}'`,
      "scale gadget g --replicas=2",
      "delete gadget g",
      "get crd gadgets.kubectl.example.com",
      "delete crd gadgets.kubectl.example.com",
      "get gadgets",
    ];
    for (const command of commands) await k.run(command);
  }),
  session("discovery", async (k) => {
    const commands = [
      "api-resources",
      "api-resources -o wide",
      "api-resources -o name",
      "api-resources --namespaced=false --sort-by=name",
      "api-resources --verbs=list,watch --categories=all",
      "api-versions",
      "cluster-info",
    ];
    for (const command of commands) await k.run(command);
    await k.run("version", { compare: "all" });
    await k.run("version -o json", { compare: "exit code" });
    await k.run("cluster-info dump", { compare: "exit code" });
  }),
  session("auth", async (k) => {
    k.file(
      "rbac.yaml",
      "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r}\nrules: [{apiGroups: [''], resources: [pods], verbs: [get]}]\n",
    );
    const commands = [
      "auth whoami",
      "auth whoami -o json",
      "auth can-i get pods",
      "auth can-i get pods --as=alice",
      "auth can-i create deployments.apps --subresource=scale",
      "auth can-i get /healthz",
      "auth can-i get nonsense",
      "auth can-i --list",
      "auth reconcile -f rbac.yaml",
      "auth reconcile -f rbac.yaml",
      "auth whoami --token=wrong",
      "auth whoami --as=carol --as-group=g --as-uid=5",
      "get pods --token=wrong",
      "config view",
      "config current-context",
      "config get-contexts",
      "certificate approve none",
      "certificate deny none",
    ];
    for (const command of commands) await k.run(command);
  }),
  session("wait and events", async (k) => {
    await k.run("create configmap cm --from-literal=a=b");
    await k.run("run p --image=nginx");
    const commands = [
      "wait --for=jsonpath={.data.a}=b configmap/cm --timeout=5s",
      "wait --for=jsonpath={.data.a}=c configmap/cm --timeout=1s",
      "wait --for=condition=Ready pod/p --timeout=1s",
      "wait --for=delete pod/none --timeout=1s",
      "wait --for=create pod/p --timeout=1s",
      "wait --for=condition=Ready pod/none --timeout=1s",
      "events",
      "events --for=pod/p",
      "get events --sort-by=.lastTimestamp",
      "logs p",
      "logs missing",
      "exec p -- ls",
      "attach p",
      "port-forward pod/p 0:80",
      "cp p:/x ./x",
      "top pods",
      "top nodes",
      "drain none",
      "cordon none",
      "taint nodes none a=b:NoSchedule",
      "debug p --image=busybox --attach=false -c dbg",
      "get pod p -o yaml",
    ];
    for (const command of commands)
      await k.run(command, { compare: command.startsWith("cp ") ? "exit code" : "all" });
  }),
  session("proxy", async (k) => {
    await k.run("create configmap cm --from-literal=a=b");
    await k.proxied([
      "/healthz",
      `/api/v1/namespaces/${k.namespace}/configmaps`,
      "/nothing",
      "/api/v1/pods?limit=x",
    ]);
  }),
  session("nodes", async (k) => {
    await k.run("create -f -", {
      stdin: "apiVersion: v1\nkind: Node\nmetadata: {name: kubectl-node, labels: {a: b}}\n",
    });
    const commands = [
      "get nodes kubectl-node",
      "get nodes kubectl-node -o wide",
      "describe node kubectl-node",
      "cordon kubectl-node",
      "cordon kubectl-node",
      "uncordon kubectl-node",
      "taint nodes kubectl-node k=v:NoSchedule",
      "taint nodes kubectl-node k=v:NoSchedule",
      "taint nodes kubectl-node k=w:NoSchedule --overwrite",
      "taint nodes kubectl-node k-",
      "taint nodes kubectl-node bad",
      "drain kubectl-node --ignore-daemonsets --force",
      "get node kubectl-node -o yaml",
      "delete node kubectl-node",
    ];
    for (const command of commands) await k.run(command);
  }),
];
