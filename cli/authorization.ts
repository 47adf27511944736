import type { FeatureGates } from "../api/feature-gates.ts";
import { goQuote } from "../api/go-format.ts";
import { StatusError } from "../api/status.ts";
import type { Client, ResourceReference } from "../client/client.ts";
import { type Follower, follow } from "../client/follow.ts";
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
import { bootstrapClusterRoles } from "../server/registry/bootstrap/rbac-policy.ts";
import { UsageError } from "./cluster-options.ts";

/** An authorizer and what it has to know of the cluster's objects. */
interface Mode {
  authorizer: Authorizer;
  follows: readonly (readonly [ResourceReference, Follower])[];
}

type MakeMode = (gates: FeatureGates) => Mode;

const modes: Readonly<Record<string, MakeMode>> = {
  Node: node,
  AlwaysAllow: () => ({ authorizer: alwaysAllow, follows: [] }),
  AlwaysDeny: () => ({ authorizer: alwaysDeny, follows: [] }),
  RBAC: rbac,
};

/** What --authorization-mode asks for: each mode in turn, after the group system:masters. */
export class Authorization {
  readonly authorizer: Authorizer;
  readonly #modes: readonly Mode[];

  /** @throws UsageError for modes that are unknown or repeated */
  constructor(names: readonly string[], gates: FeatureGates) {
    const problem = modesProblem(names);
    if (problem !== undefined) throw new UsageError(problem);
    this.#modes = names.map((name) => modes[name]!(gates));
    this.authorizer = firstOf([allowMasters, ...this.#modes.map(({ authorizer }) => authorizer)]);
  }

  /** Resolves when everything that is there now is known; until then only system:masters gets in. */
  async start(client: Client, options: Parameters<typeof follow>[3]): Promise<void> {
    const follows = this.#modes.flatMap((mode) => mode.follows);
    await Promise.all(
      follows.map(([resource, follower]) => followIfServed(client, resource, follower, options)),
    );
  }
}

/** Of a resource that --runtime-config turns off there is nothing to know. */
async function followIfServed(...args: Parameters<typeof follow>): Promise<void> {
  try {
    await follow(...args);
  } catch (error) {
    if (!(error instanceof StatusError) || error.code !== 404) throw error;
  }
}

/** Source: BuiltInAuthorizationOptions.Validate. */
function modesProblem(names: readonly string[]): string | undefined {
  if (names.length === 0) return "at least one authorization-mode must be passed";
  const unknown = names.find((name) => !Object.hasOwn(modes, name));
  if (unknown !== undefined) return `authorization-mode ${goQuote(unknown)} is not a valid mode`;
  if (new Set(names).size === names.length) return undefined;
  return `authorization-mode [${names.map(goQuote).join(" ")}] has mode specified more than once`;
}

function rbac(): Mode {
  const policy = new RbacPolicy();
  const reference = (resource: string) => ({ group: "rbac.authorization.k8s.io", version: "v1", resource });
  return {
    authorizer: new RbacAuthorizer(policy),
    follows: [
      [reference("roles"), policy.roles],
      [reference("clusterroles"), policy.clusterRoles],
      [reference("rolebindings"), policy.roleBindings],
      [reference("clusterrolebindings"), policy.clusterRoleBindings],
    ],
  };
}

function node(gates: FeatureGates): Mode {
  const objects = new NodeObjects();
  const { rules } = bootstrapClusterRoles(gates).find(({ metadata }) => metadata.name === "system:node")!;
  const core = (resource: string) => ({ group: "", version: "v1", resource });
  const follows: [ResourceReference, Follower][] = [
    [core("pods"), objects.pods],
    [core("persistentvolumes"), objects.volumes],
    [{ group: "storage.k8s.io", version: "v1", resource: "volumeattachments" }, objects.attachments],
  ];
  if (gates.enabled("DynamicResourceAllocation"))
    follows.push([{ group: "resource.k8s.io", version: "v1", resource: "resourceslices" }, objects.slices]);
  if (gates.enabled("PodCertificateRequest")) {
    const requests = { group: "certificates.k8s.io", version: "v1beta1", resource: "podcertificaterequests" };
    follows.push([requests, objects.certificateRequests]);
  }
  return { authorizer: new NodeAuthorizer({ objects, rules: rules ?? [], gates }), follows };
}
