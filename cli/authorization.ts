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
  /** Text of an --authorization-policy-file. */
  policyFile?: string;
}

/** An authorizer that is wanted, by its type. */
export interface AuthorizerChoice {
  type: string;
  /** Of the type Webhook. */
  webhook?: WebhookChoice;
}

export interface WebhookChoice extends AuthorizationWebhook {
  /** Nobody else is asked when the webhook does not answer. */
  denyOnError?: boolean;
}

const webhookType = "Webhook";

type MakeMode = (options: AuthorizationOptions) => Mode;

/** All but Webhook, of which there may be several. */
const modes: Readonly<Record<string, MakeMode>> = {
  Node: node,
  AlwaysAllow: () => ({ authorizer: alwaysAllow }),
  AlwaysDeny: () => ({ authorizer: alwaysDeny }),
  RBAC: rbac,
  ABAC: ({ policyFile = "" }) => ({
    authorizer: new AbacAuthorizer(parseAbacPolicies(policyFile, "--authorization-policy-file")),
  }),
};

/** Who is asked in turn, after the group system:masters. */
export class Authorization {
  readonly authorizer: Authorizer;
  /** All but webhooks, by their types: they last, and others cannot be added. */
  readonly #modes: ReadonlyMap<string, Mode>;
  readonly #options: AuthorizationOptions;
  #current: Authorizer;

  /** @throws UsageError where the file of policies is wrong */
  constructor(choices: readonly AuthorizerChoice[], options: AuthorizationOptions) {
    this.#options = options;
    const lasting = choices.filter(({ type }) => type !== webhookType);
    this.#modes = readOption(() => new Map(lasting.map(({ type }) => [type, modes[type]!(options)])));
    this.#current = this.#chain(choices);
    this.authorizer = {
      authorize: (attributes) => this.#current.authorize(attributes),
      rulesFor: (user, namespace) => this.#current.rulesFor(user, namespace),
    };
  }

  /** The types of those that last. */
  get types(): string[] {
    return [...this.#modes.keys()];
  }

  /** From now on others are asked, or in another order. @throws Error for a type that was not there from the start */
  replace(choices: readonly AuthorizerChoice[]): void {
    this.#current = this.#chain(choices);
  }

  /** Until it resolves, only system:masters gets in where objects decide. */
  async start(client: Client, options: FollowOptions): Promise<void> {
    const start: Follow = (resource, follower) => follow(client, resource, follower, options);
    await Promise.all([...this.#modes.values()].map((mode) => mode.start?.(start)));
  }

  #chain(choices: readonly AuthorizerChoice[]): Authorizer {
    const chosen = choices.map(({ type, webhook }): Authorizer => {
      if (type === webhookType) return webhookAuthorizer(webhook!, this.#options);
      const mode = this.#modes.get(type);
      if (!mode)
        throw new Error(
          `authorizer type ${type} is not allowed if it was not enabled at initial server startup`,
        );
      return mode.authorizer;
    });
    return firstOf([allowMasters, ...chosen]);
  }
}

export const authorizationConfigAlone =
  "--authorization-config can not be specified when --authorization-mode or --authorization-webhook-* flags are defined";

export const defaultAuthorizationModes: readonly string[] = ["Node", "RBAC"];

/**
 * Who is asked in the modes of --authorization-mode.
 * @throws UsageError for modes that are unknown or repeated, and where a mode and what it needs are not both given
 */
export function authorizersOfModes(
  names: readonly string[],
  needs: { webhook?: AuthorizationWebhook; policyFile?: string },
): AuthorizerChoice[] {
  const problem = modesProblem(names, needs);
  if (problem !== undefined) throw new UsageError(problem);
  const { webhook } = needs;
  return names.map((type) => ({ type, ...(type === webhookType && webhook ? { webhook } : {}) }));
}

/** Source: BuiltInAuthorizationOptions.Validate. */
function modesProblem(
  names: readonly string[],
  { webhook, policyFile }: { webhook?: AuthorizationWebhook; policyFile?: string },
): string | undefined {
  if (names.length === 0) return "at least one authorization-mode must be passed";
  const unknown = names.find((name) => name !== webhookType && !Object.hasOwn(modes, name));
  if (unknown !== undefined) return `authorization-mode ${goQuote(unknown)} is not a valid mode`;
  if (policyFile === undefined && names.includes("ABAC")) return missingPolicyFile;
  if (policyFile !== undefined && !names.includes("ABAC"))
    return "cannot specify --authorization-policy-file without mode ABAC";
  if (!webhook && names.includes(webhookType))
    return "authorization-mode Webhook's authorization config file not passed";
  if (webhook && !names.includes(webhookType))
    return "cannot specify --authorization-webhook-config-file without mode Webhook";
  if (new Set(names).size === names.length) return undefined;
  return `authorization-mode [${names.map(goQuote).join(" ")}] has mode specified more than once`;
}

export const missingPolicyFile = "authorization-mode ABAC's authorization policy file not passed";

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

function webhookAuthorizer(
  { target, version = "v1beta1", authorizedTtl = 300_000, unauthorizedTtl = 30_000, ...rest }: WebhookChoice,
  { clock, random }: AuthorizationOptions,
): Authorizer {
  const client = new WebhookClient(target, clock, random);
  const post = (review: object) => client.post(review);
  const denyOnError = rest.denyOnError ?? false;
  return new WebhookAuthorizer({ ...{ post, version, authorizedTtl, unauthorizedTtl, denyOnError }, clock });
}
