/**
 * What discovery says of resources beyond the specification. A resource is "plural.group", or "plural" in the core
 * group. Sources: ShortNames and Categories in pkg/registry, StorageVersionHash in
 * k8s.io/apiserver/pkg/endpoints/discovery, the storage factory in pkg/controlplane/storageconfig.
 */

export const shortNames: Readonly<Record<string, string>> = {
  componentstatuses: "cs",
  configmaps: "cm",
  endpoints: "ep",
  events: "ev",
  limitranges: "limits",
  namespaces: "ns",
  nodes: "no",
  persistentvolumeclaims: "pvc",
  persistentvolumes: "pv",
  pods: "po",
  replicationcontrollers: "rc",
  resourcequotas: "quota",
  serviceaccounts: "sa",
  services: "svc",
  "certificatesigningrequests.certificates.k8s.io": "csr",
  "cronjobs.batch": "cj",
  "customresourcedefinitions.apiextensions.k8s.io": "crd crds",
  "daemonsets.apps": "ds",
  "deployments.apps": "deploy",
  "events.events.k8s.io": "ev",
  "horizontalpodautoscalers.autoscaling": "hpa",
  "ingresses.networking.k8s.io": "ing",
  "ipaddresses.networking.k8s.io": "ip",
  "networkpolicies.networking.k8s.io": "netpol",
  "poddisruptionbudgets.policy": "pdb",
  "priorityclasses.scheduling.k8s.io": "pc",
  "replicasets.apps": "rs",
  "statefulsets.apps": "sts",
  "storageclasses.storage.k8s.io": "sc",
  "volumeattributesclasses.storage.k8s.io": "vac",
};

export const categories: Readonly<Record<string, readonly string[]>> = {
  all: [
    "pods",
    "replicationcontrollers",
    "services",
    "cronjobs.batch",
    "daemonsets.apps",
    "deployments.apps",
    "horizontalpodautoscalers.autoscaling",
    "jobs.batch",
    "replicasets.apps",
    "statefulsets.apps",
  ],
  "api-extensions": [
    "apiservices.apiregistration.k8s.io",
    "customresourcedefinitions.apiextensions.k8s.io",
    "mutatingadmissionpolicies.admissionregistration.k8s.io",
    "mutatingadmissionpolicybindings.admissionregistration.k8s.io",
    "mutatingwebhookconfigurations.admissionregistration.k8s.io",
    "validatingadmissionpolicies.admissionregistration.k8s.io",
    "validatingadmissionpolicybindings.admissionregistration.k8s.io",
    "validatingwebhookconfigurations.admissionregistration.k8s.io",
  ],
};

/** The stored version where it is not v1 among several versions. */
export const storageVersions: Readonly<Record<string, string>> = {
  "clustertrustbundles.certificates.k8s.io": "v1beta1",
  "devicetaintrules.resource.k8s.io": "v1alpha3",
  "horizontalpodautoscalers.autoscaling": "v2",
  "leasecandidates.coordination.k8s.io": "v1beta1",
  "mutatingadmissionpolicies.admissionregistration.k8s.io": "v1beta1",
  "mutatingadmissionpolicybindings.admissionregistration.k8s.io": "v1beta1",
};

/** What the storage version hash is made of where it is not "group/storageVersion/kind". */
export const hashedKinds: Readonly<Record<string, string>> = {
  "customresourcedefinitions.apiextensions.k8s.io": "apiextensions.k8s.io/v1beta1/CustomResourceDefinition",
  "events.events.k8s.io": "/v1/Event", // kept in one place with those of the core group
};
