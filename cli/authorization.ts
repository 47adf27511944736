import { goQuote } from "../api/go-format.ts";
import type { Client, ResourceReference } from "../client/client.ts";
import { type Follower, follow } from "../client/follow.ts";
import {
  type Authorizer,
  allowMasters,
  alwaysAllow,
  alwaysDeny,
  firstOf,
} from "../server/auth/authorizer.ts";
import { RbacPolicy } from "../server/auth/rbac/policy.ts";
import { RbacAuthorizer } from "../server/auth/rbac/rbac-authorizer.ts";
import { UsageError } from "./cluster-options.ts";

/** An authorizer and what it has to know of the cluster's objects. */
interface Mode {
  authorizer: Authorizer;
  follows: readonly (readonly [ResourceReference, Follower])[];
}

const modes: Readonly<Record<string, () => Mode>> = {
  AlwaysAllow: () => ({ authorizer: alwaysAllow, follows: [] }),
  AlwaysDeny: () => ({ authorizer: alwaysDeny, follows: [] }),
  RBAC: rbac,
};

/** What --authorization-mode asks for: each mode in turn, after the group system:masters. */
export class Authorization {
  readonly authorizer: Authorizer;
  readonly #modes: readonly Mode[];

  /** @throws UsageError for modes that are unknown or repeated */
  constructor(names: readonly string[]) {
    const problem = modesProblem(names);
    if (problem !== undefined) throw new UsageError(problem);
    this.#modes = names.map((name) => modes[name]!());
    this.authorizer = firstOf([allowMasters, ...this.#modes.map(({ authorizer }) => authorizer)]);
  }

  /** Resolves when everything that is there now is known; until then only system:masters gets in. */
  async start(client: Client, options: Parameters<typeof follow>[3]): Promise<void> {
    const follows = this.#modes.flatMap((mode) => mode.follows);
    await Promise.all(follows.map(([resource, follower]) => follow(client, resource, follower, options)));
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
