/**
 * What is allowed in pods, but likely not meant. Source: warningsForPodSpecAndMeta in
 * k8s.io/kubernetes/pkg/api/pod/warnings.go.
 */
import type { Container, PodSpec, PodTemplateSpec, ResourceList, Volume } from "../../core-types.ts";
import type { FeatureGates } from "../../feature-gates.ts";
import { goQuote } from "../../go-format.ts";
import { Quantity } from "../../quantity.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import { FieldPath } from "../field.ts";
import { warningsForIp } from "../ip.ts";
import { deprecatedNodeLabel, warningsForNodeSelectorTerm } from "../node-label-warnings.ts";
import { warningsForOverlappingPaths } from "./overlapping-paths.ts";
import { warningsForPorts } from "./port-warnings.ts";
import {
  appArmorAnnotationPrefix,
  appArmorProfileOf,
  seccompAnnotationPrefix,
  seccompPodAnnotation,
} from "./profile-annotations.ts";
import { visitContainers } from "./visit-containers.ts";

type Annotations = Readonly<Record<string, string>>;

interface Places {
  /** undefined in a pod, whose paths start at its top. */
  root: FieldPath | undefined;
  spec: FieldPath;
  annotations: FieldPath;
}

/** GetWarningsForPod. */
export function warningsForPod(
  spec: PodSpec,
  annotations: Annotations | undefined,
  gates: FeatureGates,
): string[] {
  const places = {
    root: undefined,
    spec: FieldPath.of("spec"),
    annotations: FieldPath.of("metadata", "annotations"),
  };
  return warningsFor(spec, annotations ?? {}, places, gates);
}

/** GetWarningsForPodTemplate. */
export function warningsForPodTemplate(
  template: PodTemplateSpec | undefined,
  path: FieldPath,
  gates: FeatureGates,
): string[] {
  if (!template) return [];
  const places = { root: path, spec: path.child("spec"), annotations: path.child("metadata", "annotations") };
  return warningsFor(
    template.spec ?? { containers: [] },
    template.metadata?.annotations ?? {},
    places,
    gates,
  );
}

function warningsFor(spec: PodSpec, annotations: Annotations, places: Places, gates: FeatureGates): string[] {
  const path = places.spec;
  const warnings = [
    ...warningsForScheduling(spec, path),
    ...warningsForAnnotations(annotations, places),
    ...warningsForVolumes(spec.volumes ?? [], path.child("volumes"), gates),
    ...warningsForDuplicates(spec, path),
    ...warningsForBytes(spec.overhead, path.child("overhead")),
  ];
  if (!spec.securityContext?.seccompProfile && Object.hasOwn(annotations, seccompPodAnnotation)) {
    warnings.push(seccompWarning(places, seccompPodAnnotation));
  }
  visitContainers(spec, path, (container, at) => {
    warnings.push(...warningsForProfiles(container, spec, annotations, places));
    warnings.push(...warningsForBytes(container.resources?.limits, at.child("resources", "limits")));
    warnings.push(...warningsForBytes(container.resources?.requests, at.child("resources", "requests")));
    warnings.push(...warningsForEnv(container, at));
  });
  warnings.push(...warningsForPorts(spec, path));
  if (spec.terminationGracePeriodSeconds! < 0) {
    const at = path.child("terminationGracePeriodSeconds");
    warnings.push(`${at}: must be >= 0; negative values are invalid and will be treated as 1`);
  }
  warnings.push(...warningsForPodAffinity(spec, path), ...warningsForAddresses(spec, path));
  return warnings;
}

const nodeTerms = "requiredDuringSchedulingIgnoredDuringExecution";
const preferredTerms = "preferredDuringSchedulingIgnoredDuringExecution";

