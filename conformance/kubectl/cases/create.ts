import { type Session, session } from "../session.ts";

/** What the generators read. */
function putFiles(k: Session): void {
  k.file("data/one.txt", "first\n");
  k.file("data/two.txt", "second\n");
  k.file("env.list", "A=1\nB=two\n");
  k.file("broken.list", "=1\n");
}

/** Commands that make one object, without "create" in front. */
const GENERATORS: readonly string[] = [
  "configmap lit --from-literal=a=b --from-literal=c='d e'",
  "configmap files --from-file=data --from-file=key=data/one.txt",
  "configmap envs --from-env-file=env.list",
  "configmap hashed --from-literal=a=b --append-hash",
  "secret generic s --from-literal=password=x --type=example.com/mine",
  "secret generic sf --from-file=data --append-hash",
  "secret docker-registry d --docker-server=example.com --docker-username=u --docker-password=p --docker-email=e@example.com",
  "deployment web --image=nginx --replicas=2 --port=80",
  "deployment two --image=a --image=b",
  "deployment command --image=a -- sleep 5",
  "job j --image=busybox -- date",
  "cronjob c --image=busybox --schedule='*/5 * * * *' --restart=Never -- date",
  "service clusterip cip --tcp=80:8080 --tcp=90",
  "service clusterip headless --clusterip=None",
  "service nodeport np --tcp=80:8080 --node-port=30050",
  "service loadbalancer lb --tcp=80:8080",
  "service externalname en --external-name=example.com",
  "serviceaccount robot",
  "role reader --verb=get,list --resource=pods,deployments.apps,pods/log --resource-name=x",
  "rolebinding rb --role=reader --user=u --group=g --serviceaccount=ns:sa",
  "rolebinding rbc --clusterrole=view --group=g",
  "clusterrole kubectl-gen-a --verb=get --non-resource-url=/healthz",
  "clusterrole kubectl-gen-b --verb=get --resource=nodes",
  "clusterrole kubectl-gen-c --aggregation-rule='a=b,c=d'",
  "clusterrolebinding kubectl-gen --clusterrole=kubectl-gen-a --user=u",
  "quota q --hard=pods=2,services=1 --scopes=BestEffort",
  "poddisruptionbudget pdb --selector=app=web --min-available=50%",
  "pdb pdb2 --selector=app=web --max-unavailable=1",
  "priorityclass kubectl-gen --value=100 --description=d --preemption-policy=Never",
  "ingress ing --rule=example.com/path*=svc:80,tls=secret --class=nginx --annotation=a=b",
  "ingress ing2 --default-backend=svc:http --rule=example.com/=svc:80",
  "namespace kubectl-gen",
];

