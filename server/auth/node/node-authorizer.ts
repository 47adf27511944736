/** --authorization-mode=Node. Source: plugin/pkg/auth/authorizer/node/node_authorizer.go. */
import type { FeatureGates } from "../../../api/feature-gates.ts";
import { goQuote } from "../../../api/go-format.ts";
import type { PolicyRule } from "../../../api/rbac-rules.ts";
import type {
  AuthorizationAttributes,
  AuthorizationDecision,
  Authorizer,
  ResourceAttributes,
  SubjectRules,
} from "../authorizer.ts";
import { ruleAllows } from "../rbac/rule-allows.ts";
import type { UserInfo } from "../user.ts";
import type { NodeObjectKind, NodeObjects } from "./node-objects.ts";

const userPrefix = "system:node:";

/** The node that this user is; "" where it does not say which; undefined: it is none. */
export function nodeOf({ name, groups }: UserInfo): string | undefined {
  const isNode = name.startsWith(userPrefix) && groups.includes("system:nodes");
  return isNode ? name.slice(userPrefix.length) : undefined;
}

const allowed: AuthorizationDecision = Object.freeze({ allowed: true });
const noOpinion: AuthorizationDecision = Object.freeze({ allowed: false });
const refused = (reason: string): AuthorizationDecision => ({ allowed: false, reason });

interface Asked extends ResourceAttributes {
  node: string;
  verb: string;
}

type Decision = AuthorizationDecision | Promise<AuthorizationDecision>;
type Judge = (asked: Asked) => Decision;

export interface NodeAuthorizerOptions {
  /** A promise while they are still to be learnt. */
  objects: () => NodeObjects | Promise<NodeObjects>;
  /** What every node may do with resources that are nobody's in particular: the rules of ClusterRole system:node. */
  rules: readonly PolicyRule[];
  gates: FeatureGates;
}

/** Lets kubelets reach what belongs to their node. */
export class NodeAuthorizer implements Authorizer {
  readonly #options: NodeAuthorizerOptions;
  /** Resources that are judged one by one, as "group/resource". */
  readonly #judges: ReadonlyMap<string, Judge>;

