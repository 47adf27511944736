/**
 * Types that requests and answers use though no definition describes them: options in query strings and protobuf
 * bodies, what admission webhooks speak, and the forms that any object can be asked for in. What they hold is
 * added by itself.
 */
export const extraTypes: Readonly<Record<string, { group: string; types: string }>> = {
  "io.k8s.apimachinery.pkg.apis.meta.v1": {
    group: "meta.k8s.io",
    types:
      "ApplyOptions CreateOptions GetOptions ListOptions PatchOptions UpdateOptions " +
      "PartialObjectMetadata PartialObjectMetadataList Table TableOptions",
  },
  "io.k8s.api.core.v1": {
    group: "",
    types:
      "List NodeProxyOptions PodAttachOptions PodExecOptions PodLogOptions PodPortForwardOptions PodProxyOptions " +
      "RangeAllocation SerializedReference ServiceProxyOptions",
  },
  "io.k8s.api.admission.v1": { group: "admission.k8s.io", types: "AdmissionReview" },
  "io.k8s.api.apidiscovery.v2": {
    group: "apidiscovery.k8s.io",
    types: "APIGroupDiscovery APIGroupDiscoveryList",
  },
};
