import { semanticEqual } from "../../api/semantic-equal.ts";
import { WorkQueue } from "../../client/work-queue.ts";
import type { ControllerContext } from "../controller.ts";
import { aggregatedRules, type ClusterRole } from "./aggregated-rules.ts";

const group = { group: "rbac.authorization.k8s.io", version: "v1" } as const;
const clusterRolesResource = { ...group, resource: "clusterroles" };
const fieldManager = "clusterrole-aggregation-controller";
const workers = 5;

/**
 * Writes into every ClusterRole with an aggregationRule the rules of the roles that it selects. Nobody knows which roles
 * lead to which, so that all are looked at whenever one changes. Source: pkg/controller/clusterroleaggregation.
 */
export function makeClusterRoleAggregationController(context: ControllerContext): void {
  const { client, clock, signal, onError, informers, ready } = context;
  const roles = informers.of<ClusterRole>(clusterRolesResource);
  const work = async (name: string): Promise<void> => {
    const role = roles.objects.get(name);
    if (!role?.aggregationRule) return;
    const rules = aggregatedRules(role, roles.objects.values());
    if (semanticEqual(rules, role.rules ?? [])) return;
    const patch = {
      kind: "ClusterRole",
      apiVersion: `${group.group}/${group.version}`,
      metadata: { name },
      ...(rules.length === 0 ? {} : { rules }),
    };
    await client.patch(clusterRolesResource, name, patch, { type: "apply", force: true, fieldManager });
  };
  const queue = new WorkQueue({ clock, signal, onError, ready, workers, work });
  roles.onChange(() => {
    for (const { metadata, aggregationRule } of roles.objects.values())
      if (aggregationRule) queue.add(metadata.name ?? "");
  });
}