function warningsForScheduling(spec: PodSpec, path: FieldPath): string[] {
  const warnings: string[] = [];
  for (const key of Object.keys(spec.nodeSelector ?? {})) {
    const message = deprecatedNodeLabel(key);
    if (message) warnings.push(`${path.child("nodeSelector").key(key)}: ${message}`);
  }
  const nodeAffinity = spec.affinity?.nodeAffinity;
  const affinityPath = path.child("affinity", "nodeAffinity");
  nodeAffinity?.[nodeTerms]?.nodeSelectorTerms?.forEach((term, index) => {
    const at = affinityPath.child(nodeTerms, "nodeSelectorTerms").index(index);
    warnings.push(...warningsForNodeSelectorTerm(term, false, at));
  });
  nodeAffinity?.[preferredTerms]?.forEach(({ preference }, index) => {
    const at = affinityPath.child(preferredTerms).index(index).child("preference");
    warnings.push(...warningsForNodeSelectorTerm(preference ?? {}, true, at));
  });
  spec.topologySpreadConstraints?.forEach(({ topologyKey = "", labelSelector }, index) => {
    const at = path.child("topologySpreadConstraints").index(index);
    const message = deprecatedNodeLabel(topologyKey);
    if (message) warnings.push(`${at.child("topologyKey")}: ${topologyKey} is ${message}`);
    if (!labelSelector) warnings.push(nullSelector(at.child("labelSelector")));
  });
  return warnings;
}

const nullSelector = (path: FieldPath): string => `${path}: a null labelSelector results in matching no pod`;

const deadAnnotations: ReadonlyMap<string, string> = new Map([
  [
    "scheduler.alpha.kubernetes.io/critical-pod",
    'non-functional in v1.16+; use the "priorityClassName" field instead',
  ],
  ["security.alpha.kubernetes.io/sysctls", 'non-functional in v1.11+; use the "sysctls" field instead'],
  [
    "security.alpha.kubernetes.io/unsafe-sysctls",
    'non-functional in v1.11+; use the "sysctls" field instead',
  ],
]);

function warningsForAnnotations(annotations: Annotations, places: Places): string[] {
  return [...deadAnnotations]
    .filter(([key]) => Object.hasOwn(annotations, key))
    .map(([key, message]) => `${places.annotations.key(key)}: ${message}`);
}

/** Volume types, in upstream's order, with the name that their warning gives them where it is another one. */
const oldVolumes: readonly [keyof Volume, string, string?][] = [
  ["photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"],
  ["gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"],
  ["scaleIO", "deprecated in v1.16, non-functional in v1.22+"],
  ["flocker", "deprecated in v1.22, non-functional in v1.25+"],
  ["storageos", "deprecated in v1.22, non-functional in v1.25+", "storageOS"],
  ["quobyte", "deprecated in v1.22, non-functional in v1.25+"],
  ["glusterfs", "deprecated in v1.25, non-functional in v1.26+"],
  ["ephemeral", ""],
  ["cephfs", "deprecated in v1.28, non-functional in v1.31+"],
  ["rbd", "deprecated in v1.28, non-functional in v1.31+"],
];

function warningsForVolumes(volumes: readonly Volume[], path: FieldPath, gates: FeatureGates): string[] {
  const warnings: string[] = [];
  volumes.forEach((volume, index) => {
    for (const [field, message, name = field] of oldVolumes) {
      if (!volume[field]) continue;
      const at = path.index(index).child(name);
      if (field === "ephemeral") warnings.push(...warningsForClaim(volume, at));
      else if (field === "gitRepo" && gates.enabled("GitRepoVolumeDriver")) {
        warnings.push(`${at}: deprecated in v1.11`);
      } else {
        warnings.push(`${at}: ${message}`);
      }
    }
  });
  return [...warnings, ...warningsForOverlappingPaths(volumes)];
}

function warningsForClaim({ ephemeral }: Volume, path: FieldPath): string[] {
  const resources = ephemeral?.volumeClaimTemplate?.spec?.resources;
  const at = path.child("volumeClaimTemplate", "spec", "resources");
  return [
    ...warningsForBytes(resources?.requests, at.child("requests"), ["storage"]),
    ...warningsForBytes(resources?.limits, at.child("limits"), ["storage"]),
  ];
}

/** Bytes that are no whole number. */
function warningsForBytes(
  list: ResourceList | undefined,
  path: FieldPath,
  resources: readonly string[] = ["memory", "ephemeral-storage"],
): string[] {
  const warnings: string[] = [];
  for (const resource of resources) {
    const text = list && Object.hasOwn(list, resource) ? list[resource] : undefined;
    // Only a quantity with a small suffix is fractional.
    if (!text || !/[a-z]/.test(text) || Quantity.parse(text).milliValue() % 1000n === 0n) continue;
    warnings.push(
      `${path.key(resource)}: fractional byte value ${goQuote(text)} is invalid, must be an integer`,
    );
  }
  return warnings;
}

