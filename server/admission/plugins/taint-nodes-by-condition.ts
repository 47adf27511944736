import type { Schemas } from "../../../api/types.ts";
import { type AdmissionAttributes, objectOf } from "../attributes.ts";
import type { AdmissionPlugin } from "../chain.ts";

type Node = Schemas["io.k8s.api.core.v1.Node"];

const notReady = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" } as const;

/** Nothing is scheduled on a node before somebody has found it ready. Source: plugin/pkg/admission/nodetaint. */
export const taintNodesByCondition: AdmissionPlugin = {
  name: "TaintNodesByCondition",
  rules: [{ operations: ["CREATE"], resources: ["nodes"], admit: addTaint }],
};

function addTaint(attributes: AdmissionAttributes): void {
  const node = objectOf<Node>(attributes);
  const taints = node.spec?.taints ?? [];
  if (taints.some(({ key, effect }) => key === notReady.key && effect === notReady.effect)) return;
  node.spec = { ...node.spec, taints: [...taints, { ...notReady }] };
}
