/**
 * clusterIP, clusterIPs, ipFamilies and ipFamilyPolicy of a Service depend on each other; clients may leave out what
 * follows from the rest. Source: pkg/registry/core/service/storage/{alloc,storage}.go.
 */
import type { FeatureGates } from "../../api/feature-gates.ts";
import { invalid as invalidStatus } from "../../api/status.ts";
import { validateServiceClusterIps } from "../../api/validation/core/service-cluster-ips.ts";
import { type FieldError, FieldPath, invalid } from "../../api/validation/field.ts";
import { type IpFamily, ipFamilyOf } from "./ip-range.ts";
import type { Service } from "./service-ips.ts";

type Spec = NonNullable<Service["spec"]>;

const specPath = FieldPath.of("spec");
const policyPath = specPath.child("ipFamilyPolicy");

/** The families of the cluster's service CIDRs; the first is the default. */
export type ClusterFamilies = readonly [IpFamily, ...IpFamily[]];

export const hasClusterIp = ({ type }: Spec): boolean => type !== "ExternalName";

const sameList = (a: readonly string[] = [], b: readonly string[] = []): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);

/** An update from an older client knows clusterIP only, one from a newer client sends both. */
export function normalizeClusterIps(spec: Spec, old: Spec | undefined): void {
  const { clusterIP = "", clusterIPs = [] } = spec;
  if (!old) {
    if (clusterIP !== "" && clusterIPs.length === 0) spec.clusterIPs = [clusterIP];
    return;
  }
  const before = old.clusterIP ?? "";
  if (old.clusterIPs?.length && clusterIPs.length === 0 && before === clusterIP) {
    spec.clusterIPs = [...old.clusterIPs];
  }
  if (before === clusterIP || !sameList(old.clusterIPs, spec.clusterIPs)) return;
  if (before !== "" && clusterIP === "") delete spec.clusterIPs;
  else spec.clusterIPs = [clusterIP];
}

/** PreferDualStack services keep what they have, also when the cluster has become dual-stack meanwhile. */
export function keepsDualStackChoice(spec: Spec, old: Spec | undefined): boolean {
  if (!old || spec.ipFamilyPolicy !== "PreferDualStack" || old.type !== spec.type) return false;
  if (spec.type !== "ClusterIP" && spec.type !== "NodePort" && spec.type !== "LoadBalancer") return false;
  if (old.ipFamilyPolicy !== undefined && old.ipFamilyPolicy !== "PreferDualStack") return false;
  return sameList(old.clusterIPs, spec.clusterIPs) && sameList(old.ipFamilies, spec.ipFamilies);
}

/** initIPFamilyFields: throws a StatusError (Invalid) for combinations that the cluster cannot serve. */
export function fillIpFamilies(
  service: Service,
  old: Service | undefined,
  cluster: ClusterFamilies,
  gates: FeatureGates,
): void {
  const spec = service.spec!;
  if (!hasClusterIp(spec) || keepsDualStackChoice(spec, old?.spec)) return;
  const loose = spec.clusterIP === "None" && Object.keys(spec.selector ?? {}).length === 0;
  // Headless without a selector: its endpoints may be of any family.
  spec.ipFamilyPolicy ??= old?.spec?.ipFamilyPolicy ?? (loose ? "RequireDualStack" : "SingleStack");
  refuse(service, validateServiceClusterIps(service, old, gates));
  const errors = old?.spec ? releaseSecond(spec, old.spec) : [];
  errors.push(...checkSingleStack(spec), ...inferFamilies(spec, cluster));
  refuse(service, errors);
  if (!loose) refuse(service, checkCluster(spec, cluster));
  const families = (spec.ipFamilies ?? []) as IpFamily[];
  if (families.length === 0) families.push(cluster[0]);
  if (families.length === 1 && spec.ipFamilyPolicy !== "SingleStack" && (loose || cluster.length === 2)) {
    families.push(families[0] === "IPv4" ? "IPv6" : "IPv4");
  }
  spec.ipFamilies = families;
}

function refuse({ metadata }: Service, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalidStatus({ group: "", kind: "Service" }, metadata.name ?? "", errors);
}

/** Going back to one family: implied by SingleStack where the lists are unchanged, else it must be said. */
function releaseSecond(spec: Spec, old: Spec): FieldError[] {
  if (spec.ipFamilyPolicy === "SingleStack") {
    const { clusterIPs = [], ipFamilies = [] } = spec;
    if (clusterIPs.length > 1 && sameList(clusterIPs, old.clusterIPs))
      spec.clusterIPs = clusterIPs.slice(0, 1);
    if (ipFamilies.length > 1 && sameList(ipFamilies, old.ipFamilies))
      spec.ipFamilies = ipFamilies.slice(0, 1);
    return [];
  }
  const errors: FieldError[] = [];
  const reduced = (now: readonly string[] = [], before: readonly string[] = []): boolean =>
    now.length > 0 && now.length < before.length;
  const must = (what: string): FieldError =>
    invalid(policyPath, spec.ipFamilyPolicy, `must be 'SingleStack' to release the secondary ${what}`);
  if (reduced(spec.clusterIPs, old.clusterIPs)) errors.push(must("cluster IP"));
  if (reduced(spec.ipFamilies, old.ipFamilies)) errors.push(must("IP family"));
  return errors;
}

function checkSingleStack({ ipFamilyPolicy, clusterIPs, ipFamilies }: Spec): FieldError[] {
  if (ipFamilyPolicy !== "SingleStack") return [];
  const must = (what: string): FieldError =>
    invalid(
      policyPath,
      ipFamilyPolicy,
      `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`,
    );
  return [
    ...(clusterIPs?.length === 2 ? [must("cluster IPs")] : []),
    ...(ipFamilies?.length === 2 ? [must("IP families")] : []),
  ];
}

/** Families that are not said follow from the addresses. */
function inferFamilies(spec: Spec, cluster: ClusterFamilies): FieldError[] {
  const errors: FieldError[] = [];
  const { clusterIPs = [] } = spec;
  if (clusterIPs[0] === "None") return errors;
  const families = [...(spec.ipFamilies ?? [])];
  for (const [index, ip] of clusterIPs.entries()) {
    if (index < families.length) continue;
    const family = ipFamilyOf(ip) ?? "unknown";
    if (family !== "unknown" && cluster.includes(family)) families.push(family);
    else {
      const detail = `${family} is not configured on this cluster`;
      errors.push(invalid(specPath.child("clusterIPs").index(index), clusterIPs, detail));
    }
  }
  if (families.length > 0) spec.ipFamilies = families;
  return errors;
}

function checkCluster({ ipFamilyPolicy, ipFamilies = [] }: Spec, cluster: ClusterFamilies): FieldError[] {
  const errors: FieldError[] = [];
  if (ipFamilyPolicy === "RequireDualStack" && cluster.length < 2) {
    const detail = "this cluster is not configured for dual-stack services";
    errors.push(invalid(policyPath, ipFamilyPolicy, detail));
  }
  for (const [index, family] of ipFamilies.entries()) {
    if ((cluster as readonly string[]).includes(family)) continue;
    errors.push(invalid(specPath.child("ipFamilies").index(index), family, "not configured on this cluster"));
  }
  return errors;
}
