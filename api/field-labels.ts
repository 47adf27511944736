/**
 * Which fields a field selector may name, for each kind, and what they are called inside.
 * Sources: AddFieldLabelConversionFunc in k8s.io/kubernetes/pkg/apis, runtime.DefaultMetaV1FieldSelectorConversion,
 * and crConverter.ConvertFieldLabel of k8s.io/apiextensions-apiserver.
 */
import type { FieldTransform } from "./field-selectors.ts";
import { goQuote } from "./go-format.ts";
import { apiVersionOf, type GroupVersionKind } from "./object.ts";
import { SelectorError } from "./selectors.ts";

interface FieldLabels {
  fields: readonly string[];
  /** Fields that have another name inside. */
  renamed?: Readonly<Record<string, string>>;
  refusal?: (field: string) => string;
}

const unsupported = (field: string): string => `field label not supported: ${field}`;

const csr: FieldLabels = { fields: ["metadata.name", "spec.signerName"] };
const podCertificateRequest: FieldLabels = {
  fields: ["metadata.name", "spec.signerName", "spec.podName", "spec.nodeName"],
};

const event: FieldLabels = {
  fields: ["metadata.name", "metadata.namespace", "reason", "type"],
  renamed: {
    "regarding.kind": "involvedObject.kind",
    "regarding.namespace": "involvedObject.namespace",
    "regarding.name": "involvedObject.name",
    "regarding.uid": "involvedObject.uid",
    "regarding.apiVersion": "involvedObject.apiVersion",
    "regarding.resourceVersion": "involvedObject.resourceVersion",
    "regarding.fieldPath": "involvedObject.fieldPath",
    reportingController: "reportingComponent",
  },
};

const resourceSlice = (version: string): FieldLabels => ({
  fields: ["metadata.name", "spec.nodeName", "spec.driver"],
  refusal: (field) =>
    `field label not supported for resource.k8s.io/${version}, Kind=ResourceSlice: ${field}`,
});

const kinds = new Map<string, FieldLabels>([
  [
    "v1 Pod",
    {
      fields: [
        "metadata.name",
        "metadata.namespace",
        "spec.nodeName",
        "spec.restartPolicy",
        "spec.schedulerName",
        "spec.serviceAccountName",
        "spec.hostNetwork",
        "status.phase",
        "status.podIP",
        "status.podIPs",
        "status.nominatedNodeName",
      ],
      renamed: { "spec.host": "spec.nodeName" },
    },
  ],
  ["v1 Node", { fields: ["metadata.name", "spec.unschedulable"] }],
  ["v1 ReplicationController", { fields: ["metadata.name", "metadata.namespace", "status.replicas"] }],
  [
    "v1 Event",
    {
      fields: [
        "involvedObject.kind",
        "involvedObject.namespace",
        "involvedObject.name",
        "involvedObject.uid",
        "involvedObject.apiVersion",
        "involvedObject.resourceVersion",
        "involvedObject.fieldPath",
        "reason",
        "reportingComponent",
        "source",
        "type",
        "metadata.namespace",
        "metadata.name",
      ],
    },
  ],
  ["v1 Namespace", { fields: ["status.phase", "metadata.name"] }],
  ["v1 Secret", { fields: ["type", "metadata.namespace", "metadata.name"] }],
  ["v1 Service", { fields: ["metadata.namespace", "metadata.name", "spec.clusterIP", "spec.type"] }],
  [
    "batch/v1 Job",
    {
      fields: ["metadata.name", "metadata.namespace", "status.successful"],
      refusal: (field) => `field label ${goQuote(field)} not supported for Job`,
    },
  ],
  ["events.k8s.io/v1 Event", event],
  ["certificates.k8s.io/v1 CertificateSigningRequest", csr],
  ["certificates.k8s.io/v1beta1 ClusterTrustBundle", csr],
  ["certificates.k8s.io/v1alpha1 ClusterTrustBundle", csr],
  ["certificates.k8s.io/v1beta1 PodCertificateRequest", podCertificateRequest],
  ["certificates.k8s.io/v1alpha1 PodCertificateRequest", podCertificateRequest],
  ["resource.k8s.io/v1 ResourceSlice", resourceSlice("v1")],
  ["resource.k8s.io/v1beta2 ResourceSlice", resourceSlice("v1beta2")],
  ["resource.k8s.io/v1beta1 ResourceSlice", resourceSlice("v1beta1")],
]);

/** The transform for a built-in kind: its own table, or name and namespace only. */
export function fieldLabels({ group, version, kind }: GroupVersionKind): FieldTransform {
  const labels = kinds.get(`${apiVersionOf(group, version)} ${kind}`);
  if (!labels) return defaultFieldLabels;
  const { fields, renamed = {}, refusal = unsupported } = labels;
  return (field, value) => {
    if (fields.includes(field)) return [field, value];
    if (Object.hasOwn(renamed, field)) return [renamed[field]!, value];
    throw new SelectorError(refusal(field));
  };
}

const defaultFieldLabels: FieldTransform = (field, value) => {
  if (field === "metadata.name" || field === "metadata.namespace") return [field, value];
  throw new SelectorError(
    `${goQuote(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
  );
};

/** The transform for a custom resource; selectable are the paths of the version's selectableFields, without the dot. */
export function customFieldLabels(namespaced: boolean, selectable: readonly string[]): FieldTransform {
  return (field, value) => {
    const known =
      field === "metadata.name" ||
      (namespaced && field === "metadata.namespace") ||
      selectable.includes(field);
    if (!known) throw new SelectorError(unsupported(field));
    return [field, value];
  };
}
