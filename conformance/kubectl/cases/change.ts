import { session } from "../session.ts";

const deployment = (name: string, more = "") => `apiVersion: apps/v1
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

const configMap = (name: string, data: string) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  labels: {part: one}
data:
  ${data}
`;

export const cases = [
  session("apply: client side", async (k) => {
    k.file("d.yaml", deployment("d"));
    k.file("cm.yaml", configMap("cm", "a: b"));
    await k.run("apply -f d.yaml -f cm.yaml");
    await k.run("apply -f d.yaml -f cm.yaml");
    k.file("cm.yaml", configMap("cm", "c: d"));
    k.file("d.yaml", deployment("d", "      - name: e\n        image: side\n"));
    await k.run("diff -f d.yaml -f cm.yaml");
    await k.run("apply -f d.yaml -f cm.yaml --dry-run=server -o yaml");
    await k.run("apply -f d.yaml -f cm.yaml --dry-run=client");
    await k.run("apply -f d.yaml -f cm.yaml -o yaml");
    await k.run("diff -f d.yaml -f cm.yaml");
    await k.run("apply view-last-applied deployment/d");
    await k.run("create configmap made --from-literal=a=b");
    await k.run("apply -f -", { stdin: configMap("made", "x: y") });
    await k.run("apply set-last-applied -f cm.yaml");
    await k.run("apply -f -", {
      stdin: deployment("d").replace("app: d}}\n  template", "app: other}}\n  template"),
    });
    await k.run("apply -f -", { stdin: `${configMap("u", "a: b")}nonsense: 1\n` });
    await k.run("apply -f -", { stdin: configMap("u", "a: 5") });
    await k.run("apply --prune -l part=one -f cm.yaml --prune-allowlist=core/v1/ConfigMap");
    await k.run("get configmaps");
    await k.run("apply -f missing.yaml");
    await k.run("apply -f d.yaml --force --grace-period=0");
    await k.run("replace --force -f cm.yaml");
  }),
  session("apply: server side", async (k) => {
    k.file("cm.yaml", configMap("cm", "a: b"));
    await k.run("apply --server-side -f cm.yaml");
    await k.run("apply --server-side -f cm.yaml");
    k.file("cm.yaml", configMap("cm", "a: c"));
    await k.run("apply --server-side -f cm.yaml --field-manager=other");
    await k.run("apply --server-side -f cm.yaml --field-manager=other --force-conflicts");
    await k.run("diff --server-side -f cm.yaml");
    await k.run("apply --server-side -f cm.yaml --dry-run=server -o yaml --show-managed-fields");
    await k.run("apply -f -", { stdin: configMap("client", "a: b") });
    await k.run("apply --server-side -f -", { stdin: configMap("client", "a: c") });
    await k.run("get configmap client -o yaml --show-managed-fields");
    await k.run("apply --server-side -f -", { stdin: `${configMap("u", "a: b")}nonsense: 1\n` });
    await k.run("apply --server-side -f -", {
      stdin: deployment("d", "      - name: c\n        image: twice\n"),
    });
  }),
  session("apply: sets", async (k) => {
    const env = { KUBECTL_APPLYSET: "true" };
    k.file("one.yaml", configMap("one", "a: b"));
    k.file("two.yaml", configMap("two", "a: b"));
    await k.run("apply --prune --applyset=set -f one.yaml -f two.yaml", { env });
    await k.run("create secret generic set", { env });
    await k.run("apply --prune --applyset=set -f one.yaml -f two.yaml", { env });
    await k.run("apply --prune --applyset=set -f one.yaml", { env });
    await k.run("get secret set -o yaml", { env });
    await k.run("get configmaps", { env });
  }),
  session("edit", async (k) => {
    await k.run("create configmap cm --from-literal=a=b");
    k.file("editor.sh", '#!/bin/sh\nsed -i "s/a: b/a: c/" "$1"\n', 0o755);
    k.file(
      "breaker.sh",
      '#!/bin/sh\nif grep -q "^# .*invalid\\|^# reloading" "$1"; then exit 1; fi\nsed -i "s/name: cm/name: other/" "$1"\n',
      0o755,
    );
    k.file("nothing.sh", "#!/bin/sh\ntrue\n", 0o755);
    await k.run("edit configmap cm", { env: { EDITOR: "./nothing.sh" } });
    await k.run("edit configmap cm", { env: { EDITOR: "./editor.sh" } });
    await k.run("get configmap cm -o jsonpath={.data}");
    await k.run("edit configmap cm", { env: { EDITOR: "./breaker.sh" }, compare: "exit code" });
    await k.run("edit configmap missing", { env: { EDITOR: "./editor.sh" } });
  }),
  session("patch, replace, label, annotate", async (k) => {
    k.file("d.yaml", deployment("d"));
    await k.run("create -f d.yaml");
    const commands = [
      `patch deployment d -p '{"spec":{"replicas":2}}'`,
      `patch deployment d -p '{"spec":{"replicas":2}}'`,
      `patch deployment d --type=merge -p '{"spec":{"replicas":3}}'`,
      `patch deployment d --type=json -p '[{"op":"replace","path":"/spec/replicas","value":4}]'`,
      `patch deployment d --type=json -p '[{"op":"remove","path":"/spec/nothing"}]'`,
      `patch deployment d -p '{"spec":{"replicas":"x"}}'`,
      `patch deployment d -p '{"spec":{"nonsense":1}}'`,
      `patch deployment d -p 'broken'`,
      `patch deployment d --subresource=status --type=merge -p '{"status":{"replicas":4}}'`,
      `patch deployment d --subresource=scale --type=merge -p '{"spec":{"replicas":5}}'`,
      `patch deployment missing -p '{}'`,
      "label deployment d x=y",
      "label deployment d x=y",
      "label deployment d x=z",
      "label deployment d x=z --overwrite",
      "label deployment d x-",
      "label deployment d x-",
      "label deployment d 'bad key=1'",
      "label deployment d --list",
      "label pods --all a=b",
      "annotate deployment d note='a b'",
      "annotate deployment d note=c",
      "annotate deployment d note=c --overwrite --resource-version=1",
      "annotate deployment d note-",
      "annotate deployment d --list",
      "replace -f d.yaml",
      "replace -f missing.yaml",
      "scale deployment d --replicas=6",
      "scale deployment d --replicas=7 --current-replicas=1",
      "scale deployment missing --replicas=1",
      "scale deployment d --replicas=-1",
      "autoscale deployment d --min=1 --max=3 --cpu-percent=50",
      "autoscale deployment d --min=1 --max=3",
      "expose deployment d --port=80 --target-port=8080 --cluster-ip=10.0.0.14",
      "expose deployment d --port=80",
      "expose deployment missing --port=80",
      "set image deployment/d c=nginx:2",
      "set image deployment/d nothing=nginx:2",
      "set resources deployment d --limits=cpu=1 --requests=cpu=500m",
      "set env deployment/d A=b",
      "set env deployment/d --list",
      "set env deployment/d A-",
      "set serviceaccount deployment d robot",
      "set selector service d app=other",
      "set subject rolebinding none --user=x",
      "rollout pause deployment/d",
      "rollout resume deployment/d",
      "rollout restart deployment/d",
      "rollout history deployment/d",
      "rollout status deployment/d --watch=false",
      "rollout undo deployment/d",
      "get deployment d -o yaml",
    ];
    for (const command of commands) await k.run(command);
    await k.run("replace -f -", {
      stdin: deployment("d").replace("name: d\n", "name: d\n  resourceVersion: '1'\n"),
    });
    await k.run("replace -f -", { stdin: deployment("absent") });
  }),
  session("delete", async (k) => {
    await k.run("create configmap a --from-literal=a=b");
    await k.run("create configmap b --from-literal=a=b");
    await k.run("label configmap a which=a");
    const commands = [
      "delete configmap a --dry-run=server",
      "delete configmap a --dry-run=client",
      "delete configmap -l which=none",
      "delete configmap -l which=a",
      "delete configmap missing",
      "delete configmap missing --ignore-not-found",
      "delete configmap b --cascade=foreground --wait=false",
      `patch configmap b --type=merge -p '{"metadata":{"finalizers":null}}'`,
      "delete configmap --all",
      "run p --image=nginx",
      "delete pod p --grace-period=0 --force",
      "run q --image=nginx",
      "delete pod q --now",
      "run r --image=nginx",
      "delete pod/r pod/none",
      "create deployment d --image=nginx",
      "delete deployment d --cascade=orphan",
      "delete all --all",
      "delete nonsense x",
      "delete pods",
      "delete pods --field-selector=metadata.name=x",
      `delete --raw /api/v1/namespaces/${k.namespace}/configmaps/none`,
    ];
    for (const command of commands) await k.run(command);
  }),
  session("kustomize", async (k) => {
    k.file(
      "kustomization.yaml",
      "resources: [d.yaml]\nnamePrefix: pre-\nconfigMapGenerator:\n- name: gen\n  literals: [a=b]\n",
    );
    k.file("d.yaml", deployment("d"));
    await k.run("kustomize .");
    await k.run("apply -k .");
    await k.run("get -k .");
    await k.run("delete -k .");
  }),
];
