import { apiVersionOf } from "../../api/object.ts";
import { loadTables } from "../../api/schema/tables.ts";
import type { ResourceInfo } from "../../api/schema/types.ts";
import type { Authenticator } from "../auth/authenticator.ts";
import type { ServiceAccountTokens } from "../auth/service-account-tokens.ts";
import { BuiltinCodec } from "../registry/builtin-codec.ts";
import type { Registry, ResourceRegistry } from "../registry/registry.ts";
import type { VersionCodec } from "../registry/resource-type.ts";
import type { PipelineContext } from "./call.ts";
import type { SpecialHandlers } from "./endpoint.ts";
import type { SpecialTable, ViewTable } from "./endpoints.ts";
import {
  localSubjectAccessReviews,
  selfSubjectAccessReviews,
  selfSubjectRulesReviews,
  subjectAccessReviews,
} from "./special/access-reviews.ts";
import { bindings } from "./special/binding.ts";
import { componentStatuses } from "./special/component-statuses.ts";
import {
  type Connect,
  connections,
  containerStream,
  needingCreate,
  nodeProxy,
  podLog,
  podProxy,
  portForward,
  serviceProxy,
} from "./special/connect.ts";
import { evictions } from "./special/eviction.ts";
import { selfSubjectReviews, tokenReviews } from "./special/reviews.ts";
import { scaleView } from "./special/scale.ts";
import { serviceAccountTokens, type TokenLimits } from "./special/service-account-token.ts";

export interface SpecialDependencies {
  registry: Registry;
  context: PipelineContext;
  authenticators: readonly Authenticator[];
  tokens: ServiceAccountTokens;
  tokenLimits: TokenLimits;
}

/** The endpoints that are more than an object in storage, by "resource.group" or "resource.group/subresource". */
export function specialEndpoints({
  registry,
  context,
  authenticators,
  tokens,
  tokenLimits,
}: SpecialDependencies): SpecialTable {
  const pods = () => required(registry, "", "pods");
  const budgets = () => registry.get("policy", "poddisruptionbudgets");
  const { gates, authorizer } = context;
  const codec = (info: ResourceInfo) => kindCodec(info, info.group, info.version, info.kind, gates);
  const binding = (info: ResourceInfo) =>
    bindings(kindCodec(info, "", "v1", "Binding", gates), pods, context);
  const connect = (how: Connect) => () => connections(registry, gates, how);
  const stream = (how: Connect) => connect(needingCreate(authorizer, how));
  const table: readonly [string, (info: ResourceInfo) => SpecialHandlers][] = [
    ["bindings.", binding],
    ["pods./binding", binding],
    [
      "pods./eviction",
      (info) => {
        const codec = kindCodec(info, "policy", "v1", "Eviction", gates, ["policy/v1beta1"]);
        return evictions(codec, pods, budgets, context);
      },
    ],
    [
      "serviceaccounts./token",
      (info) =>
        serviceAccountTokens(
          kindCodec(info, "authentication.k8s.io", "v1", "TokenRequest", gates),
          tokens,
          tokenLimits,
          context,
        ),
    ],
    ["componentstatuses.", componentStatuses],
    ["tokenreviews.authentication.k8s.io", (info) => tokenReviews(codec(info), authenticators)],
    ["selfsubjectreviews.authentication.k8s.io", (info) => selfSubjectReviews(codec(info), context)],
    ["subjectaccessreviews.authorization.k8s.io", (info) => subjectAccessReviews(codec(info), authorizer)],
    [
      "localsubjectaccessreviews.authorization.k8s.io",
      (info) => localSubjectAccessReviews(codec(info), authorizer),
    ],
    [
      "selfsubjectaccessreviews.authorization.k8s.io",
      (info) => selfSubjectAccessReviews(codec(info), authorizer),
    ],
    [
      "selfsubjectrulesreviews.authorization.k8s.io",
      (info) => selfSubjectRulesReviews(codec(info), authorizer),
    ],
    ["pods./attach", stream(containerStream)],
    ["pods./exec", stream(containerStream)],
    ["pods./log", () => ({ get: (request) => podLog(registry, request, gates), produces: ["text/plain"] })],
    ["pods./portforward", stream(portForward)],
    ["pods./proxy", connect(podProxy)],
    ["services./proxy", connect(serviceProxy)],
    ["nodes./proxy", connect(nodeProxy)],
  ];
  return new Map(table);
}

function required(registry: Registry, group: string, resource: string): ResourceRegistry {
  const found = registry.get(group, resource);
  if (!found) throw new TypeError(`no registry of ${resource}.${group}`);
  return found;
}

/** The codec of a kind that is spoken at an endpoint without being kept there. */
export function kindCodec(
  info: ResourceInfo,
  group: string,
  version: string,
  kind: string,
  gates: PipelineContext["gates"],
  acceptedVersions: readonly string[] = [],
): VersionCodec {
  const struct = loadTables().kind(group, version, kind);
  if (!struct) throw new TypeError(`no type for ${kind}`);
  const definition = { group, resource: info.resource, strategy: {} };
  const spoken = { ...info, group, version, kind, struct };
  return new BuiltinCodec(spoken, {
    hubApiVersion: apiVersionOf(group, version),
    definition,
    gates,
    acceptedVersions,
    versions: new Map(),
  });
}

const scaled: readonly string[] = [
  "deployments.apps/scale",
  "replicasets.apps/scale",
  "statefulsets.apps/scale",
  "replicationcontrollers./scale",
];

/** Views of stored objects in another kind. */
export function objectViews(context: PipelineContext): ViewTable {
  return new Map(
    scaled.map((key) => [
      key,
      (registry, info) => {
        const codec = kindCodec(info, "autoscaling", "v1", "Scale", context.gates);
        return scaleView(registry, codec, registry.type.versions.get(info.version)!);
      },
    ]),
  );
}
