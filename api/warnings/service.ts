/** Source: pkg/api/service/warnings.go and pkg/registry/core/service/strategy.go. */
import type { ObjectOf } from "../object-of.ts";
import { FieldPath } from "../validation/field.ts";
import { warningsForCidr, warningsForIp } from "../validation/ip.ts";

type Service = ObjectOf<"io.k8s.api.core.v1.Service">;

const spec = FieldPath.of("spec");
const topologyHints = "service.kubernetes.io/topology-aware-hints";
const topologyMode = "service.kubernetes.io/topology-mode";

/** GetWarningsForService. */
export function serviceWarnings({ metadata, spec: own }: Service): string[] {
  const { type, clusterIP, clusterIPs = [], externalIPs = [], loadBalancerIP } = own;
  const headless = type === "ClusterIP" && clusterIP === "None";
  const warnings: string[] = [];
  if (metadata.annotations?.[topologyHints] !== undefined) {
    warnings.push(`annotation ${topologyHints} is deprecated, please use ${topologyMode} instead`);
  }
  if (clusterIP && clusterIP !== "None") {
    warnings.push(...clusterIPs.flatMap((ip, i) => warningsForIp(spec.child("clusterIPs").index(i), ip)));
  }
  if (headless) {
    if (loadBalancerIP) warnings.push("spec.loadBalancerIP is ignored for headless services");
    if (externalIPs.length > 0) warnings.push("spec.externalIPs is ignored for headless services");
    if (own.sessionAffinity !== "None") {
      warnings.push("spec.SessionAffinity is ignored for headless services");
    }
  }
  warnings.push(...externalIPs.flatMap((ip, i) => warningsForIp(spec.child("externalIPs").index(i), ip)));
  if (externalIPs.length > 0 && !headless && type !== "ExternalName") {
    warnings.push("spec.externalIPs is deprecated and may no longer be implemented in some clusters");
  }
  if (loadBalancerIP) warnings.push(...warningsForIp(spec.child("loadBalancerIP"), loadBalancerIP));
  own.loadBalancerSourceRanges?.forEach((cidr, i) => {
    warnings.push(...warningsForCidr(spec.child("loadBalancerSourceRanges").index(i), cidr));
  });
  if (type === "ExternalName" && externalIPs.length > 0) {
    warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  }
  if (type !== "ExternalName" && own.externalName) {
    warnings.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  }
  if (own.trafficDistribution === "PreferClose") {
    warnings.push('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"');
  }
  return warnings;
}

/** Of a status update. */
export const serviceStatusWarnings = ({ status }: Service): string[] =>
  loadBalancerWarnings(status.loadBalancer?.ingress);

/** Also of an Ingress's status. */
export function loadBalancerWarnings(ingress: readonly { ip?: string }[] = []): string[] {
  const path = FieldPath.of("status", "loadBalancer", "ingress");
  return ingress.flatMap(({ ip }, index) => (ip ? warningsForIp(path.index(index), ip) : []));
}
