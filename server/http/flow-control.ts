import type { Schemas } from "../../api/types.ts";
import type { UserInfo } from "../auth/user.ts";
import type { Registry } from "../registry/registry.ts";
import type { Exchange } from "./request-context.ts";
import type { RequestInfo } from "./request-info.ts";

type FlowSchema = Schemas["io.k8s.api.flowcontrol.v1.FlowSchema"];
type Rules = Schemas["io.k8s.api.flowcontrol.v1.PolicyRulesWithSubjects"];
type Subject = Schemas["io.k8s.api.flowcontrol.v1.Subject"];
type ResourceRule = Schemas["io.k8s.api.flowcontrol.v1.ResourcePolicyRule"];
type PathRule = Schemas["io.k8s.api.flowcontrol.v1.NonResourcePolicyRule"];

interface Flow {
  schemaUid: string;
  levelUid: string;
  rules: readonly Rules[];
}

const group = "flowcontrol.apiserver.k8s.io";
const prefix = `/registry/${group}/`;

/**
 * Finds the FlowSchema that a request falls under and says so in its headers. Source: API priority and fairness,
 * https://kubernetes.io/docs/concepts/cluster-administration/flow-control/ and apiserver/pkg/util/flowcontrol.
 */
export class FlowClassifier {
  readonly #registry: Registry;
  #flows: readonly Flow[] = [];
  /** Those of them that concern a user, with the rules that do: most requests come from users that have made others. */
  #ofUsers = new WeakMap<UserInfo, readonly Flow[]>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** Follows the objects until signal aborts; resolves when the present ones are known. */
  async start(signal: AbortSignal): Promise<void> {
    const after = this.#registry.storage.revision;
    await this.#load();
    void this.#follow(after, signal);
  }

  async #follow(after: number, signal: AbortSignal): Promise<void> {
    for await (const _ of this.#registry.storage.watch(prefix, { after, signal })) await this.#load();
  }

  async #load(): Promise<void> {
    const levels = await this.#objects("prioritylevelconfigurations");
    const uids = new Map(levels.map(({ metadata }) => [metadata.name, metadata.uid ?? ""]));
    const schemas = (await this.#objects("flowschemas")) as unknown as FlowSchema[];
    schemas.sort(
      (a, b) =>
        (a.spec?.matchingPrecedence ?? 0) - (b.spec?.matchingPrecedence ?? 0) ||
        ((a.metadata?.name ?? "") < (b.metadata?.name ?? "") ? -1 : 1),
    );
    this.#flows = schemas.flatMap(({ metadata, spec }) => {
      const levelUid = uids.get(spec?.priorityLevelConfiguration.name);
      // A schema whose level does not exist is not used.
      if (levelUid === undefined) return [];
      return [{ schemaUid: metadata?.uid ?? "", levelUid, rules: spec?.rules ?? [] }];
    });
    this.#ofUsers = new WeakMap();
  }

  async #objects(resource: string) {
    const registry = this.#registry.get(group, resource);
    if (!registry) return [];
    const { entries } = await this.#registry.storage.list(registry.type.keyPrefix);
    return entries.map((entry) => registry.store.objectOf(entry));
  }

  setHeaders({ headers, user }: Exchange, info: RequestInfo): void {
    for (const flow of this.#flowsOf(user)) {
      if (!matchesFlow(flow, info)) continue;
      headers["X-Kubernetes-Pf-Flowschema-Uid"] = flow.schemaUid;
      headers["X-Kubernetes-Pf-Prioritylevel-Uid"] = flow.levelUid;
      return;
    }
  }

  #flowsOf(user: UserInfo): readonly Flow[] {
    let flows = this.#ofUsers.get(user);
    if (!flows) {
      flows = this.#flows
        .map((flow) => ({ ...flow, rules: flow.rules.filter((rule) => concerns(rule, user)) }))
        .filter(({ rules }) => rules.length > 0);
      this.#ofUsers.set(user, flows);
    }
    return flows;
  }
}

const concerns = ({ subjects }: Rules, user: UserInfo): boolean =>
  subjects.some((subject) => matchesSubject(subject, user));

function matchesFlow({ rules }: Flow, info: RequestInfo): boolean {
  return rules.some(({ resourceRules, nonResourceRules }) =>
    info.isResource
      ? resourceRules?.some((rule) => matchesResource(rule, info))
      : nonResourceRules?.some((rule) => matchesPath(rule, info)),
  );
}

function matchesSubject(
  { kind, user, group: inGroup, serviceAccount }: Subject,
  { name, groups }: UserInfo,
): boolean {
  switch (kind) {
    case "User":
      return user?.name === "*" || user?.name === name;
    case "Group":
      return inGroup?.name === "*" || groups.includes(inGroup?.name ?? "");
    case "ServiceAccount": {
      if (!serviceAccount) return false;
      const account = `system:serviceaccount:${serviceAccount.namespace}:`;
      return serviceAccount.name === "*" ? name.startsWith(account) : name === account + serviceAccount.name;
    }
    default:
      return false;
  }
}

const has = (list: readonly string[] | undefined, value: string): boolean =>
  list !== undefined && (list.includes("*") || list.includes(value));

function matchesResource(rule: ResourceRule, info: RequestInfo): boolean {
  const { resource, subresource, namespace } = info;
  const named = subresource === "" ? resource : `${resource}/${subresource}`;
  if (!has(rule.verbs, info.verb) || !has(rule.apiGroups, info.group) || !has(rule.resources, named))
    return false;
  return namespace === "" ? rule.clusterScope === true : has(rule.namespaces, namespace);
}

function matchesPath(rule: PathRule, { verb, path }: RequestInfo): boolean {
  return (
    has(rule.verbs, verb) &&
    rule.nonResourceURLs.some((url) => (url.endsWith("*") ? path.startsWith(url.slice(0, -1)) : path === url))
  );
}
