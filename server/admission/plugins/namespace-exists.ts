import { notFound, StatusError } from "../../../api/status.ts";
import { type AdmissionAttributes, denied } from "../attributes.ts";
import type { AdmissionPlugin } from "../chain.ts";
import { type AdmissionObjects, namespaces } from "../objects.ts";

const isInNamespace = ({ namespace, group, resource }: AdmissionAttributes): boolean =>
  namespace !== "" && !(group === "" && resource === "namespaces");

/** Not even a deletion where there is no namespace. Source: plugin/pkg/admission/namespace/exists. */
export function namespaceExists(objects: AdmissionObjects): AdmissionPlugin {
  const validate = async (attributes: AdmissionAttributes): Promise<void> => {
    const { namespace } = attributes;
    if (!isInNamespace(attributes) || (await objects.get(namespaces, "", namespace))) return;
    throw notFound(namespaces, namespace);
  };
  return {
    name: "NamespaceExists",
    rules: [{ operations: ["CREATE", "UPDATE", "DELETE"], resources: "*", validate }],
  };
}

/** What is created brings its namespace along. Source: plugin/pkg/admission/namespace/autoprovision. */
export function namespaceAutoProvision(
  objects: AdmissionObjects,
  createNamespace: (name: string) => Promise<void>,
): AdmissionPlugin {
  const admit = async (attributes: AdmissionAttributes): Promise<void> => {
    const { namespace, dryRun } = attributes;
    if (dryRun || !isInNamespace(attributes) || (await objects.get(namespaces, "", namespace))) return;
    try {
      await createNamespace(namespace);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (error.reason === "Forbidden") throw error;
      if (error.reason !== "AlreadyExists") throw denied(attributes, error.message);
    }
  };
  return {
    name: "NamespaceAutoProvision",
    rules: [{ operations: ["CREATE"], resources: "*", admit }],
  };
}
