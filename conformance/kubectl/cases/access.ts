import { session } from "../session.ts";

export const flags = ["--authorization-mode=Node,RBAC"];

export const cases = [
  session("access: roles and bindings", async (k) => {
    const alice = "--token=alice-token";
    await k.runAll([
      `get pods ${alice}`,
      `auth can-i get pods ${alice}`,
      `auth can-i get pods ${alice} --quiet`,
      "create role reader --verb=get,list,watch --resource=pods,configmaps",
      "create rolebinding readers --role=reader --group=developers",
      "create rolebinding robots --role=reader --serviceaccount=default:robot",
    ]);
    await k.until(`auth can-i get pods ${alice}`, "yes");
    await k.runAll([
      `get pods ${alice}`,
      `get pods -A ${alice}`,
      `get nodes ${alice}`,
      `create configmap a ${alice}`,
      `delete pods --all ${alice}`,
      `auth can-i get pods ${alice}`,
      `auth can-i create pods ${alice}`,
      `auth can-i get pods --subresource=log ${alice}`,
      `auth can-i get configmaps/a ${alice}`,
      `auth can-i get /version ${alice}`,
      `auth can-i get /metrics ${alice}`,
      "auth can-i list pods --as=system:serviceaccount:default:robot",
      "auth can-i list pods --as=system:serviceaccount:default:other",
      "auth can-i list pods --as=carol --as-group=developers",
      `auth can-i list pods --as=carol ${alice}`,
      "auth can-i '*' '*'",
      `auth whoami ${alice}`,
      `get secrets ${alice} -o name`,
      `logs p ${alice}`,
      `exec p ${alice} -- ls`,
      `apply -f - ${alice}`,
    ]);
    await k.run(`auth can-i --list ${alice}`, { compare: "sorted" });
    await k.run("auth can-i --list --as=system:anonymous --as-group=system:unauthenticated", {
      compare: "sorted",
    });
    await k.run("auth can-i --list --as=system:node:n --as-group=system:nodes", { compare: "sorted" });
  }),
  session("access: granting", async (k) => {
    const bob = "--token=bob-token";
    await k.runAll([
      "create role manager --verb=get,list,create,update,patch,delete --resource=roles,rolebindings",
      "create rolebinding manager --role=manager --user=bob",
    ]);
    await k.until(`auth can-i create roles ${bob}`, "yes");
    await k.runAll([
      `create role reader --verb=get --resource=pods ${bob}`,
      `create role manages --verb=get --resource=roles ${bob}`,
      `create rolebinding b --role=manager --user=carol ${bob}`,
      `create rolebinding c --clusterrole=cluster-admin --user=carol ${bob}`,
      `create rolebinding d --role=absent --user=carol ${bob}`,
      `create clusterrole x --verb=get --resource=pods ${bob}`,
    ]);
    k.file(
      "rbac.yaml",
      "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r}\nrules: [{apiGroups: [''], resources: [pods], verbs: [get]}]\n",
    );
    await k.runAll([`auth reconcile -f rbac.yaml ${bob}`, `apply -f rbac.yaml ${bob}`, "get roles -o name"]);
  }),
];
