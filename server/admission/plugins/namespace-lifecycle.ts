import { forbidden, notFound } from "../../../api/status.ts";
import type { Schemas } from "../../../api/types.ts";
import { type AdmissionAttributes, denied } from "../attributes.ts";
import type { AdmissionPlugin } from "../chain.ts";
import { type AdmissionObjects, namespaces } from "../objects.ts";

type Namespace = Schemas["io.k8s.api.core.v1.Namespace"];

const immortal: readonly string[] = ["default", "kube-system", "kube-public"];

/** What tells its user about permissions must not tell whether a namespace exists. */
const accessReviews = "localsubjectaccessreviews.authorization.k8s.io";

/**
 * Nothing is written where there is no namespace, nor made where one is going away; three namespaces stay for ever.
 * Source: k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle.
 */
export function namespaceLifecycle(objects: AdmissionObjects): AdmissionPlugin {
  const requireNamespace = async (attributes: AdmissionAttributes): Promise<void> => {
    const { namespace, operation, group, resource } = attributes;
    if (namespace === "" || (group === "" && resource === "namespaces")) return;
    if (`${resource}.${group}` === accessReviews) return;
    const found = (await objects.get(namespaces, "", namespace)) as Namespace | undefined;
    if (!found) throw notFound(namespaces, namespace);
    if (operation !== "CREATE" || found.status?.phase !== "Terminating") return;
    throw denied(
      attributes,
      `unable to create new content in namespace ${namespace} because it is being terminated`,
      {
        reason: "NamespaceTerminating",
        message: `namespace ${namespace} is being terminated`,
        field: "metadata.namespace",
      },
    );
  };
  return {
    name: "NamespaceLifecycle",
    rules: [
      { operations: ["CREATE", "UPDATE"], resources: "*", admit: requireNamespace },
      { operations: ["DELETE"], resources: ["namespaces"], admit: keepImmortal },
    ],
  };
}

function keepImmortal({ name }: AdmissionAttributes): void {
  if (immortal.includes(name)) throw forbidden(namespaces, name, "this namespace may not be deleted");
}
