import type { Clock, Random } from "../../api/clock.ts";
import type { FeatureGates } from "../../api/feature-gates.ts";
import { goQuote } from "../../api/go-format.ts";
import type { Authorizer } from "../auth/authorizer.ts";
import type { AdmissionPlugin } from "./chain.ts";
import type { EventLimit } from "./event-rate-limit/configuration.ts";
import type { AdmissionObjects } from "./objects.ts";
import { alwaysDeny } from "./plugins/always-deny.ts";
import { alwaysPullImages } from "./plugins/always-pull-images.ts";
import {
  certificateApproval,
  certificateSigning,
  certificateSubjectRestriction,
  clusterTrustBundleAttest,
} from "./plugins/certificates.ts";
import { defaultIngressClass } from "./plugins/default-ingress-class.ts";
import { defaultStorageClass } from "./plugins/default-storage-class.ts";
import { defaultTolerationSeconds, type TolerationSeconds } from "./plugins/default-toleration-seconds.ts";
import { denyServiceExternalIps } from "./plugins/deny-service-external-ips.ts";
import { eventRateLimit } from "./plugins/event-rate-limit.ts";
import { extendedResourceToleration } from "./plugins/extended-resource-toleration.ts";
import { limitPodHardAntiAffinityTopology } from "./plugins/limit-pod-hard-anti-affinity-topology.ts";
import { limitRanger } from "./plugins/limit-ranger.ts";
import { namespaceAutoProvision, namespaceExists } from "./plugins/namespace-exists.ts";
import { namespaceLifecycle } from "./plugins/namespace-lifecycle.ts";
import { nodeDeclaredFeatureValidator } from "./plugins/node-declared-feature-validator.ts";
import { nodeRestriction } from "./plugins/node-restriction.ts";
import {
  type OwnerRights,
  ownerReferencesPermissionEnforcement,
} from "./plugins/owner-references-permission-enforcement.ts";
import { persistentVolumeClaimResize } from "./plugins/persistent-volume-claim-resize.ts";
import { type NodeSelectors, podNodeSelector } from "./plugins/pod-node-selector.ts";
import { podResizeValidator } from "./plugins/pod-resize-validator.ts";
import { podSecurity } from "./plugins/pod-security.ts";
import { type ClusterTolerations, podTolerationRestriction } from "./plugins/pod-toleration-restriction.ts";
import { podTopologyLabels } from "./plugins/pod-topology-labels.ts";
import { priority } from "./plugins/priority.ts";
import { type QuotaDependencies, resourceQuota } from "./plugins/resource-quota.ts";
import { runtimeClass } from "./plugins/runtime-class.ts";
import { type ServiceAccountDependencies, serviceAccount } from "./plugins/service-account.ts";
import {
  podGroupProtection,
  storageObjectInUseProtection,
} from "./plugins/storage-object-in-use-protection.ts";
import { taintNodesByCondition } from "./plugins/taint-nodes-by-condition.ts";
import { jobValidation, podGroupWorkloadExists } from "./plugins/workloads.ts";
import type { PodSecurityConfiguration } from "./pod-security/configuration.ts";

/** What plug-ins are made with. */
export interface AdmissionDependencies {
  objects: AdmissionObjects;
  gates: FeatureGates;
  clock: Clock;
  random: Random;
  generateName: ServiceAccountDependencies["generateName"];
  tolerationSeconds: TolerationSeconds;
  podSecurity: PodSecurityConfiguration;
  /** Throws where nobody has said what they are. */
  eventLimits(): readonly EventLimit[];
  nodeSelectors: NodeSelectors;
  clusterTolerations: ClusterTolerations;
  quota: Pick<QuotaDependencies, "updateStatus" | "limitedResources">;
  authorizer: Authorizer;
  resourcesOf: OwnerRights["resourcesOf"];
  createNamespace(name: string): Promise<void>;
}

interface PluginEntry {
  name: string;
  /** undefined: only upstream has it. */
  make?(dependencies: AdmissionDependencies): AdmissionPlugin;
  /** Has to be asked for with --enable-admission-plugins. */
  offByDefault?: true;
}

