import { configMap, deployment } from "../objects.ts";
import { session } from "../session.ts";

const editor = (script: string) => `#!/bin/sh\n${script}\n`;

export const cases = [
  session("edit", async (k) => {
    await k.run("create configmap cm --from-literal=a=b");
    k.file("nothing.sh", editor("true"), 0o755);
    k.file("fail.sh", editor("exit 3"), 0o755);
    k.file("change.sh", editor('sed -i "s/a: b/a: c/" "$1"'), 0o755);
    k.file("json.sh", editor('sed -i \'s/"a": "c"/"a": "d"/\' "$1"'), 0o755);
    k.file(
      "rename.sh",
      editor(
        'if grep -q "^# .*invalid\\|^# reloading" "$1"; then exit 1; fi\nsed -i "s/name: cm/name: other/" "$1"',
      ),
      0o755,
    );
    k.file(
      "number.sh",
      editor('if grep -q "^# configmaps" "$1"; then exit 1; fi\nsed -i "s/a: d/a: 5/" "$1"'),
      0o755,
    );
    k.file(
      "unknown.sh",
      editor('if grep -q "^# configmaps" "$1"; then exit 1; fi\necho "nonsense: 1" >> "$1"'),
      0o755,
    );
    k.file("empty.sh", editor(': > "$1"'), 0o755);
    k.file("show.sh", editor('cat "$1"'), 0o755);
    k.file(
      "replicas.sh",
      editor('sed -i "s/  replicas: 0/  replicas: 2/; s/^  replicas: 1/  replicas: 4/" "$1"'),
      0o755,
    );
    const edit = (command: string, name: string) =>
      k.run(`edit ${command}`, { env: { EDITOR: `./${name}.sh` } });
    await edit("configmap cm", "nothing");
    await edit("configmap cm", "fail");
    await edit("configmap cm", "show");
    await edit("configmap cm --output-patch", "change");
    await edit("configmap cm -o json", "json");
    await edit("configmap cm", "rename");
    await edit("configmap cm", "number");
    await edit("configmap cm", "unknown");
    await edit("configmap cm", "empty");
    await edit("configmap missing", "change");
    await k.run("get configmap cm -o yaml --show-managed-fields");
    await k.run("apply -f -", { stdin: deployment("d") });
    await edit("deployment d --subresource=status", "show");
    await edit("deployment d --save-config", "replicas");
    await edit("deployment/d configmap/cm", "nothing");
    await k.run("get deployment d -o jsonpath={.spec.replicas}");
  }),
  session("patch", async (k) => {
    k.file("d.yaml", deployment("d"));
    k.file("patch.yaml", "spec: {replicas: 6}\n");
    await k.run("create -f d.yaml");
    await k.runAll([
      `patch deployment d -p '{"spec":{"replicas":2}}'`,
      `patch deployment d -p '{"spec":{"replicas":2}}'`,
      `patch deployment d --type=merge -p '{"spec":{"replicas":3}}'`,
      `patch deployment d --type=json -p '[{"op":"replace","path":"/spec/replicas","value":4}]'`,
      `patch deployment d --type=json -p '[{"op":"remove","path":"/spec/nothing"}]'`,
      `patch deployment d --type=json -p '[{"op":"test","path":"/spec/replicas","value":9}]'`,
      `patch deployment d --type=json -p '{}'`,
      `patch deployment d --type=other -p '{}'`,
      "patch deployment d -p 'spec: {replicas: 5}'",
      "patch deployment d --patch-file=patch.yaml",
      `patch -f d.yaml -p '{"metadata":{"labels":{"a":"b"}}}' -o jsonpath={.metadata.labels}`,
      `patch deployment d -p '{"spec":{"replicas":9}}' --dry-run=server -o jsonpath={.spec.replicas}`,
      `patch deployment d -p '{"spec":{"replicas":9}}' --dry-run=client -o jsonpath={.spec.replicas}`,
      `patch -f d.yaml --local -p '{"spec":{"replicas":9}}' -o yaml`,
      `patch deployment d -p '{"spec":{"template":{"spec":{"containers":[{"name":"c","image":"x"},{"name":"e","image":"y"}]}}}}'`,
      `patch deployment d -p '{"spec":{"template":{"spec":{"containers":[{"name":"e","$patch":"delete"}]}}}}'`,
      `patch deployment d -p '{"spec":{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}}'`,
      `patch deployment d -p '{"spec":{"replicas":"x"}}'`,
      `patch deployment d -p '{"spec":{"nonsense":1}}'`,
      `patch deployment d -p '{"spec":{"selector":{"matchLabels":{"x":"y"}}}}'`,
      `patch deployment d -p '{"metadata":{"name":"other"}}'`,
      `patch deployment d -p '{"metadata":{"resourceVersion":"1"}}'`,
      "patch deployment d -p 'broken'",
      "patch deployment d",
      `patch deployment d --subresource=status --type=merge -p '{"status":{"replicas":4}}'`,
      `patch deployment d --subresource=scale --type=merge -p '{"spec":{"replicas":5}}'`,
      `patch deployment d --subresource=scale --type=merge -p '{"spec":{"replicas":-5}}'`,
      `patch deployment d --subresource=nonsense --type=merge -p '{}'`,
      "patch deployment missing -p '{}'",
      "get deployment d -o yaml --show-managed-fields",
    ]);
  }),
  session("replace", async (k) => {
    k.file("d.yaml", deployment("d"));
    k.file("cm.yaml", configMap("cm", "a: b"));
    await k.run("create -f d.yaml -f cm.yaml --save-config");
    await k.runAll([
      "replace -f d.yaml",
      "replace -f d.yaml --dry-run=server -o name",
      "replace -f d.yaml --dry-run=client",
      "replace -f d.yaml --subresource=status",
      "replace -f cm.yaml --save-config -o yaml",
      "replace -f missing.yaml",
      "replace --force -f cm.yaml",
      "replace --force --grace-period=0 --cascade=background -f cm.yaml",
      `replace --raw /api/v1/namespaces/${k.namespace}/configmaps/none -f cm.yaml`,
      "replace",
    ]);
    const stale = deployment("d").replace("name: d\n", "name: d\n  resourceVersion: '1'\n");
    await k.run("replace -f -", { stdin: stale });
    await k.run("replace -f -", { stdin: deployment("d").replace("name: d\n", "name: d\n  uid: other\n") });
    await k.run("replace -f -", { stdin: deployment("absent") });
    await k.run("replace -f -", { stdin: deployment("d").replaceAll("app: d", "app: e") });
    await k.run("replace -f -", { stdin: `${configMap("cm", "a: b")}nonsense: 1\n` });
    await k.run("replace --force -f -", { stdin: configMap("new", "a: b") });
  }),
  session("label and annotate", async (k) => {
    k.file("cm.yaml", configMap("cm", "a: b"));
    await k.run("create -f cm.yaml");
    await k.run("create configmap other");
    await k.runAll([
      "label configmap cm x=y",
      "label configmap cm x=y",
      "label configmap cm x=z",
      "label configmap cm x=z --overwrite",
      "label configmap cm x=w --overwrite --dry-run=server -o yaml",
      "label configmap cm x=w --overwrite --dry-run=client",
      "label -f cm.yaml --local a=b -o yaml",
      "label configmaps -l part=one c=d",
      "label configmaps --field-selector=metadata.name=other e=f",
      "label configmaps --all all=yes",
      "label configmap cm x-",
      "label configmap cm x-",
      "label configmap cm g=h i- --field-manager=me",
      "label configmap cm 'bad key=1'",
      "label configmap cm a='bad value'",
      "label configmap cm a=b a-",
      "label configmap cm a=b --resource-version=1",
      "label configmap cm",
      "label configmap missing a=b",
      "label pods --all a=b",
      "annotate configmap cm note='a b'",
      "annotate configmap cm note='a b'",
      "annotate configmap cm note=c",
      "annotate configmap cm note=c --overwrite --resource-version=1",
      "annotate configmap cm note=c --overwrite --dry-run=server -o jsonpath={.metadata.annotations}",
      "annotate -f cm.yaml --local a=b -o yaml",
      "annotate configmaps --all every='one'",
      "annotate configmaps -l part=one some=one",
      "annotate configmap cm 'bad key=1'",
      "annotate configmap cm note-",
      "annotate configmap missing a=b",
      "get configmaps -o yaml --show-managed-fields",
    ]);
    // In the order of a Go map.
    await k.runAll(["label configmap cm --list", "annotate configmap cm --list"], { compare: "sorted" });
  }),
  session("scale and autoscale", async (k) => {
    k.file("d.yaml", deployment("d"));
    await k.run("create -f d.yaml");
    await k.runAll([
      "scale deployment d --replicas=6",
      "scale deployment d --replicas=7 --current-replicas=1",
      "scale deployment d --replicas=7 --current-replicas=6",
      "scale deployment d --replicas=8 --resource-version=1",
      "scale deployment d --replicas=9 --dry-run=server -o yaml",
      "scale deployment d --replicas=9 --dry-run=client",
      "scale -f d.yaml --replicas=2 -o name",
      "scale deployments --all --replicas=3",
      "scale deployments -l app=d --replicas=4",
      "scale deployment missing --replicas=1",
      "scale deployment d --replicas=-1",
      "scale deployment d",
      "scale configmap d --replicas=1",
      "autoscale deployment d --min=1 --max=3 --cpu-percent=50",
      "autoscale deployment d --min=1 --max=3",
      "autoscale deployment d --name=by-cpu --min=1 --max=3 --cpu=50%",
      "autoscale deployment d --name=by-both --max=3 --cpu=500m --memory=1Gi",
      "autoscale -f d.yaml --name=dry --max=3 --dry-run=server -o yaml",
      "autoscale deployment d --name=dry --max=3 --dry-run=client -o yaml",
      "autoscale deployment d --min=5 --max=3",
      "autoscale deployment d --max=0",
      "autoscale deployment missing --max=3",
      "autoscale configmap d --max=3",
      "get hpa",
      "describe hpa d",
      "get deployment d -o yaml --show-managed-fields",
    ]);
  }),
  session("expose", async (k) => {
    k.file("d.yaml", deployment("d"));
    await k.run("create -f d.yaml");
    await k.run("run p --image=nginx --port=90 --labels=app=p,x=y");
    await k.runAll([
      "expose deployment d --port=80 --target-port=8080 --cluster-ip=10.0.0.14",
      "expose deployment d --port=80",
      "expose deployment d --name=none",
      "expose deployment missing --port=80",
      "expose configmap d --port=80",
      "expose pod p",
      "expose pod p --name=udp --port=53 --protocol=UDP --labels=l=m",
      "expose pod p --name=node --port=80 --type=NodePort -o name",
      "expose pod p --name=lb --port=80 --type=LoadBalancer --load-balancer-ip=1.2.3.4 --external-ip=5.6.7.8",
      "expose service d --name=again --port=81 --selector=app=other --session-affinity=ClientIP",
      "expose -f d.yaml --name=head --port=80 --cluster-ip=None --dry-run=server -o yaml",
      "expose deployment d --name=dry --port=80 --dry-run=client -o yaml",
      "expose deployment d --name=bad --port=800000",
      "expose deployment d --name=bad --port=80 --type=Other",
      `expose deployment d --name=over --port=80 --overrides='{"spec":{"internalTrafficPolicy":"Local"}}' --override-type=merge -o jsonpath={.spec.internalTrafficPolicy}`,
      "get services",
      "get services d again -o yaml",
    ]);
  }),
  session("set", async (k) => {
    k.file("d.yaml", deployment("d", "      - name: e\n        image: side\n"));
    await k.run("create -f d.yaml");
    await k.run("create configmap cm --from-literal=ONE=1 --from-literal=TWO=2");
    await k.run("create secret generic sec --from-literal=KEY=x");
    await k.run("create service clusterip d --tcp=80 --clusterip=None");
    await k.run("create rolebinding rb --role=r --user=u");
    await k.runAll([
      "set image deployment/d c=nginx:2",
      "set image deployment/d '*=nginx:3' -o jsonpath='{.spec.template.spec.containers[*].image}'",
      "set image deployment/d nothing=nginx:2",
      "set image -f d.yaml c=nginx:4 --local -o yaml",
      "set image deployments --all c=nginx:5 --dry-run=server",
      "set image deployments -l app=d c=nginx:6 --dry-run=client -o name",
      "set image configmap/cm c=x",
      "set resources deployment d --limits=cpu=1 --requests=cpu=500m",
      "set resources deployment d -c=e --limits=memory=1Gi",
      "set resources deployment d --limits=cpu=x",
      "set resources deployment d --requests=cpu=5",
      "set resources deployment d",
      "set env deployment/d A=b",
      "set env deployment/d --list",
      "set env deployment/d --from=configmap/cm",
      "set env deployment/d --from=secret/sec --prefix=S_ -c=e",
      "set env deployment/d --from=configmap/cm --keys=one --dry-run=server -o yaml",
      "set env deployment/d --list --resolve",
      "set env deployment/d A-",
      "set env deployment/d A=c --overwrite=false",
      "set env deployment/d 1bad=x",
      "set serviceaccount deployment d robot",
      "set serviceaccount deployment d robot --dry-run=server",
      "set selector service d app=other",
      "set selector service d app=other --dry-run=client -o yaml",
      "set selector service d app=other --resource-version=1",
      "set selector deployment d app=other",
      "set subject rolebinding rb --user=v --group=g --serviceaccount=ns:sa",
      "set subject rolebinding rb --user=v",
      "set subject rolebinding none --user=x",
      "get rolebinding rb -o yaml",
      "get deployment d -o yaml",
    ]);
  }),
  session("rollout", async (k) => {
    k.file("d.yaml", deployment("d"));
    await k.run("create -f d.yaml");
    const revision = (number: number, image: string) => `apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: d-${number}
  labels: {app: d, pod-template-hash: h${number}}
  annotations: {deployment.kubernetes.io/revision: "${number}", kubernetes.io/change-cause: because ${number}}
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: d, uid: UID, controller: true}]
spec:
  replicas: 0
  selector: {matchLabels: {app: d, pod-template-hash: h${number}}}
  template: {metadata: {labels: {app: d, pod-template-hash: h${number}}}, spec: {containers: [{name: c, image: "${image}"}]}}
`;
    const { stdout: uid } = await k.quietly("get deployment d -o jsonpath={.metadata.uid}");
    for (const [number, image] of [
      [1, "nginx:0"],
      [2, "nginx:1"],
    ] as const) {
      await k.run("create -f -", { stdin: revision(number, image).replace("UID", uid) });
    }
    await k.runAll([
      "rollout pause deployment/d",
      "rollout pause deployment/d",
      "rollout resume deployment/d",
      "rollout resume deployment/d",
      "rollout history deployment/d",
      "rollout history deployment/d --revision=1",
      "rollout history deployment/d --revision=7",
      "rollout undo deployment/d --dry-run=server",
      "rollout undo deployment/d --to-revision=1",
      "rollout undo deployment/d --to-revision=9",
      "rollout status deployment/d --watch=false",
      "rollout status deployment/missing",
      "rollout restart deployment/none",
      "rollout restart configmap/none",
      "get deployment d -o jsonpath='{.spec.template.spec.containers[0].image}'",
      "rollout restart deployment/d",
    ]);
    const done = `{"status":{"observedGeneration":99,"replicas":1,"updatedReplicas":1,"readyReplicas":1,"availableReplicas":1}}`;
    await k.run(`patch deployment d --subresource=status --type=merge -p '${done}'`);
    await k.run("rollout status deployment/d --timeout=5s");
  }),
  session("kustomize", async (k) => {
    k.file(
      "kustomization.yaml",
      "resources: [d.yaml]\nnamePrefix: pre-\nlabels: [{pairs: {k: z}}]\nimages: [{name: nginx, newTag: '7'}]\npatches:\n- patch: '[{op: replace, path: /spec/replicas, value: 5}]'\n  target: {kind: Deployment}\nconfigMapGenerator:\n- name: gen\n  literals: [a=b]\n",
    );
    k.file("d.yaml", deployment("d"));
    k.file("broken/kustomization.yaml", "resources: [missing.yaml]\n");
    await k.runAll([
      "kustomize .",
      "kustomize broken",
      "kustomize nowhere",
      "diff -k .",
      "apply -k .",
      "apply -k . --server-side",
      "get -k .",
      "describe -k .",
      "replace -k .",
      "diff -k .",
      "delete -k . --dry-run=server",
      "delete -k .",
      "create -k . --dry-run=server -o name",
    ]);
  }),
];
