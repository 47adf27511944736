import { configMap } from "../objects.ts";
import { session } from "../session.ts";

export const cases = [
  session("delete: choices", async (k) => {
    for (const name of ["a", "b", "c", "d"]) await k.quietly(`create configmap ${name} --from-literal=a=b`);
    k.file("c.yaml", configMap("c", "a: b"));
    await k.runAll([
      "label configmap a which=a",
      "delete configmap a --dry-run=server",
      "delete configmap a --dry-run=client",
      "delete configmap a --dry-run=client -o name",
      "delete configmap -l which=none",
      "delete configmap -l which=a",
      "delete configmap missing",
      "delete configmap missing --ignore-not-found",
      "delete configmap/b configmap/missing",
      "delete -f c.yaml",
      "delete -f c.yaml",
      "delete configmap d -o name",
      "delete nonsense x",
      "delete pods",
      "delete",
      "delete configmap x --all",
      "delete pods --field-selector=metadata.name=x",
      "delete configmaps --field-selector=nonsense=x",
      `delete --raw /api/v1/namespaces/${k.namespace}/configmaps/none`,
      "create configmap raw",
      `delete --raw /api/v1/namespaces/${k.namespace}/configmaps/raw`,
      "delete configmap x --grace-period=5 --force",
      "delete configmap x --cascade=nonsense",
      "delete configmaps --all -n missing",
      "create configmap e",
      "create configmap f",
      "delete configmaps --field-selector=metadata.name=e",
      "delete configmaps --all",
      "delete configmaps --all",
      "delete configmaps -A -l which=nothing",
    ]);
  }),
  session("delete: asking first", async (k) => {
    await k.run("create configmap a");
    await k.run("delete configmap a -i", { stdin: "n\n" });
    await k.run("delete configmap a -i", { stdin: "y\n" });
    await k.run("delete configmap a -i", { stdin: "y\n" });
  }),
  session("delete: waiting and cascades", async (k) => {
    await k.runAll([
      "create configmap a",
      `patch configmap a --type=merge -p '{"metadata":{"finalizers":["example.com/mine"]}}'`,
      "delete configmap a --timeout=1s",
      "delete configmap a --wait=false",
      "get configmap a -o jsonpath='{.metadata.finalizers} {.metadata.deletionGracePeriodSeconds}'",
      "label configmap a x=y",
      `patch configmap a --type=merge -p '{"metadata":{"finalizers":["example.com/mine","example.com/other"]}}'`,
      `patch configmap a --type=merge -p '{"metadata":{"finalizers":null}}'`,
      "get configmap a",
      "create configmap b",
      "delete configmap b --cascade=foreground --wait=false",
      "get configmap b -o jsonpath={.metadata.finalizers}",
      "create deployment d --image=nginx",
      "delete deployment d --cascade=orphan --wait=false",
      "get deployment d -o jsonpath={.metadata.finalizers}",
      "create deployment e --image=nginx",
      "delete deployment e --cascade=background",
      "delete all -l app=e",
    ]);
  }),
  session("delete: pods", async (k) => {
    for (const name of ["p", "q", "r", "s", "t"]) await k.quietly(`run ${name} --image=nginx`);
    await k.runAll([
      "delete pod p --grace-period=0 --force",
      "delete pod q --now",
      "delete pod/r pod/none",
      "delete pod s --grace-period=-5",
      "delete pod s --grace-period=7 --dry-run=server",
      "delete pod t --grace-period=0",
    ]);
    await k.run("create -f -", {
      stdin:
        "apiVersion: v1\nkind: Pod\nmetadata: {name: placed}\nspec: {nodeName: n, containers: [{name: c, image: i}]}\n",
    });
    await k.runAll([
      "delete pod placed --wait=false",
      "get pod placed -o jsonpath='{.metadata.deletionGracePeriodSeconds}'",
      "delete pod placed --wait=false --grace-period=5",
      "get pod placed",
      "delete pod placed --force",
      "get pod placed",
      "delete pods --all",
    ]);
  }),
  session("delete: namespaces", async (k) => {
    await k.runAll([
      "create namespace kubectl-del",
      "create configmap a -n kubectl-del",
      "delete namespace kubectl-del --wait=false",
      "get namespace kubectl-del",
      "create configmap b -n kubectl-del",
      "delete namespace missing",
    ]);
  }),
];