function warningsForDuplicates(spec: PodSpec, path: FieldPath): string[] {
  const warnings: string[] = [];
  const addresses = new Set<string>();
  spec.hostAliases?.forEach(({ ip = "" }, index) => {
    const at = path.child("hostAliases").index(index).child("ip");
    if (addresses.has(ip)) warnings.push(`${at}: duplicate ip ${goQuote(ip)}`);
    addresses.add(ip);
  });
  const secrets = spec.imagePullSecrets ?? [];
  const nameAt = (index: number): FieldPath => path.child("imagePullSecrets").index(index).child("name");
  const names = new Set<string>();
  secrets.forEach(({ name = "" }, index) => {
    if (names.has(name)) warnings.push(`${nameAt(index)}: duplicate name ${goQuote(name)}`);
    names.add(name);
  });
  secrets.forEach(({ name }, index) => {
    if (!name) warnings.push(`${nameAt(index)}: invalid empty name ""`);
  });
  return warnings;
}

const seccompWarning = ({ annotations }: Places, key: string): string =>
  `${annotations.key(key)}: non-functional in v1.27+; use the "seccompProfile" field instead`;

function warningsForProfiles(
  { name, securityContext }: Container,
  spec: PodSpec,
  annotations: Annotations,
  places: Places,
): string[] {
  const warnings: string[] = [];
  const seccompKey = `${seccompAnnotationPrefix}${name}`;
  if (!securityContext?.seccompProfile && Object.hasOwn(annotations, seccompKey)) {
    warnings.push(seccompWarning(places, seccompKey));
  }
  // Of a pod this was said when the annotation was written into the field.
  if (!places.root || securityContext?.appArmorProfile) return warnings;
  const key = `${appArmorAnnotationPrefix}${name}`;
  if (!Object.hasOwn(annotations, key)) return warnings;
  const ofPod = spec.securityContext?.appArmorProfile;
  if (ofPod && semanticEqual(ofPod, appArmorProfileOf(annotations[key]!))) return warnings;
  return [...warnings, appArmorWarning(places.annotations, key)];
}

export const appArmorWarning = (annotationsPath: FieldPath, key: string): string =>
  `${annotationsPath.key(key)}: deprecated since v1.30; use the "appArmorProfile" field instead`;

function warningsForEnv({ env = [] }: Container, path: FieldPath): string[] {
  const warnings: string[] = [];
  const names = new Set<string>();
  env.forEach(({ name, value = "", valueFrom }, index) => {
    if (!names.has(name)) {
      names.add(name);
      return;
    }
    // A value that extends the earlier one is meant.
    const reference = `$(${name})`;
    if (!valueFrom && value !== reference && value.includes(reference)) return;
    const detail = `hides previous definition of ${goQuote(name)}, which may be dropped when using apply`;
    warnings.push(`${path.child("env").index(index)}: ${detail}`);
  });
  return warnings;
}

function warningsForPodAffinity(spec: PodSpec, path: FieldPath): string[] {
  const warnings: string[] = [];
  for (const half of ["podAffinity", "podAntiAffinity"] as const) {
    const affinity = spec.affinity?.[half];
    affinity?.[nodeTerms]?.forEach(({ labelSelector }, index) => {
      const at = path.child("affinity", half, nodeTerms).index(index);
      if (!labelSelector) warnings.push(nullSelector(at.child("labelSelector")));
    });
    affinity?.[preferredTerms]?.forEach(({ podAffinityTerm }, index) => {
      const at = path.child("affinity", half, preferredTerms).index(index);
      if (!podAffinityTerm?.labelSelector) {
        warnings.push(nullSelector(at.child("podAffinityTerm", "labelSelector")));
      }
    });
  }
  return warnings;
}

function warningsForAddresses({ dnsConfig, hostAliases }: PodSpec, path: FieldPath): string[] {
  const servers = path.child("dnsConfig", "nameservers");
  return [
    ...(dnsConfig?.nameservers ?? []).flatMap((ip, index) => warningsForIp(servers.index(index), ip)),
    ...(hostAliases ?? []).flatMap(({ ip = "" }, index) =>
      warningsForIp(path.child("hostAliases").index(index).child("ip"), ip),
    ),
  ];
}
