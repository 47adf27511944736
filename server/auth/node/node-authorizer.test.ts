import { expect, test } from "vitest";
import { defaultFeatureGates, parseFeatureGates } from "../../../api/feature-gates.ts";
import type { KubeObject } from "../../../api/object.ts";
import type { AuthorizationDecision, ResourceAttributes } from "../authorizer.ts";
import { NodeAuthorizer } from "./node-authorizer.ts";
import { NodeObjects } from "./node-objects.ts";

const kubelet = { name: "system:node:n1", groups: ["system:nodes"] };
const objects = new NodeObjects();
objects.pods.set({
  metadata: { name: "p", namespace: "a" },
  spec: { nodeName: "n1", containers: [], imagePullSecrets: [{ name: "pull" }] },
  status: {},
} as unknown as KubeObject);
const rules = [{ verbs: ["get"], apiGroups: [""], resources: ["services"] }];

function ask(verb: string, path: string, more: Partial<ResourceAttributes> = {}, user = kubelet, gates = "") {
  const [group = "", resource = "", subresource = ""] = path.split("/");
  const features = gates === "" ? defaultFeatureGates() : parseFeatureGates(gates);
  const authorizer = new NodeAuthorizer({ objects: () => objects, rules, gates: features });
  const asked = { group, version: "v1", resource, subresource, namespace: "a", name: "", ...more };
  return authorizer.authorize({ user, verb, path: "", resource: asked }) as AuthorizationDecision;
}

const onNode = (value: string, operator: "=" | "!=" = "=") => ({
  fieldSelector: [{ field: "spec.nodeName", operator, value }],
});

test("who is no node is left to others; who does not say which is told so", () => {
  expect(ask("get", "/pods", { name: "p" }, { name: "system:node:n1", groups: [] })).toEqual({
    allowed: false,
  });
  expect(ask("get", "/pods", {}, { name: "system:node:", groups: ["system:nodes"] })).toEqual({
    allowed: false,
    reason: 'unknown node for user "system:node:"',
  });
});

test.each([
  ["get", "/secrets", { name: "pull" }, true],
  ["list", "/secrets", { name: "pull" }, true],
  ["get", "/secrets", { name: "other" }, "no relationship found between node 'n1' and this object"],
  ["list", "/secrets", {}, "No Object name found"],
  ["update", "/secrets", { name: "pull" }, "can only read resources of this type"],
  ["list", "/secrets", { name: "pull", namespace: "" }, "can only read namespaced object of this type"],
  ["get", "/pods", { name: "p" }, true],
  ["list", "/pods", {}, "can only list/watch pods with spec.nodeName field selector"],
  ["list", "/pods", onNode("n1"), true],
  ["list", "/pods", onNode("n1", "!="), "can only list/watch pods with spec.nodeName field selector"],
  ["list", "/pods", onNode("n2"), "can only list/watch pods with spec.nodeName field selector"],
  ["create", "/pods/eviction", { name: "x" }, true],
  ["patch", "/pods", { name: "p" }, undefined],
  ["get", "/nodes", { name: "n1" }, true],
  ["get", "/nodes", { name: "n2" }, "node 'n1' cannot read 'n2', only its own Node object"],
  ["patch", "/nodes/status", { name: "n2" }, true],
  ["create", "/nodes/status", { name: "n1" }, undefined],
  ["delete", "/nodes", { name: "n1" }, undefined],
  ["get", "coordination.k8s.io/leases", { name: "n1", namespace: "kube-node-lease" }, true],
  [
    "get",
    "coordination.k8s.io/leases",
    { name: "n1" },
    'can only access leases in the "kube-node-lease" system namespace',
  ],
  [
    "get",
    "storage.k8s.io/csinodes",
    { name: "n2" },
    "can only access CSINode with the same name as the requesting node",
  ],
  ["list", "resource.k8s.io/resourceslices", onNode("n1"), true],
  ["create", "/serviceaccounts", {}, "can only create tokens for individual service accounts"],
  ["get", "/services", { name: "s" }, true],
  ["get", "/endpoints", { name: "s" }, undefined],
] as const)("%s %s %j: %s", (verb, path, more, expected) => {
  const { allowed, reason } = ask(verb, path, more);
  expect(expected === true ? allowed : reason).toBe(expected);
  expect(allowed).toBe(expected === true);
});

test("certificate requests of pods are a feature", () => {
  const path = "certificates.k8s.io/podcertificaterequests";
  expect(ask("list", path, onNode("n1"))).toEqual({ allowed: false });
  expect(ask("list", path, onNode("n1"), kubelet, "PodCertificateRequest=true")).toEqual({ allowed: true });
});

test("what is still to be learnt is waited for", async () => {
  const later = Promise.resolve(objects);
  const authorizer = new NodeAuthorizer({ objects: () => later, rules, gates: defaultFeatureGates() });
  const resource = { group: "", version: "v1", resource: "pods", subresource: "", namespace: "a", name: "p" };
  const decision = authorizer.authorize({ user: kubelet, verb: "get", path: "", resource });
  expect(decision).toBeInstanceOf(Promise);
  expect(await decision).toEqual({ allowed: true });
});

test("what a node may do cannot be listed", () => {
  const authorizer = new NodeAuthorizer({ objects: () => objects, rules, gates: defaultFeatureGates() });
  expect(authorizer.rulesFor(kubelet)).toMatchObject({
    incomplete: true,
    evaluationError: "node authorizer does not support user rule resolution",
  });
  expect(authorizer.rulesFor({ name: "alice", groups: [] })).toMatchObject({ incomplete: false });
});