  constructor(options: NodeAuthorizerOptions) {
    this.#options = options;
    this.#judges = new Map<string, Judge>([
      ["/secrets", (asked) => this.#read(asked, "secrets")],
      ["/configmaps", (asked) => this.#read(asked, "configmaps")],
      ["/persistentvolumeclaims", (asked) => this.#volumeClaim(asked)],
      ["/persistentvolumes", (asked) => this.#get(asked, "persistentvolumes")],
      ["resource.k8s.io/resourceclaims", (asked) => this.#get(asked, "resourceclaims")],
      ["storage.k8s.io/volumeattachments", (asked) => this.#get(asked, "volumeattachments")],
      ["/serviceaccounts", (asked) => this.#serviceAccount(asked)],
      ["coordination.k8s.io/leases", lease],
      ["storage.k8s.io/csinodes", csiNode],
      ["resource.k8s.io/resourceslices", (asked) => this.#slice(asked)],
      ["/nodes", ownNode],
      ["/pods", (asked) => this.#pod(asked)],
      ["certificates.k8s.io/podcertificaterequests", (asked) => this.#certificateRequest(asked)],
    ]);
  }

  rulesFor(user: UserInfo): SubjectRules {
    const none = { resourceRules: [], nonResourceRules: [] };
    if (nodeOf(user) === undefined) return { ...none, incomplete: false };
    const evaluationError = "node authorizer does not support user rule resolution";
    return { ...none, incomplete: true, evaluationError };
  }

  authorize(attributes: AuthorizationAttributes): Decision {
    const { user, verb, resource } = attributes;
    const node = nodeOf(user);
    if (node === undefined) return noOpinion;
    if (node === "") return refused(`unknown node for user ${goQuote(user.name)}`);
    const judge = resource && this.#judges.get(`${resource.group}/${resource.resource}`);
    if (judge) return judge({ ...resource, node, verb });
    return this.#options.rules.some((rule) => ruleAllows(rule, attributes)) ? allowed : noOpinion;
  }

  #related(asked: Asked, kind: NodeObjectKind): Decision {
    if (asked.name === "") return refused("No Object name found");
    const objects = this.#options.objects();
    return objects instanceof Promise
      ? objects.then((known) => related(known, asked, kind))
      : related(objects, asked, kind);
  }

  #get(asked: Asked, kind: NodeObjectKind): Decision {
    if (asked.verb !== "get") return refused("can only get individual resources of this type");
    if (asked.subresource !== "") return refused("cannot get subresource");
    return this.#related(asked, kind);
  }

  #read(asked: Asked, kind: NodeObjectKind): Decision {
    if (!["get", "list", "watch"].includes(asked.verb))
      return refused("can only read resources of this type");
    if (asked.subresource !== "") return refused("cannot read subresource");
    if (asked.namespace === "") return refused("can only read namespaced object of this type");
    return this.#related(asked, kind);
  }

  #volumeClaim(asked: Asked): Decision {
    if (asked.subresource !== "status") return this.#get(asked, "persistentvolumeclaims");
    if (asked.verb !== "update" && asked.verb !== "patch")
      return refused("can only get/update/patch this type");
    return this.#related(asked, "persistentvolumeclaims");
  }

  #serviceAccount(asked: Asked): Decision {
    const { verb, subresource, name } = asked;
    if (verb === "get" && subresource === "") {
      const { gates } = this.#options;
      const open =
        gates.enabled("KubeletServiceAccountTokenForCredentialProviders") ||
        gates.enabled("PodCertificateRequest");
      return open ? this.#read(asked, "serviceaccounts") : refused("not allowed to get service accounts");
    }
    if (verb !== "create" || name === "")
      return refused("can only create tokens for individual service accounts");
    if (subresource !== "token") return refused("can only create token subresource of serviceaccount");
    return this.#related(asked, "serviceaccounts");
  }

  #slice(asked: Asked): Decision {
    if (asked.subresource !== "") return refused("cannot authorize ResourceSlice subresources");
    switch (asked.verb) {
      case "create":
        return allowed;
      case "get":
      case "update":
      case "patch":
      case "delete":
        return this.#related(asked, "resourceslices");
      case "watch":
      case "list":
      case "deletecollection":
        if (selectsNode(asked, "spec.nodeName")) return allowed;
        return refused("can only list/watch/deletecollection resourceslices with nodeName field selector");
      default:
        return refused(
          "only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch, delete, deletecollection",
        );
    }
  }

  #pod(asked: Asked): Decision {
    switch (`${asked.verb} ${asked.subresource}`) {
      case "get ":
        return this.#get(asked, "pods");
      case "list ":
      case "watch ":
        if (selectsNode(asked, "spec.nodeName")) return allowed;
        if (asked.name !== "") return this.#related(asked, "pods");
        return refused("can only list/watch pods with spec.nodeName field selector");
      // Which pods these may be is for the admission plug-in NodeRestriction to say.
      case "create ":
      case "delete ":
      case "update status":
      case "patch status":
      case "create eviction":
        return allowed;
      default:
        return noOpinion;
    }
  }

  #certificateRequest(asked: Asked): Decision {
    if (!this.#options.gates.enabled("PodCertificateRequest")) return noOpinion;
    if (asked.subresource !== "")
      return refused("nodes may not access the status subresource of PodCertificateRequests");
    switch (asked.verb) {
      case "create":
        return allowed;
      case "get":
        return this.#related(asked, "podcertificaterequests");
      case "list":
      case "watch":
        if (selectsNode(asked, "spec.nodeName")) return allowed;
        return refused("can only list/watch podcertificaterequests with nodeName field selector");
      default:
        return refused(`nodes may not ${asked.verb} podcertificaterequests`);
    }
  }
}

function related(
  objects: NodeObjects,
  { node, namespace, name }: Asked,
  kind: NodeObjectKind,
): AuthorizationDecision {
  if (objects.reaches(node, kind, namespace, name)) return allowed;
  return refused(`no relationship found between node '${node}' and this object`);
}

function selectsNode({ node, fieldSelector = [] }: Asked, field: string): boolean {
  return fieldSelector.some((one) => one.field === field && one.operator === "=" && one.value === node);
}

const ownVerbs = ["get", "create", "update", "patch", "delete"];

/** The name is not known yet when something is created: the admission plug-in NodeRestriction looks at it. */
const isOwn = ({ verb, name, node }: Asked): boolean => verb === "create" || name === node;

const lease: Judge = (asked) => {
  if (!ownVerbs.includes(asked.verb))
    return refused("can only get, create, update, patch, or delete a node lease");
  if (asked.namespace !== "kube-node-lease")
    return refused('can only access leases in the "kube-node-lease" system namespace');
  return isOwn(asked)
    ? allowed
    : refused("can only access node lease with the same name as the requesting node");
};

const csiNode: Judge = (asked) => {
  if (!ownVerbs.includes(asked.verb))
    return refused("can only get, create, update, patch, or delete a CSINode");
  if (asked.subresource !== "") return refused("cannot authorize CSINode subresources");
  return isOwn(asked)
    ? allowed
    : refused("can only access CSINode with the same name as the requesting node");
};

const ownNode: Judge = ({ verb, subresource, name, node }) => {
  const writes = verb === "update" || verb === "patch" || (verb === "create" && subresource === "");
  if (writes && (subresource === "" || subresource === "status")) return allowed;
  if (subresource !== "" || !["get", "list", "watch"].includes(verb)) return noOpinion;
  if (name === node) return allowed;
  return name === ""
    ? refused(`node '${node}' cannot read all nodes, only its own Node object`)
    : refused(`node '${node}' cannot read '${name}', only its own Node object`);
};
