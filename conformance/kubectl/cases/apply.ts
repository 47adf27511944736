import { configMap, deployment, NAMESPACED } from "../objects.ts";
import { session } from "../session.ts";

export const cases = [
  session("apply: client side", async (k) => {
    k.file("d.yaml", deployment("d"));
    k.file("cm.yaml", configMap("cm", "a: b"));
    await k.run("apply -f d.yaml -f cm.yaml");
    await k.run("apply -f d.yaml -f cm.yaml");
    k.file("cm.yaml", configMap("cm", "c: d"));
    k.file("d.yaml", deployment("d", "      - name: e\n        image: side\n"));
    await k.runAll([
      "diff -f d.yaml -f cm.yaml",
      "apply -f d.yaml -f cm.yaml --dry-run=server -o yaml",
      "apply -f d.yaml -f cm.yaml --dry-run=client",
      "apply -f d.yaml -f cm.yaml -o yaml",
      "diff -f d.yaml -f cm.yaml",
      "apply view-last-applied deployment/d",
      "apply view-last-applied deployment/d -o json",
      "create configmap made --from-literal=a=b",
      "apply view-last-applied configmap/made",
    ]);
    await k.run("apply -f -", { stdin: configMap("made", "x: y") });
    await k.run("apply set-last-applied -f cm.yaml");
    await k.run("apply set-last-applied -f cm.yaml --dry-run=server");
    await k.run("create configmap bare");
    await k.run("apply set-last-applied -f -", { stdin: configMap("bare", "x: y") });
    await k.run("apply set-last-applied -f - --create-annotation -o yaml", {
      stdin: configMap("bare", "x: y"),
    });
    k.file("editor.sh", '#!/bin/sh\nsed -i "s/a: b/a: c/; s/c: d/c: e/" "$1"\n', 0o755);
    await k.run("apply edit-last-applied configmap/cm", { env: { EDITOR: "./editor.sh" } });
    await k.run("get configmap cm -o yaml");
    await k.runAll([
      "apply -f missing.yaml",
      "apply -f d.yaml --force --grace-period=0",
      "apply -f d.yaml --overwrite=false --wait --field-manager=me -o yaml --show-managed-fields",
      "replace --force -f cm.yaml",
    ]);
  }),
  session("apply: what is refused on the client's side", async (k) => {
    await k.run("apply -f -", { stdin: deployment("d") });
    await k.run("apply -f -", {
      stdin: deployment("d").replace("app: d}}\n  template", "app: other}}\n  template"),
    });
    await k.run("apply -f -", { stdin: `${configMap("u", "a: b")}nonsense: 1\n` });
    await k.run("apply --validate=warn -f -", { stdin: `${configMap("u", "a: b")}nonsense: 1\n` });
    await k.run("apply --validate=ignore -f -", { stdin: `${configMap("u", "a: b")}nonsense: 1\n` });
    await k.run("apply -f -", { stdin: configMap("u", "a: 5") });
    await k.run("apply -f -", { stdin: configMap("Bad_Name", "a: b") });
    await k.run("apply -f -", { stdin: configMap("u", "a: b").replace("part: one", "kept: ' '") });
    await k.run("apply -f -", { stdin: "" });
    await k.run("apply -f - --dry-run=server", { stdin: deployment("d").replace("nginx:1", "''") });
    await k.run("apply -f - -n missing", { stdin: configMap("u", "a: b") });
    await k.run("apply -f -", {
      stdin: configMap("u", "a: b").replace("name: u", "namespace: other\n  name: u"),
    });
    const immutable = `${configMap("u", "a: b")}immutable: true\n`;
    await k.run("apply -f -", { stdin: immutable });
    await k.run("apply -f -", { stdin: immutable.replace("a: b", "a: c") });
    await k.run("apply -f -", { stdin: NAMESPACED.replaceAll("image: nginx", "image: ''") });
  }),
  session("apply: server side", async (k) => {
    k.file("cm.yaml", configMap("cm", "a: b"));
    await k.run("apply --server-side -f cm.yaml");
    await k.run("apply --server-side -f cm.yaml");
    k.file("cm.yaml", configMap("cm", "a: c"));
    await k.runAll([
      "apply --server-side -f cm.yaml --field-manager=other",
      "diff --server-side -f cm.yaml --field-manager=other",
      "apply --server-side -f cm.yaml --field-manager=other --dry-run=server",
      "apply --server-side -f cm.yaml --field-manager=other --force-conflicts",
      "diff --server-side -f cm.yaml",
      "apply --server-side -f cm.yaml --dry-run=server -o yaml --show-managed-fields",
      "apply --server-side -f cm.yaml --dry-run=client",
      "apply --server-side -f cm.yaml --field-manager=''",
      "apply -f cm.yaml --force-conflicts",
    ]);
    await k.run("apply -f -", { stdin: configMap("client", "a: b") });
    await k.run("apply --server-side -f -", { stdin: configMap("client", "a: c") });
    await k.run("get configmap client -o yaml --show-managed-fields");
    await k.run("apply --server-side -f -", { stdin: `${configMap("u", "a: b")}nonsense: 1\n` });
    await k.run("apply --server-side --validate=warn -f -", {
      stdin: `${configMap("u", "a: b")}nonsense: 1\n`,
    });
    await k.run("apply --server-side -f -", {
      stdin: deployment("d", "      - name: c\n        image: twice\n"),
    });
    await k.run("apply --server-side -f -", { stdin: configMap("u", "a: 5") });
  }),
  session("apply: server side, with conflicts of several managers", async (k) => {
    const apply = (manager: string, stdin: string, more = "") =>
      k.run(`apply --server-side --field-manager=${manager} ${more} -f -`, { stdin });
    await apply("one", deployment("d"));
    await apply("two", deployment("d").replace("nginx:1", "nginx:2").replace("replicas: 1", "replicas: 2"));
    await k.run("scale deployment d --replicas=3");
    await k.run("set image deployment/d c=nginx:3");
    await apply("one", deployment("d"));
    await apply("two", deployment("d", "      - name: e\n        image: side\n"));
    await apply("one", deployment("d"), "--force-conflicts");
    await k.run("get deployment d -o yaml --show-managed-fields");
    await apply("two", deployment("d"));
    await k.run("get deployment d -o jsonpath='{.spec.template.spec.containers[*].name}'");
    k.file(
      "scale.yaml",
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nstatus: {observedGeneration: 5}\n",
    );
    await k.run("apply --server-side --subresource=status -f scale.yaml");
    await k.run("get deployment d -o jsonpath='{.status.observedGeneration}'");
  }),
  session("apply: prune", async (k) => {
    k.file("one.yaml", configMap("one", "a: b"));
    k.file("two.yaml", configMap("two", "a: b"));
    k.file("d.yaml", deployment("d").replace("labels: {app: d}\n", "labels: {part: one}\n"));
    const maps = "--prune-allowlist=core/v1/ConfigMap";
    await k.runAll([
      "apply -f one.yaml -f two.yaml -f d.yaml",
      `diff --prune -l part=one -f one.yaml ${maps}`,
      `apply --prune -l part=one -f one.yaml ${maps} --dry-run=server`,
      `apply --prune -l part=one -f one.yaml ${maps} --dry-run=client`,
      `apply --prune -l part=one -f one.yaml ${maps}`,
      "get configmaps,deployments",
      "apply --prune -l part=one -f one.yaml --prune-allowlist=core/v1/Nonsense",
      "apply --prune -f one.yaml",
      "apply --prune -l part=one -f one.yaml",
      "get configmaps,deployments",
      `apply --prune --all -f two.yaml ${maps} --prune-allowlist=apps/v1/Deployment`,
      "get configmaps",
    ]);
  }),
  session("apply: sets", async (k) => {
    const env = { KUBECTL_APPLYSET: "true" };
    k.file("one.yaml", configMap("one", "a: b"));
    k.file("two.yaml", configMap("two", "a: b"));
    await k.runAll(
      [
        "apply --prune --applyset=set -f one.yaml -f two.yaml",
        "create secret generic set",
        "apply --prune --applyset=set -f one.yaml -f two.yaml",
        "apply --prune --applyset=set -f one.yaml --dry-run=server",
        "apply --prune --applyset=set -f one.yaml",
        "apply --prune --applyset=configmaps/set -f one.yaml --server-side",
        "get secret set -o yaml",
        "get configmaps",
      ],
      { env },
    );
  }),
  session("diff", async (k) => {
    k.file("cm.yaml", configMap("cm", "a: b"));
    k.file("d.yaml", deployment("d"));
    await k.run("diff -f cm.yaml");
    await k.run("diff -f cm.yaml", { env: { KUBECTL_EXTERNAL_DIFF: "diff -u -N" } });
    await k.run("diff -f cm.yaml", { env: { KUBECTL_EXTERNAL_DIFF: "nothing" } });
    await k.run("apply -f cm.yaml -f d.yaml");
    await k.run("create secret generic s --from-literal=a=b");
    await k.run("diff -f -", {
      stdin: "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: c}\n",
    });
    await k.run("diff -f -", { stdin: deployment("d").replace("replicas: 1", "replicas: 4") });
    await k.run("diff --server-side -f -", { stdin: deployment("d").replace("replicas: 1", "replicas: 4") });
    await k.run("diff --server-side --force-conflicts --show-managed-fields -f -", {
      stdin: configMap("cm", "a: c"),
    });
    await k.run("diff -f -", { stdin: deployment("d").replace("nginx:1", "''") });
    await k.run("diff -f missing.yaml");
    await k.run("diff -f cm.yaml --concurrency=4");
  }),
];
