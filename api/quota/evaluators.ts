import type { GroupResource } from "../status.ts";
import { objectCount, type QuotaEvaluator } from "./evaluator.ts";
import { claimQuota } from "./persistent-volume-claims.ts";
import { podQuota } from "./pods.ts";
import { resourceClaimQuota } from "./resource-claims.ts";
import { serviceQuota } from "./services.ts";

/** Kinds that are never kept, and events, are not limited. Source: pkg/quota/v1/install/registry.go. */
const ignored: ReadonlySet<string> = new Set([
  "/bindings",
  "/componentstatuses",
  "authentication.k8s.io/tokenreviews",
  "authentication.k8s.io/selfsubjectreviews",
  "authorization.k8s.io/subjectaccessreviews",
  "authorization.k8s.io/selfsubjectaccessreviews",
  "authorization.k8s.io/localsubjectaccessreviews",
  "authorization.k8s.io/selfsubjectrulesreviews",
  "/events",
  "events.k8s.io/events",
]);

const special: Readonly<Record<string, QuotaEvaluator>> = {
  "/pods": podQuota as unknown as QuotaEvaluator,
  "/services": serviceQuota as unknown as QuotaEvaluator,
  "/persistentvolumeclaims": claimQuota as unknown as QuotaEvaluator,
  "resource.k8s.io/resourceclaims": resourceClaimQuota as unknown as QuotaEvaluator,
};

/** How the objects of a resource are measured; undefined: not at all. */
export function quotaEvaluator(resource: GroupResource): QuotaEvaluator | undefined {
  const key = `${resource.group}/${resource.resource}`;
  return ignored.has(key) ? undefined : (special[key] ?? objectCount(resource));
}
