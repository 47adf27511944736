import { session } from "../session.ts";

export const cases = [
  session("discovery", async (k) => {
    await k.runAll([
      "api-resources",
      "api-resources -o wide",
      "api-resources -o name",
      "api-resources --namespaced=false --sort-by=name",
      "api-resources --namespaced=true --sort-by=kind --no-headers",
      "api-resources --verbs=list,watch --categories=all",
      "api-resources --api-group=apps --cached",
      "api-resources --api-group=''",
      "api-resources --api-group=nonsense",
      "api-resources --sort-by=nonsense",
      "api-resources -o json --api-group=policy",
      "api-versions",
      "cluster-info",
      "version",
      "version nonsense",
      "get nodes --server=https://127.0.0.1:1",
      "get pods --request-timeout=x",
      "get pods --context=none",
      "get pods --cluster=none",
      "get pods --user=none",
      "get pods --kubeconfig=none",
    ]);
    await k.run("version -o json", { compare: "exit code" });
    await k.run("version -o yaml", { compare: "exit code" });
    await k.run("cluster-info dump", { compare: "exit code" });
    await k.run("create configmap cm");
    await k.run("run p --image=nginx");
    await k.run(`cluster-info dump --namespaces=${k.namespace} --output-directory=dump -o yaml`);
  }),
  session("auth", async (k) => {
    const role = (verbs: string) =>
      `apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r}\nrules: [{apiGroups: [''], resources: [pods], verbs: [${verbs}]}]\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: rb}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}\nsubjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: ${verbs.length}u}]\n`;
    k.file("rbac.yaml", role("get"));
    k.file("more.yaml", role("list, watch"));
    await k.runAll([
      "auth whoami",
      "auth whoami -o json",
      "auth whoami -o yaml",
      "auth whoami -o jsonpath={.status.userInfo.username}",
      "auth whoami --token=wrong",
      "auth whoami --as=carol --as-group=g --as-uid=5",
      "auth can-i get pods",
      "auth can-i get pods --quiet",
      "auth can-i get pods -A",
      "auth can-i get pods/p",
      "auth can-i get pods p",
      "auth can-i get pods --as=alice",
      "auth can-i '*' '*'",
      "auth can-i create deployments.apps --subresource=scale",
      "auth can-i get /healthz",
      "auth can-i get nonsense",
      "auth can-i get nodes",
      "auth can-i",
      "auth can-i --list",
      "auth can-i --list --no-headers --as=alice --as-group=system:masters",
      "auth reconcile -f rbac.yaml --dry-run=client",
      "get pods --token=wrong",
      "get pods --as=system:anonymous",
      "get pods --as=carol --as-user-extra=scopes=a",
    ]);
    // kubectl panics after its work is done.
    const reconcile = [
      "-f rbac.yaml",
      "-f rbac.yaml",
      "-f more.yaml -o yaml",
      "-f more.yaml --remove-extra-permissions",
    ];
    for (const flags of reconcile) await k.run(`auth reconcile ${flags}`, { compare: "exit code" });
    await k.runAll(["get role r -o yaml", "get rolebinding rb -o yaml"]);
  }),
  session("config", async (k) => {
    k.file("own/config", "");
    await k.runAll([
      "config view",
      "config view --minify -o json",
      "config current-context",
      "config get-contexts",
    ]);
    await k.runAll([
      "config get-clusters",
      "config get-users",
      "config get-contexts -o name",
      "config use-context none",
    ]);
    await k.runAll(
      [
        "config view",
        "config current-context",
        "config set-cluster c --server=https://127.0.0.1:1 --insecure-skip-tls-verify",
        "config set-credentials u --token=x",
        "config set-context one --cluster=c --user=u --namespace=n",
        "config use-context one",
        "config set-context --current --namespace=m",
        "config rename-context one two",
        "config set clusters.c.server https://127.0.0.1:2",
        "config unset users.u.token",
        "config view --raw",
        "config get-contexts two",
        "config delete-context none",
        "config delete-context two",
        "config delete-cluster c",
        "config delete-user u",
        "config view --flatten",
        "config view -o jsonpath={.contexts}",
        "config nonsense",
      ],
      { env: { KUBECONFIG: "own/config" } },
    );
  }),
  session("proxy", async (k) => {
    await k.run("create configmap cm --from-literal=a=b");
    const maps = `/api/v1/namespaces/${k.namespace}/configmaps`;
    await k.proxied(["/healthz", maps, "/nothing", "/api/v1/pods?limit=x"]);
    k.file("www/page.txt", "a page\n");
    await k.proxied([`/k8s${maps}/cm`, maps, "/static/page.txt"], "--api-prefix=/k8s --www=www");
    await k.proxied([maps, "/api/v1/nodes"], "--accept-paths=^/api/v1/namespaces/.* --reject-methods=POST");
    await k.run("proxy --port=nonsense");
  }),
];
