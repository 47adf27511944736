/**
 * What is allowed in pods, but likely not meant. Source: warningsForPodSpecAndMeta in
 * k8s.io/kubernetes/pkg/api/pod/warnings.go.
 */
import type {
  Container,
  NodeAffinity,
  PodSpec,
  PodTemplateSpec,
  ResourceList,
  Volume,
} from "../../core-types.ts";
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

const placesOfPod: Places = {
  root: undefined,
  spec: FieldPath.of("spec"),
  annotations: FieldPath.of("metadata", "annotations"),
};

/** GetWarningsForPod. */
export function warningsForPod(
  spec: PodSpec,
  annotations: Annotations | undefined,
  gates: FeatureGates,
): string[] {
  return warningsFor(spec, annotations ?? {}, placesOfPod, gates);
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
  const warnings: string[] = [];
  warnOfScheduling(warnings, spec, path);
  warnOfAnnotations(warnings, annotations, places);
  if (spec.volumes) warnOfVolumes(warnings, spec.volumes, path, gates);
  warnOfDuplicates(warnings, spec, path);
  warnOfBytes(warnings, spec.overhead, path, "overhead");
  if (!spec.securityContext?.seccompProfile && Object.hasOwn(annotations, seccompPodAnnotation)) {
    warnings.push(seccompWarning(places, seccompPodAnnotation));
  }
  visitContainers(spec, path, (container, at) => {
    warnOfProfiles(warnings, container, spec, annotations, places);
    warnOfBytes(warnings, container.resources?.limits, at, "resources", "limits");
    warnOfBytes(warnings, container.resources?.requests, at, "resources", "requests");
    warnOfEnv(warnings, container, at);
  });
  warnings.push(...warningsForPorts(spec, path));
  if (spec.terminationGracePeriodSeconds! < 0) {
    const at = path.child("terminationGracePeriodSeconds");
    warnings.push(`${at}: must be >= 0; negative values are invalid and will be treated as 1`);
  }
  if (spec.affinity) warnOfPodAffinity(warnings, spec.affinity, path);
  warnOfAddresses(warnings, spec, path);
  return warnings;
}

const nodeTerms = "requiredDuringSchedulingIgnoredDuringExecution";
const preferredTerms = "preferredDuringSchedulingIgnoredDuringExecution";

function warnOfScheduling(warnings: string[], spec: PodSpec, path: FieldPath): void {
  for (const key of spec.nodeSelector ? Object.keys(spec.nodeSelector) : []) {
    const message = deprecatedNodeLabel(key);
    if (message) warnings.push(`${path.child("nodeSelector").key(key)}: ${message}`);
  }
  const nodeAffinity = spec.affinity?.nodeAffinity;
  if (nodeAffinity) warnOfNodeAffinity(warnings, nodeAffinity, path.child("affinity", "nodeAffinity"));
  spec.topologySpreadConstraints?.forEach(({ topologyKey = "", labelSelector }, index) => {
    const at = path.child("topologySpreadConstraints").index(index);
    const message = deprecatedNodeLabel(topologyKey);
    if (message) warnings.push(`${at.child("topologyKey")}: ${topologyKey} is ${message}`);
    if (!labelSelector) warnings.push(nullSelector(at.child("labelSelector")));
  });
}

function warnOfNodeAffinity(warnings: string[], affinity: NodeAffinity, path: FieldPath): void {
  affinity[nodeTerms]?.nodeSelectorTerms?.forEach((term, index) => {
    const at = path.child(nodeTerms, "nodeSelectorTerms").index(index);
    warnings.push(...warningsForNodeSelectorTerm(term, false, at));
  });
  affinity[preferredTerms]?.forEach(({ preference }, index) => {
    const at = path.child(preferredTerms).index(index).child("preference");
    warnings.push(...warningsForNodeSelectorTerm(preference ?? {}, true, at));
  });
}

const nullSelector = (path: FieldPath): string => `${path}: a null labelSelector results in matching no pod`;

const deadAnnotations: readonly [key: string, message: string][] = [
  [
    "scheduler.alpha.kubernetes.io/critical-pod",
    'non-functional in v1.16+; use the "priorityClassName" field instead',
  ],
  ["security.alpha.kubernetes.io/sysctls", 'non-functional in v1.11+; use the "sysctls" field instead'],
  [
    "security.alpha.kubernetes.io/unsafe-sysctls",
    'non-functional in v1.11+; use the "sysctls" field instead',
  ],
];

