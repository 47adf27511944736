import type { Clock, Random } from "../api/clock.ts";
import type { FeatureGates } from "../api/feature-gates.ts";
import { goQuote } from "../api/go-format.ts";
import type { Client, ResourceReference } from "../client/client.ts";
import { type Follower, type FollowOptions, follow } from "../client/follow.ts";
import { AbacAuthorizer, parseAbacPolicies } from "../server/auth/abac-authorizer.ts";
import {
  type Authorizer,
  allowMasters,
  alwaysAllow,
  alwaysDeny,
  firstOf,
} from "../server/auth/authorizer.ts";
import { NodeAuthorizer } from "../server/auth/node/node-authorizer.ts";
import { NodeObjects } from "../server/auth/node/node-objects.ts";
import { RbacPolicy } from "../server/auth/rbac/policy.ts";
import { RbacAuthorizer } from "../server/auth/rbac/rbac-authorizer.ts";
import { WebhookAuthorizer } from "../server/auth/webhook-authorizer.ts";
import { WebhookClient } from "../server/auth/webhook-client.ts";
import { bootstrapClusterRoles } from "../server/registry/bootstrap/rbac-policy.ts";
import { type AuthorizationWebhook, readOption, UsageError } from "./cluster-options.ts";

/** Follows a resource of the cluster; resolves when what is there now is known. */
type Follow = (resource: ResourceReference, follower: Follower) => Promise<void>;

interface Mode {
  authorizer: Authorizer;
  /** Resolves when the authorizer knows enough of the cluster to answer. */
  start?(follow: Follow): Promise<unknown>;
}

export interface AuthorizationOptions {
  gates: FeatureGates;
  clock: Clock;
  random: Random;
  webhook?: AuthorizationWebhook;
  /** Text of an --authorization-policy-file. */
  policyFile?: string;
}

type MakeMode = (options: AuthorizationOptions) => Mode;

const modes: Readonly<Record<string, MakeMode>> = {
  Node: node,
  AlwaysAllow: () => ({ authorizer: alwaysAllow }),
  AlwaysDeny: () => ({ authorizer: alwaysDeny }),
  RBAC: rbac,
  Webhook: webhook,
  ABAC: ({ policyFile = "" }) => ({
    authorizer: new AbacAuthorizer(parseAbacPolicies(policyFile, "--authorization-policy-file")),
  }),
};

/** What --authorization-mode asks for: each mode in turn, after the group system:masters. */
export class Authorization {
  readonly authorizer: Authorizer;
  readonly #modes: readonly Mode[];

  /** @throws UsageError for modes that are unknown or repeated, and where a mode and what it needs are not both given */
  constructor(names: readonly string[], options: AuthorizationOptions) {
    const problem = modesProblem(names, options);
    if (problem !== undefined) throw new UsageError(problem);
    this.#modes = readOption(() => names.map((name) => modes[name]!(options)));
    this.authorizer = firstOf([allowMasters, ...this.#modes.map(({ authorizer }) => authorizer)]);
  }

  /** Until it resolves, only system:masters gets in where objects decide. */
  async start(client: Client, options: FollowOptions): Promise<void> {
    const start: Follow = (resource, follower) => follow(client, resource, follower, options);
    await Promise.all(this.#modes.map((mode) => mode.start?.(start)));
  }
}

export const authorizationConfigAlone =
  "--authorization-config can not be specified when --authorization-mode or --authorization-webhook-* flags are defined";

/** Source: BuiltInAuthorizationOptions.Validate. */
function modesProblem(
  names: readonly string[],
  { webhook, policyFile }: AuthorizationOptions,
): string | undefined {
  if (names.length === 0) return "at least one authorization-mode must be passed";
  const unknown = names.find((name) => !Object.hasOwn(modes, name));
  if (unknown !== undefined) return `authorization-mode ${goQuote(unknown)} is not a valid mode`;
  if (policyFile === undefined && names.includes("ABAC"))
    return "authorization-mode ABAC's authorization policy file not passed";
  if (policyFile !== undefined && !names.includes("ABAC"))
    return "cannot specify --authorization-policy-file without mode ABAC";
  if (!webhook && names.includes("Webhook"))
    return "authorization-mode Webhook's authorization config file not passed";
  if (webhook && !names.includes("Webhook"))
    return "cannot specify --authorization-webhook-config-file without mode Webhook";
  if (new Set(names).size === names.length) return undefined;
  return `authorization-mode [${names.map(goQuote).join(" ")}] has mode specified more than once`;
}

function rbac(): Mode {
  const policy = new RbacPolicy();
  const reference = (resource: string) => ({ group: "rbac.authorization.k8s.io", version: "v1", resource });
  return {
    authorizer: new RbacAuthorizer(policy),
    start: (follow) =>
      Promise.all([
        follow(reference("roles"), policy.roles),
        follow(reference("clusterroles"), policy.clusterRoles),
        follow(reference("rolebindings"), policy.roleBindings),
        follow(reference("clusterrolebindings"), policy.clusterRoleBindings),
      ]),
  };
}

function node({ gates }: AuthorizationOptions): Mode {
  const known = new NodeObjects();
  const { rules } = bootstrapClusterRoles(gates).find(({ metadata }) => metadata.name === "system:node")!;
  let follow: Follow | undefined;
  let objects: NodeObjects | Promise<NodeObjects> | undefined;
  /** Followed from when a node asks for the first time: most clusters have none, and every pod is told of. */
  const followed = (): NodeObjects | Promise<NodeObjects> => {
    if (!follow) return known;
    objects ??= followNodeObjects(known, gates, follow).then(
      () => (objects = known),
      (error: unknown) => {
        objects = undefined;
        throw error;
      },
    );
    return objects;
  };
  return {
    authorizer: new NodeAuthorizer({ objects: followed, rules: rules ?? [], gates }),
    start: async (start) => {
      follow = start;
    },
  };
}

async function followNodeObjects(objects: NodeObjects, gates: FeatureGates, follow: Follow): Promise<void> {
  const { pods, volumes, attachments, slices, certificateRequests } = objects;
  const all = [
    follow({ group: "", version: "v1", resource: "pods" }, pods),
    follow({ group: "", version: "v1", resource: "persistentvolumes" }, volumes),
    follow({ group: "storage.k8s.io", version: "v1", resource: "volumeattachments" }, attachments),
  ];
  if (gates.enabled("DynamicResourceAllocation"))
    all.push(follow({ group: "resource.k8s.io", version: "v1", resource: "resourceslices" }, slices));
  if (gates.enabled("PodCertificateRequest")) {
    const requests = { group: "certificates.k8s.io", version: "v1beta1", resource: "podcertificaterequests" };
    all.push(follow(requests, certificateRequests));
  }
  await Promise.all(all);
}

function webhook({ clock, random, webhook }: AuthorizationOptions): Mode {
  const { target, version = "v1beta1", authorizedTtl = 300_000, unauthorizedTtl = 30_000 } = webhook!;
  const client = new WebhookClient(target, clock, random);
  const post = (review: object) => client.post(review);
  return { authorizer: new WebhookAuthorizer({ post, version, authorizedTtl, unauthorizedTtl, clock }) };
}
