import { session } from "../session.ts";

export const cases = [
  session("create: generators", async (k) => {
    k.file("data/one.txt", "first\n");
    k.file("data/two.txt", "second\n");
    k.file("env.list", "A=1\nB=two\n");
    const commands = [
      "create configmap lit --from-literal=a=b --from-literal=c='d e'",
      "create configmap files --from-file=data --from-file=key=data/one.txt",
      "create configmap envs --from-env-file=env.list",
      "create configmap lit --from-literal=a=b",
      "create configmap Bad_Name",
      "create secret generic s --from-literal=password=x",
      "create secret docker-registry d --docker-server=example.com --docker-username=u --docker-password=p --docker-email=e@example.com",
      "create secret tls t --cert=none --key=none",
      "create deployment web --image=nginx --replicas=2 --port=80",
      "create deployment web --image=nginx",
      "create deployment two --image=a --image=b -- sleep 5",
      "create job j --image=busybox -- date",
      "create cronjob c --image=busybox --schedule='*/5 * * * *' -- date",
      "create cronjob bad --image=busybox --schedule='never'",
      "create job from --from=cronjob/c",
      "create service clusterip cip --tcp=80:8080",
      "create service clusterip headless --clusterip=None",
      "create service nodeport np --tcp=80:8080 --node-port=30050",
      "create service loadbalancer lb --tcp=80:8080",
      "create service externalname en --external-name=example.com",
      "create serviceaccount robot",
      "create role reader --verb=get,list --resource=pods,deployments.apps --resource-name=x",
      "create role bad --verb=fly --resource=pods",
      "create rolebinding rb --role=reader --user=u --group=g --serviceaccount=ns:sa",
      "create clusterrole cr-gen --verb=get --non-resource-url=/healthz",
      "create clusterrolebinding crb-gen --clusterrole=cr-gen --user=u",
      "create quota q --hard=pods=2,services=1 --scopes=BestEffort",
      "create poddisruptionbudget pdb --selector=app=web --min-available=50%",
      "create priorityclass pc-gen --value=100 --description=d --preemption-policy=Never",
      "create ingress ing --rule=example.com/path*=svc:80,tls=secret --class=nginx",
      "create token robot",
      "create token missing",
      "create namespace gen-ns",
      "create namespace gen-ns",
      "get all",
      "get configmaps,secrets,serviceaccounts,roles,rolebindings,quota,pdb,ingress",
      "create configmap dry --from-literal=a=b --dry-run=client -o yaml",
      "create configmap dry --from-literal=a=b --dry-run=server -o yaml",
      "create configmap out --from-literal=a=b -o name",
      "create configmap out2 --from-literal=a=b -o json",
      "create configmap out3 --from-literal=a=b --save-config -o yaml",
      "create configmap val --from-literal=a=b --validate=strict",
      "run one --image=nginx --port=80 --env=A=b --labels=x=y",
      "run one --image=nginx",
      "run dry --image=nginx --dry-run=server -o yaml",
      "run bad --image=''",
    ];
    for (const command of commands) {
      await k.run(command, { compare: command.startsWith("create token robot") ? "exit code" : "all" });
    }
  }),
  session("create: from files", async (k) => {
    k.file(
      "a.yaml",
      "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: b\n",
    );
    k.file("unknown.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: u\nnonsense: 1\n");
    k.file("kind.yaml", "apiVersion: example.com/v1\nkind: Widget\nmetadata:\n  name: w\n");
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
      "a.yaml",
      "a.yaml",
      "unknown.yaml",
      "kind.yaml",
      "list.json",
      "generated.yaml",
      "invalid.yaml",
      "types.yaml",
      "broken.yaml",
      "none.yaml",
    ]) {
      await k.run(`create -f ${file}`, { compare: file === "generated.yaml" ? "exit code" : "all" });
    }
    await k.run("create -f unknown.yaml --validate=warn");
    await k.run("create -f unknown.yaml --validate=ignore");
    await k.run("create -f unknown.yaml --validate=false --dry-run=server");
    await k.run("create -f types.yaml --validate=false");
    await k.run("create -f -", {
      stdin:
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: stdin\nspec:\n  containers:\n  - name: c\n    image: i\n    imagePullPolic: Never\n",
    });
    await k.run("create --raw /api/v1/namespaces -f broken.yaml");
    await k.run("get -f a.yaml");
    await k.run("delete -f a.yaml");
    await k.run("delete -f a.yaml --ignore-not-found");
  }),
];