function warnOfAnnotations(warnings: string[], annotations: Annotations, places: Places): void {
  for (const [key, message] of deadAnnotations) {
    if (Object.hasOwn(annotations, key)) warnings.push(`${places.annotations.key(key)}: ${message}`);
  }
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

const oldVolumeFields: ReadonlySet<string> = new Set(oldVolumes.map(([field]) => field));

function warnOfVolumes(
  warnings: string[],
  volumes: readonly Volume[],
  specPath: FieldPath,
  gates: FeatureGates,
): void {
  volumes.forEach((volume, index) => {
    // Nearly none is one of these.
    if (!Object.keys(volume).some((field) => oldVolumeFields.has(field))) return;
    for (const [field, message, name = field] of oldVolumes) {
      if (!volume[field]) continue;
      const at = specPath.child("volumes").index(index).child(name);
      if (field === "ephemeral") warnOfClaim(warnings, volume, at);
      else if (field === "gitRepo" && gates.enabled("GitRepoVolumeDriver")) {
        warnings.push(`${at}: deprecated in v1.11`);
      } else {
        warnings.push(`${at}: ${message}`);
      }
    }
  });
  warnings.push(...warningsForOverlappingPaths(volumes));
}

function warnOfClaim(warnings: string[], { ephemeral }: Volume, path: FieldPath): void {
  const resources = ephemeral?.volumeClaimTemplate?.spec?.resources;
  const at = path.child("volumeClaimTemplate", "spec", "resources");
  warnOfAmount(warnings, resources?.requests, "storage", at, "requests");
  warnOfAmount(warnings, resources?.limits, "storage", at, "limits");
}

type Fields = readonly [name: string, ...more: string[]];

/** fields lead from path to the list. */
function warnOfBytes(
  warnings: string[],
  list: ResourceList | undefined,
  path: FieldPath,
  ...fields: Fields
): void {
  if (!list) return;
  warnOfAmount(warnings, list, "memory", path, ...fields);
  warnOfAmount(warnings, list, "ephemeral-storage", path, ...fields);
}

/** Bytes that are no whole number. */
function warnOfAmount(
  warnings: string[],
  list: ResourceList | undefined,
  resource: string,
  path: FieldPath,
  ...fields: Fields
): void {
  const text = list && Object.hasOwn(list, resource) ? list[resource] : undefined;
  // Only a quantity with a small suffix, such as m, is fractional; the i of Mi is none.
  if (!text || !/[a-hj-z]/.test(text) || Quantity.parse(text).milliValue() % 1000n === 0n) return;
  const at = path.child(...fields).key(resource);
  warnings.push(`${at}: fractional byte value ${goQuote(text)} is invalid, must be an integer`);
}

function warnOfDuplicates(warnings: string[], spec: PodSpec, path: FieldPath): void {
  if (spec.hostAliases) warnOfRepeatedIps(warnings, spec.hostAliases, path);
  if (spec.imagePullSecrets) warnOfRepeatedSecrets(warnings, spec.imagePullSecrets, path);
}

function warnOfRepeatedIps(
  warnings: string[],
  aliases: NonNullable<PodSpec["hostAliases"]>,
  path: FieldPath,
): void {
  const addresses = new Set<string>();
  aliases.forEach(({ ip = "" }, index) => {
    const at = path.child("hostAliases").index(index).child("ip");
    if (addresses.has(ip)) warnings.push(`${at}: duplicate ip ${goQuote(ip)}`);
    addresses.add(ip);
  });
}

function warnOfRepeatedSecrets(
  warnings: string[],
  secrets: NonNullable<PodSpec["imagePullSecrets"]>,
  path: FieldPath,
): void {
  const nameAt = (index: number): FieldPath => path.child("imagePullSecrets").index(index).child("name");
  const names = new Set<string>();
  secrets.forEach(({ name = "" }, index) => {
    if (names.has(name)) warnings.push(`${nameAt(index)}: duplicate name ${goQuote(name)}`);
    names.add(name);
  });
  secrets.forEach(({ name }, index) => {
    if (!name) warnings.push(`${nameAt(index)}: invalid empty name ""`);
  });
}

const seccompWarning = ({ annotations }: Places, key: string): string =>
  `${annotations.key(key)}: non-functional in v1.27+; use the "seccompProfile" field instead`;

function warnOfProfiles(
  warnings: string[],
  { name, securityContext }: Container,
  spec: PodSpec,
  annotations: Annotations,
  places: Places,
): void {
  const seccompKey = `${seccompAnnotationPrefix}${name}`;
  if (!securityContext?.seccompProfile && Object.hasOwn(annotations, seccompKey)) {
    warnings.push(seccompWarning(places, seccompKey));
  }
  // Of a pod this was said when the annotation was written into the field.
  if (!places.root || securityContext?.appArmorProfile) return;
  const key = `${appArmorAnnotationPrefix}${name}`;
  if (!Object.hasOwn(annotations, key)) return;
  const ofPod = spec.securityContext?.appArmorProfile;
  if (ofPod && semanticEqual(ofPod, appArmorProfileOf(annotations[key]!))) return;
  warnings.push(appArmorWarning(places.annotations, key));
}

export const appArmorWarning = (annotationsPath: FieldPath, key: string): string =>
  `${annotationsPath.key(key)}: deprecated since v1.30; use the "appArmorProfile" field instead`;

function warnOfEnv(warnings: string[], { env }: Container, path: FieldPath): void {
  if (!env) return;
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
}

function warnOfPodAffinity(
  warnings: string[],
  halves: NonNullable<PodSpec["affinity"]>,
  path: FieldPath,
): void {
  for (const half of ["podAffinity", "podAntiAffinity"] as const) {
    const affinity = halves[half];
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
}

function warnOfAddresses(warnings: string[], { dnsConfig, hostAliases }: PodSpec, path: FieldPath): void {
  dnsConfig?.nameservers?.forEach((ip, index) => {
    warnings.push(...warningsForIp(path.child("dnsConfig", "nameservers").index(index), ip));
  });
  hostAliases?.forEach(({ ip = "" }, index) => {
    warnings.push(...warningsForIp(path.child("hostAliases").index(index).child("ip"), ip));
  });
}