export const cases = [
  session("create: generators", async (k) => {
    putFiles(k);
    for (const generator of GENERATORS) await k.run(`create ${generator}`);
    await k.runAll([
      "create configmap lit --from-literal=a=b",
      "create deployment web --image=nginx",
      "create namespace kubectl-gen",
      "create job from --from=cronjob/c",
      "create job from2 --from=cronjob/missing",
      "get all",
      "get configmaps,secrets,serviceaccounts,roles,rolebindings,quota,pdb,ingress",
      "delete clusterrole kubectl-gen-a kubectl-gen-b kubectl-gen-c",
      "delete clusterrolebinding/kubectl-gen priorityclass/kubectl-gen namespace/kubectl-gen --wait=false",
    ]);
  }),
  session("create: generators that are refused", async (k) => {
    putFiles(k);
    await k.runAll([
      "create configmap Bad_Name",
      "create configmap c --from-env-file=broken.list",
      "create configmap c --from-file=missing",
      "create configmap c --from-literal=broken",
      "create secret tls t --cert=none --key=none",
      "create secret docker-registry d --docker-username=u",
      "create deployment two --image=a --image=b -- sleep 5",
      "create deployment none",
      "create deployment web --image=nginx --replicas=-1",
      "create cronjob bad --image=busybox --schedule='never'",
      "create cronjob bad --image=busybox --schedule='* * * * *' --restart=Always",
      "create service nodeport np --tcp=80:8080 --node-port=5",
      "create service nodeport np --tcp=80000:8080",
      "create service clusterip cip --tcp=80 --clusterip=1.2.3.4",
      "create service externalname en --external-name=Bad_Name",
      "create role bad --verb=fly --resource=pods",
      "create role bad --verb=get --resource=nonsense",
      "create rolebinding rb --user=u",
      "create quota q --hard=nonsense=x",
      "create quota q --hard=pods=2 --scopes=Nonsense",
      "create poddisruptionbudget pdb --selector=app=web --min-available=x",
      "create priorityclass system-mine --value=1",
      "create priorityclass pc --value=1 --preemption-policy=Sometimes",
      "create ingress ing --rule=broken",
      "create ingress ing --rule=Bad_Host/=svc:80",
      "create namespace Bad_Name",
      "create serviceaccount robot --dry-run=sometimes",
      "create nonsense",
      "run bad --image=''",
      "run bad --image=nginx --restart=Sometimes",
      "run Bad_Name --image=nginx",
    ]);
  }),
  session("create: dry runs on the client", async (k) => {
    putFiles(k);
    for (const generator of GENERATORS) await k.run(`create --dry-run=client -o yaml ${generator}`);
  }),
  session("create: dry runs on the server", async (k) => {
    putFiles(k);
    for (const generator of GENERATORS) await k.run(`create --dry-run=server -o yaml ${generator}`);
    await k.run("get all,configmaps,secrets");
  }),
  session("create: outputs", async (k) => {
    await k.runAll([
      "create configmap out -o name",
      "create configmap out2 --from-literal=a=b -o json",
      "create configmap out3 --from-literal=a=b --save-config -o yaml",
      "create configmap out4 -o jsonpath={.metadata.name}",
      "create configmap out5 -o yaml --show-managed-fields --field-manager=me",
      "create configmap val --from-literal=a=b --validate=strict",
      "run one --image=nginx --port=80 --env=A=b --labels=x=y --annotations=n=o",
      "run one --image=nginx",
      "run dry --image=nginx --dry-run=server -o yaml",
      "run dry --image=nginx --dry-run=client -o yaml --restart=OnFailure --command -- sleep 5",
      "run exposed --image=nginx --port=80 --expose --dry-run=client -o yaml",
      `run over --image=nginx --overrides='{"spec":{"hostNetwork":true}}' -o jsonpath={.spec.hostNetwork}`,
    ]);
  }),
  session("create: tokens", async (k) => {
    await k.run("create serviceaccount robot");
    await k.run("create token robot", { compare: "exit code" });
    await k.run("create token robot --duration=1h --audience=me", { compare: "exit code" });
    await k.runAll([
      "create token missing",
      "create token robot --duration=1s",
      "create token robot --bound-object-kind=Secret --bound-object-name=none",
    ]);
  }),
  session("create: from files", async (k) => {
    k.file(
      "a.yaml",
      "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: b\n",
    );
    k.file("folder/x.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n");
    k.file("folder/below/y.json", '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"y"}}');
    k.file("folder/note.txt", "not read");
    k.file("unknown.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: u\nnonsense: 1\n");
    k.file("twice.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: u\n  name: v\n");
    k.file("kind.yaml", "apiVersion: example.com/v1\nkind: Widget\nmetadata:\n  name: w\n");
    k.file("version.yaml", "apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata:\n  name: w\n");
    k.file("nokind.yaml", "apiVersion: v1\nmetadata:\n  name: w\n");
    k.file("elsewhere.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: e\n  namespace: default\n");
    k.file("noname.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n");
    k.file("empty.yaml", "");
    k.file(
      "list.json",
      '{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"}}]}',
    );
    k.file("generated.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  generateName: g-\n");
    k.file("invalid.yaml", "apiVersion: v1\nkind: Service\nmetadata:\n  name: s\nspec:\n  ports: []\n");
    k.file(
      "types.yaml",
      "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: d\nspec:\n  replicas: many\n",
    );
    k.file("broken.yaml", "apiVersion: v1\n kind: ConfigMap\n");
    for (const file of [
      "a",
      "a",
      "unknown",
      "twice",
      "kind",
      "version",
      "nokind",
      "elsewhere",
      "noname",
      "empty",
    ]) {
      await k.run(`create -f ${file}.yaml`);
    }
    await k.run("create -f generated.yaml", { compare: "exit code" });
    await k.runAll([
      "create -f list.json",
      "create -f invalid.yaml",
      "create -f types.yaml",
      "create -f broken.yaml",
      "create -f none.yaml",
      "create -f folder",
      "create -f folder -R",
      "create -f a.yaml -f list.json --dry-run=server",
      "create -f unknown.yaml --validate=warn",
      "create -f unknown.yaml --validate=ignore",
      "create -f unknown.yaml --validate=false --dry-run=server",
      "create -f twice.yaml --validate=warn",
      "create -f types.yaml --validate=false",
      "create --raw /api/v1/namespaces -f broken.yaml",
      `create --raw /api/v1/namespaces/${k.namespace}/configmaps -f a.yaml`,
      "get -f a.yaml",
      "get -f folder -R -o name",
      "delete -f a.yaml",
      "delete -f a.yaml --ignore-not-found",
    ]);
    k.file("editor.sh", '#!/bin/sh\nsed -i "s/name: a/name: edited/" "$1"\n', 0o755);
    await k.run("create -f folder/x.yaml --edit", { env: { EDITOR: "./editor.sh" } });
  }),
  session("create: objects that are refused", async (k) => {
    const refused = [
      "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - {name: c, image: i, imagePullPolic: Never}\n",
      "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers: []\n",
      "apiVersion: v1\nkind: Pod\nmetadata: {name: P}\nspec:\n  restartPolicy: Sometimes\n  containers:\n  - {name: C, image: ' '}\n",
      "apiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {a: ' '}}\nspec: {containers: [{name: c, image: i}, {name: c, image: i}]}\n",
      "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: i, resources: {requests: {cpu: 2}, limits: {cpu: 1}}}]}\n",
      "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: i, resources: {requests: {cpu: lots}}}]}\n",
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec:\n  selector: {matchLabels: {a: b}}\n  template: {metadata: {labels: {a: c}}, spec: {containers: [{name: c, image: i}]}}\n",
      "apiVersion: v1\nkind: Service\nmetadata: {name: 1s}\nspec: {type: Other, ports: [{port: 0, protocol: X}]}\n",
      "apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec: {template: {spec: {containers: [{name: c, image: i}]}}}\n",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {'a/b': c}\nbinaryData: {x: '!'}\n",
      "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ntype: kubernetes.io/tls\n",
      "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: c}\nspec: {accessModes: [Some]}\n",
      "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i}\nspec: {rules: [{http: {paths: [{path: x}]}}]}\n",
      "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r}\nrules: [{verbs: [get]}]\n",
      "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: h}\nspec: {minReplicas: 3, maxReplicas: 2}\n",
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: a.b}\n",
      "apiVersion: v1\nkind: Pod\nmetadata: {name: 5}\nspec: x\n",
    ];
    for (const stdin of refused) {
      await k.run("create -f -", { stdin });
      await k.run("apply -f -", { stdin });
      await k.run("apply --server-side -f -", { stdin });
    }
  }),
];