/** All plug-ins in upstream's order. Source: AllOrderedPlugins of pkg/kubeapiserver/options/plugins.go. */
const ordered: readonly PluginEntry[] = [
  { name: "AlwaysAdmit", offByDefault: true, make: () => ({ name: "AlwaysAdmit", rules: [] }) },
  {
    name: "NamespaceAutoProvision",
    offByDefault: true,
    make: ({ objects, createNamespace }) => namespaceAutoProvision(objects, createNamespace),
  },
  { name: "NamespaceLifecycle", make: ({ objects }) => namespaceLifecycle(objects) },
  { name: "NamespaceExists", offByDefault: true, make: ({ objects }) => namespaceExists(objects) },
  {
    name: "LimitPodHardAntiAffinityTopology",
    offByDefault: true,
    make: () => limitPodHardAntiAffinityTopology,
  },
  { name: "LimitRanger", make: ({ objects, gates }) => limitRanger(objects, gates) },
  { name: "ServiceAccount", make: serviceAccount },
  { name: "NodeRestriction", offByDefault: true, make: nodeRestriction },
  { name: "TaintNodesByCondition", make: () => taintNodesByCondition },
  { name: "AlwaysPullImages", offByDefault: true, make: () => alwaysPullImages },
  { name: "ImagePolicyWebhook", offByDefault: true },
  { name: "PodSecurity", make: ({ objects, podSecurity: own }) => podSecurity(objects, own) },
  {
    name: "PodNodeSelector",
    offByDefault: true,
    make: ({ objects, nodeSelectors }) => podNodeSelector(objects, nodeSelectors),
  },
  { name: "Priority", make: ({ objects, gates }) => priority(objects, gates) },
  {
    name: "DefaultTolerationSeconds",
    make: ({ tolerationSeconds }) => defaultTolerationSeconds(tolerationSeconds),
  },
  {
    name: "PodTolerationRestriction",
    offByDefault: true,
    make: ({ objects, gates, clusterTolerations }) =>
      podTolerationRestriction(objects, gates, clusterTolerations),
  },
  {
    name: "EventRateLimit",
    offByDefault: true,
    make: ({ eventLimits, clock }) => eventRateLimit(eventLimits(), clock),
  },
  { name: "ExtendedResourceToleration", offByDefault: true, make: () => extendedResourceToleration },
  { name: "DefaultStorageClass", make: ({ objects }) => defaultStorageClass(objects) },
  { name: "StorageObjectInUseProtection", make: ({ gates }) => storageObjectInUseProtection(gates) },
  { name: "PodGroupProtection", make: ({ gates }) => podGroupProtection(gates) },
  {
    name: "OwnerReferencesPermissionEnforcement",
    offByDefault: true,
    make: ({ authorizer, resourcesOf }) => ownerReferencesPermissionEnforcement({ authorizer, resourcesOf }),
  },
  { name: "PersistentVolumeClaimResize", make: ({ objects }) => persistentVolumeClaimResize(objects) },
  { name: "RuntimeClass", make: ({ objects }) => runtimeClass(objects) },
  { name: "CertificateApproval", make: ({ authorizer }) => certificateApproval(authorizer) },
  { name: "CertificateSigning", make: ({ authorizer }) => certificateSigning(authorizer) },
  {
    name: "ClusterTrustBundleAttest",
    make: ({ authorizer, gates }) => clusterTrustBundleAttest(authorizer, gates),
  },
  { name: "CertificateSubjectRestriction", make: () => certificateSubjectRestriction },
  { name: "DefaultIngressClass", make: ({ objects }) => defaultIngressClass(objects) },
  { name: "DenyServiceExternalIPs", offByDefault: true, make: () => denyServiceExternalIps },
  { name: "PodTopologyLabels", make: ({ objects, gates }) => podTopologyLabels(objects, gates) },
  {
    name: "PodGroupWorkloadExists",
    make: ({ objects, gates }) => podGroupWorkloadExists(objects, gates),
  },
  {
    name: "NodeDeclaredFeatureValidator",
    make: ({ objects, gates }) => nodeDeclaredFeatureValidator(objects, gates),
  },
  { name: "JobValidation", make: ({ objects, gates }) => jobValidation(objects, gates) },
  { name: "PodResizeValidator", make: ({ objects, gates }) => podResizeValidator(objects, gates) },
  { name: "MutatingAdmissionPolicy" },
  { name: "MutatingAdmissionWebhook" },
  { name: "ValidatingAdmissionPolicy" },
  { name: "ValidatingAdmissionWebhook" },
  { name: "ResourceQuota", make: ({ quota, ...own }) => resourceQuota({ ...own, ...quota }) },
  { name: "AlwaysDeny", offByDefault: true, make: () => alwaysDeny },
];

/** The plug-ins that --enable-admission-plugins and --disable-admission-plugins name. */
export interface PluginChoice {
  enable: readonly string[];
  disable: readonly string[];
}

/**
 * What is wrong with a choice, in upstream's words as far as upstream would complain.
 * Source: AdmissionOptions.Validate of k8s.io/apiserver/pkg/server/options.
 */
export function pluginChoiceProblems({ enable, disable }: PluginChoice): string[] {
  const entryOf = (name: string) => ordered.find((entry) => entry.name === name);
  const unknown = (flag: string, names: readonly string[]): string[] =>
    names.filter((name) => !entryOf(name)).map((name) => `${flag} plugin ${goQuote(name)} is unknown`);
  const problems = [
    ...unknown("enable-admission-plugins", enable),
    ...unknown("disable-admission-plugins", disable),
  ];
  const both = [...new Set(enable)].filter((name) => disable.includes(name)).sort();
  if (both.length > 0) {
    problems.push(`[${both.join(" ")}] in enable-admission-plugins and disable-admission-plugins overlapped`);
  }
  const missing = enable.filter((name) => entryOf(name) && !entryOf(name)!.make);
  return [...problems, ...missing.map((name) => `admission plugin ${goQuote(name)} is not there yet`)];
}

/** Names of the plug-ins that are on without a choice. */
export const defaultPluginNames: readonly string[] = ordered
  .filter((entry) => entry.make && !entry.offByDefault)
  .map(({ name }) => name);

/** The chosen plug-ins in their order. */
export function enabledPlugins(
  { enable, disable }: PluginChoice,
  dependencies: AdmissionDependencies,
): AdmissionPlugin[] {
  return ordered.flatMap(({ name, make, offByDefault }) => {
    const isOn = enable.includes(name) || (!offByDefault && !disable.includes(name));
    return isOn && make ? [make(dependencies)] : [];
  });
}
