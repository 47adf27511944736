import { compareBytes } from "../../../api/byte-order.ts";
import { goQuote } from "../../../api/go-format.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import { semanticEqual } from "../../../api/semantic-equal.ts";
import { objectOf, oldObjectOf } from "../attributes.ts";
import { type NodeCheck, type NodeRequest, refuse } from "./node-request.ts";

type Node = ObjectOf<"io.k8s.api.core.v1.Node">;
type Labels = Readonly<Record<string, string>>;

/** Labels of Kubernetes that a kubelet may set on its node. Source: k8s.io/kubelet/pkg/apis/well_known_labels.go. */
const ownLabels: ReadonlySet<string> = new Set([
  "kubernetes.io/hostname",
  "topology.kubernetes.io/zone",
  "topology.kubernetes.io/region",
  "failure-domain.beta.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region",
  "beta.kubernetes.io/instance-type",
  "node.kubernetes.io/instance-type",
  "kubernetes.io/os",
  "kubernetes.io/arch",
  "beta.kubernetes.io/os",
  "beta.kubernetes.io/arch",
]);

/** A kubelet writes its own node only, and does not steer what comes to it. */
export const checkNode: NodeCheck = (request) => {
  const { node, attributes } = request;
  if (attributes.name !== node) {
    throw refuse(request, `node ${goQuote(node)} is not allowed to modify node ${goQuote(attributes.name)}`);
  }
  if (attributes.operation === "CREATE") checkNew(request);
  if (attributes.operation === "UPDATE") checkChange(request);
};

function checkNew(request: NodeRequest): void {
  const { spec, metadata } = objectOf<Node>(request.attributes);
  const node = goQuote(request.node);
  if (spec?.configSource) {
    throw refuse(request, `node ${node} is not allowed to create pods with a non-nil configSource`);
  }
  const labels = forbiddenLabels(metadata.labels, {});
  if (labels.length > 0) {
    throw refuse(request, `node ${node} is not allowed to set the following labels: ${labels.join(", ")}`);
  }
}

function checkChange(request: NodeRequest): void {
  const { spec, metadata } = objectOf<Node>(request.attributes);
  const old = oldObjectOf<Node>(request.attributes);
  const node = goQuote(request.node);
  if (spec?.configSource && !semanticEqual(spec.configSource, old.spec?.configSource)) {
    throw refuse(request, `node ${node} is not allowed to update configSource to a new non-nil configSource`);
  }
  if (!semanticEqual(spec?.taints, old.spec?.taints)) {
    throw refuse(request, `node ${node} is not allowed to modify taints`);
  }
  if (!semanticEqual(metadata.ownerReferences, old.metadata.ownerReferences)) {
    throw refuse(request, `node ${node} is not allowed to modify ownerReferences`);
  }
  const labels = forbiddenLabels(metadata.labels, old.metadata.labels);
  if (labels.length > 0) throw refuse(request, `is not allowed to modify labels: ${labels.join(", ")}`);
}

function forbiddenLabels(labels: Labels = {}, old: Labels = {}): string[] {
  const keys = [...new Set([...Object.keys(labels), ...Object.keys(old)])];
  return keys.filter((key) => labels[key] !== old[key] && isForbidden(key)).sort(compareBytes);
}

function isForbidden(key: string): boolean {
  const domain = key.includes("/") ? key.slice(0, key.indexOf("/")) : "";
  const isIn = (parent: string): boolean => domain === parent || domain.endsWith(`.${parent}`);
  if (isIn("node-restriction.kubernetes.io")) return true;
  const isKubernetes = isIn("kubernetes.io") || isIn("k8s.io");
  return isKubernetes && !ownLabels.has(key) && !isIn("kubelet.kubernetes.io") && !isIn("node.kubernetes.io");
}
