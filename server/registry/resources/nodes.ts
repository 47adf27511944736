import { defaultAllocatable } from "../../../api/defaults/core-objects.ts";
import type { FeatureGates } from "../../../api/feature-gates.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import { validateNode, validateNodeChange, validateNodeUpdate } from "../../../api/validation/core/node.ts";
import { FieldPath } from "../../../api/validation/field.ts";
import { warningsForCidr } from "../../../api/validation/ip.ts";
import { defineResource } from "../strategy.ts";

type Node = ObjectOf<"io.k8s.api.core.v1.Node">;

/** Source: pkg/registry/core/node. */
export const nodes = defineResource<Node>({
  group: "",
  resource: "nodes",
  strategy: {
    // A new node may bring its status along.
    prepareForCreate(node, { gates }) {
      delete node.spec?.configSource;
      delete node.status?.config;
      dropDisabledFields(node, undefined, gates);
    },
    validate: (node, { gates }) => validateNode(node, gates),
    warningsOnCreate: warnings,
    prepareForUpdate(node, old, { gates }) {
      node.status = old.status;
      if (!old.spec?.configSource) delete node.spec?.configSource;
      dropDisabledFields(node, old, gates);
    },
    validateUpdate: (node, old, { gates }) => validateNodeUpdate(node, old, gates),
    warningsOnUpdate: warnings,
    // An empty list of what is allocatable is none when it is read.
    defaultOnRead({ status }) {
      if (status) defaultAllocatable(status);
    },
    resetFields: { v1: ["status"] },
  },
  subresources: {
    status: {
      prepareForUpdate(node, old) {
        node.spec = old.spec;
        if (!old.status?.config) delete node.status?.config;
      },
      validateUpdate: validateNodeChange,
      resetFields: { v1: ["spec"] },
    },
  },
  selectableFields: { "spec.unschedulable": ({ spec }) => String(spec?.unschedulable ?? false) },
});

function dropDisabledFields(node: Node, old: Node | undefined, gates: FeatureGates): void {
  const { status } = node;
  if (!status) return;
  const drop = (field: "runtimeHandlers" | "features" | "declaredFeatures"): void => {
    if (status[field] === undefined || (field !== "runtimeHandlers" && old?.status?.[field])) return;
    const { [field]: _, ...kept } = node.status ?? {};
    node.status = kept as Node["status"];
  };
  if (!gates.enabled("RecursiveReadOnlyMounts") && !gates.enabled("UserNamespacesSupport")) {
    drop("runtimeHandlers");
  }
  if (!gates.enabled("SupplementalGroupsPolicy")) drop("features");
  if (!gates.enabled("NodeDeclaredFeatures")) drop("declaredFeatures");
}

function warnings({ spec }: Node): string[] {
  const found: string[] = [];
  if (spec?.configSource) found.push("spec.configSource: the feature is removed");
  if (spec?.externalID) {
    found.push("spec.externalID: this field is deprecated, and is unused by Kubernetes");
  }
  spec?.podCIDRs?.forEach((cidr, index) => {
    found.push(...warningsForCidr(FieldPath.of("spec", "podCIDRs").index(index), cidr));
  });
  return found;
}
