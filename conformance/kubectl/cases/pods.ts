import { CERTIFICATE_REQUEST } from "../../differential/csr.ts";
import { event } from "../objects.ts";
import { session } from "../session.ts";

export const cases = [
  session("wait", async (k) => {
    await k.run("create configmap cm --from-literal=a=b");
    await k.run("run p --image=nginx");
    await k.runAll([
      "wait --for=jsonpath={.data.a}=b configmap/cm --timeout=5s",
      "wait --for=jsonpath={.data.a} configmap/cm --timeout=5s",
      "wait --for=jsonpath={.data.a}=c configmap/cm --timeout=1s",
      "wait --for=jsonpath={.data.none} configmap/cm --timeout=0",
      "wait --for=condition=Ready pod/p --timeout=1s",
      "wait --for=condition=Ready pods --all --timeout=0s",
      "wait --for=condition=Ready pods -l run=p --timeout=0s",
      "wait --for=delete pod/none --timeout=1s",
      "wait --for=delete pod/p --timeout=1s",
      "wait --for=create pod/p --timeout=1s",
      "wait --for=create pod/none --timeout=1s",
      "wait --for=condition=Ready pod/none --timeout=1s",
      "wait --for=nonsense pod/p",
      "wait pod/p",
      "wait --for=condition=Ready",
    ]);
    const conditions = `{"status":{"conditions":[{"type":"Ready","status":"False"},{"type":"Odd","status":"True"}]}}`;
    await k.run(`patch pod p --subresource=status -p '${conditions}'`);
    await k.runAll([
      "wait --for=condition=Ready=false pod/p --timeout=5s",
      "wait --for=condition=odd pod/p --timeout=5s -o name",
      "delete pod p",
      "wait --for=delete pod/p --timeout=5s",
    ]);
  }),
  session("wait: for what comes", async (k) => {
    await k.run("create configmap cm --from-literal=a=b");
    const pause = new Promise((resolve) => setTimeout(resolve, 500));
    const [waited] = await Promise.all([
      k.quietly("wait --for=jsonpath={.data.a}=c configmap/cm --timeout=20s"),
      pause.then(() => k.quietly(`patch configmap cm --type=merge -p '{"data":{"a":"c"}}'`)),
    ]);
    await k.run(["annotate", "configmap", "cm", `waited=${waited.stdout.trim()}`, "-o", "yaml"]);
    const [gone] = await Promise.all([
      k.quietly("wait --for=delete configmap/cm --timeout=20s"),
      k.quietly("delete configmap cm"),
    ]);
    await k.run(["create", "configmap", "gone", `--from-literal=code=${gone.code}`, "-o", "yaml"]);
  }),
  session("events", async (k) => {
    await k.run("run p --image=nginx");
    await k.run("events");
    await k.run("create -f -", { stdin: event(k.namespace, "one", "Warning", "p") });
    await k.run("create -f -", { stdin: event(k.namespace, "two", "Normal", "q") });
    await k.runAll([
      "events",
      "events -o yaml",
      "events --no-headers",
      "events --for=pod/p",
      "events --for=pods/p",
      "events --for=pod/none",
      "events --for=nonsense/p",
      "events --types=Warning",
      "events --types=Nonsense",
      "get events",
      "get events -o wide",
      "get events.v1.events.k8s.io",
      "get events --sort-by=.lastTimestamp",
      "get events --field-selector=involvedObject.name=p,type=Warning",
      "describe pod p",
    ]);
    await k.run("events --watch", { endAfterLines: 3 });
  }),
  session("pods without a node", async (k) => {
    await k.run("run p --image=nginx");
    await k.runAll([
      "logs p",
      "logs p -c none",
      "logs p --tail=-5",
      "logs missing",
      "logs -l run=p",
      "logs deployment/none",
      "exec p -- ls",
      "exec p -c none -- ls",
      "exec missing -- ls",
      "attach p",
      "port-forward pod/p 0:80",
      "port-forward pod/missing 0:80",
      "top pods",
      "top nodes",
      "debug p --image=busybox --attach=false -c dbg",
      "debug p --image=busybox --attach=false --copy-to=copy -c dbg",
      "debug missing --image=busybox --attach=false",
      "get pods p copy -o yaml",
    ]);
    await k.run("cp p:/x ./x", { compare: "exit code" });
  }),
  session("nodes", async (k) => {
    await k.run("create -f -", {
      stdin: "apiVersion: v1\nkind: Node\nmetadata: {name: kubectl-node, labels: {a: b}}\n",
    });
    await k.runAll([
      "get nodes kubectl-node",
      "get nodes kubectl-node -o wide",
      "describe node kubectl-node",
      "cordon kubectl-node --dry-run=server",
      "cordon kubectl-node",
      "cordon kubectl-node",
      "uncordon kubectl-node",
      "cordon none",
      "taint nodes kubectl-node k=v:NoSchedule",
      "taint nodes kubectl-node k=v:NoSchedule",
      "taint nodes kubectl-node k=w:NoSchedule --overwrite",
      "taint nodes kubectl-node k-",
      "taint nodes kubectl-node bad",
      "taint nodes kubectl-node k=v:Sometimes",
      "taint nodes none a=b:NoSchedule",
      "drain none",
      "drain kubectl-node --ignore-daemonsets --force --dry-run=client",
    ]);
    await k.run("create -f -", {
      stdin:
        "apiVersion: v1\nkind: Pod\nmetadata: {name: placed, labels: {a: b}}\nspec: {nodeName: kubectl-node, terminationGracePeriodSeconds: 0, containers: [{name: c, image: i}]}\n",
    });
    await k.runAll([
      "drain kubectl-node",
      "drain kubectl-node --force --dry-run=server",
      "create poddisruptionbudget pdb --selector=a=b --min-available=1",
      "drain kubectl-node --force --timeout=1s",
      "drain kubectl-node --force --disable-eviction",
      "get pods",
      "get node kubectl-node -o yaml",
      "debug node/kubectl-node --image=busybox --attach=false --dry-run=server",
      "delete node kubectl-node",
    ]);
  }),
  session("certificates", async (k) => {
    const request = (name: string) => `apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: {name: ${name}}
spec: {signerName: example.com/signer, usages: [digital signature], request: ${CERTIFICATE_REQUEST}}
`;
    for (const name of ["kubectl-yes", "kubectl-no"]) await k.run("create -f -", { stdin: request(name) });
    await k.runAll([
      "certificate approve kubectl-yes",
      "certificate approve kubectl-yes",
      "certificate deny kubectl-no",
      "certificate approve kubectl-no",
      "certificate approve none",
      "certificate deny none",
      "get csr kubectl-yes kubectl-no",
      "describe csr kubectl-yes",
      "delete csr kubectl-yes kubectl-no",
    ]);
  }),
];
