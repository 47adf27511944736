/** What follows from a Service's spec. Source: pkg/api/service/util.go and pkg/apis/core/validation. */
import type { ObjectOf } from "./object-of.ts";

type Service = Partial<Pick<ObjectOf<"io.k8s.api.core.v1.Service">, "spec">>;

/** clusterIPs is exactly ["None"]. */
export function isHeadless({ spec }: Service): boolean {
  return spec?.clusterIPs?.length === 1 && spec.clusterIPs[0] === "None";
}

/** ExternallyAccessible. */
export function externallyAccessible({ spec }: Service): boolean {
  if (spec?.type === "LoadBalancer" || spec?.type === "NodePort") return true;
  return spec?.type === "ClusterIP" && (spec.externalIPs?.length ?? 0) > 0;
}

/** NeedsHealthCheck: a load balancer that asks each node whether it has endpoints of its own. */
export function needsHealthCheck({ spec }: Service): boolean {
  return spec?.type === "LoadBalancer" && spec.externalTrafficPolicy === "Local";
}
