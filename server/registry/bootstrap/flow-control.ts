/**
 * The flow schemas and priority levels that a server begins with.
 * Sources: k8s.io/apiserver/pkg/apis/flowcontrol/bootstrap/default.go (what),
 * kubernetes pkg/registry/flowcontrol/ensurer (how they catch up).
 */
import { jsonEqual } from "../../../api/json-equal.ts";
import type { KubeObject } from "../../../api/object.ts";
import type { BootstrapObject, Reconciliation } from "./reconcile.ts";

export interface FlowControlObject extends KubeObject {
  spec: Record<string, unknown>;
}

const apiVersion = "flowcontrol.apiserver.k8s.io/v1";
const producer = "api-priority-and-fairness-config-producer-v1";

export const flowControlAutoUpdateAnnotation = "apf.kubernetes.io/autoupdate-spec";

interface LevelRow {
  name: string;
  mandatory?: boolean;
  shares: number;
  lendable: number;
  /** [queues, hand size, queue length]; absent: reject at once. */
  queuing?: [number, number, number];
  exempt?: boolean;
}

const levels: readonly LevelRow[] = [
  { name: "system", shares: 30, lendable: 33, queuing: [64, 6, 50] },
  { name: "node-high", shares: 40, lendable: 25, queuing: [64, 6, 50] },
  { name: "leader-election", shares: 10, lendable: 0, queuing: [16, 4, 50] },
  { name: "workload-high", shares: 40, lendable: 50, queuing: [128, 6, 50] },
  { name: "workload-low", shares: 100, lendable: 90, queuing: [128, 6, 50] },
  { name: "global-default", shares: 20, lendable: 50, queuing: [128, 6, 50] },
  { name: "catch-all", mandatory: true, shares: 5, lendable: 0 },
  { name: "exempt", mandatory: true, shares: 0, lendable: 0, exempt: true },
];

interface SchemaRow {
  name: string;
  mandatory?: boolean;
  level: string;
  precedence: number;
  distinguish?: "ByUser" | "ByNamespace";
  subjects: readonly string[];
  /** "all", or rows of [verbs, group, resources, cluster-scoped too]. */
  resources: "all" | readonly (readonly [string, string, string, boolean])[];
  urls: "all" | readonly string[];
}

const everybody = ["Group:system:unauthenticated", "Group:system:authenticated"];

const schemas: readonly SchemaRow[] = [
  {
    name: "system-nodes",
    level: "system",
    precedence: 500,
    distinguish: "ByUser",
    subjects: ["Group:system:nodes"],
    resources: "all",
    urls: "all",
  },
  {
    name: "system-node-high",
    level: "node-high",
    precedence: 400,
    distinguish: "ByUser",
    subjects: ["Group:system:nodes"],
    resources: [
      ["*", "", "nodes,nodes/status", true],
      ["*", "coordination.k8s.io", "leases", false],
    ],
    urls: [],
  },
  {
    name: "probes",
    level: "exempt",
    precedence: 2,
    subjects: everybody,
    resources: [],
    urls: ["/healthz", "/readyz", "/livez"],
  },
  {
    name: "system-leader-election",
    level: "leader-election",
    precedence: 100,
    distinguish: "ByUser",
    subjects: [
      "User:system:kube-controller-manager",
      "User:system:kube-scheduler",
      "ServiceAccount:kube-system/*",
    ],
    resources: [["get,create,update", "coordination.k8s.io", "leases", false]],
    urls: [],
  },
  {
    name: "kube-controller-manager",
    level: "workload-high",
    precedence: 800,
    distinguish: "ByNamespace",
    subjects: ["User:system:kube-controller-manager"],
    resources: "all",
    urls: "all",
  },
  {
    name: "kube-scheduler",
    level: "workload-high",
    precedence: 800,
    distinguish: "ByNamespace",
    subjects: ["User:system:kube-scheduler"],
    resources: "all",
    urls: "all",
  },
  {
    name: "kube-system-service-accounts",
    level: "workload-high",
    precedence: 900,
    distinguish: "ByNamespace",
    subjects: ["ServiceAccount:kube-system/*"],
    resources: "all",
    urls: "all",
  },
  {
    name: "service-accounts",
    level: "workload-low",
    precedence: 9000,
    distinguish: "ByUser",
    subjects: ["Group:system:serviceaccounts"],
    resources: "all",
    urls: "all",
  },
  {
    name: "global-default",
    level: "global-default",
    precedence: 9900,
    distinguish: "ByUser",
    subjects: everybody,
    resources: "all",
    urls: "all",
  },
  {
    name: "exempt",
    mandatory: true,
    level: "exempt",
    precedence: 1,
    subjects: ["Group:system:masters"],
    resources: "all",
    urls: "all",
  },
  {
    name: "catch-all",
    mandatory: true,
    level: "catch-all",
    precedence: 10000,
    distinguish: "ByUser",
    subjects: everybody,
    resources: "all",
    urls: "all",
  },
];

function shell(kind: string, name: string): KubeObject {
  return { kind, apiVersion, metadata: { name, annotations: { [flowControlAutoUpdateAnnotation]: "true" } } };
}

function priorityLevel(row: LevelRow): FlowControlObject {
  const common = { nominalConcurrencyShares: row.shares, lendablePercent: row.lendable };
  const base = shell("PriorityLevelConfiguration", row.name);
  if (row.exempt) return { ...base, spec: { type: "Exempt", exempt: common } };
  const [queues, handSize, queueLengthLimit] = row.queuing ?? [];
  const limitResponse = row.queuing
    ? { type: "Queue", queuing: { queues, handSize, queueLengthLimit } }
    : { type: "Reject" };
  return { ...base, spec: { type: "Limited", limited: { ...common, limitResponse } } };
}

function flowSubject(text: string): Record<string, unknown> {
  const kind = text.slice(0, text.indexOf(":"));
  const name = text.slice(kind.length + 1);
  if (kind === "Group") return { kind, group: { name } };
  if (kind === "User") return { kind, user: { name } };
  const [namespace, account] = name.split("/");
  return { kind, serviceAccount: { namespace, name: account } };
}

function flowSchema(row: SchemaRow): FlowControlObject {
  const resourceRows = row.resources === "all" ? [["*", "*", "*", true] as const] : row.resources;
  const resourceRules = resourceRows.map(([verbs, group, resources, clusterScope]) => ({
    verbs: verbs.split(","),
    apiGroups: [group],
    resources: resources.split(","),
    ...(clusterScope ? { clusterScope } : {}),
    namespaces: ["*"],
  }));
  const urls = row.urls === "all" ? ["*"] : row.urls;
  const nonResourceRules =
    urls.length === 0 ? [] : [{ verbs: [row.urls === "all" ? "*" : "get"], nonResourceURLs: [...urls] }];
  const rule = {
    subjects: row.subjects.map(flowSubject),
    ...(resourceRules.length === 0 ? {} : { resourceRules }),
    ...(nonResourceRules.length === 0 ? {} : { nonResourceRules }),
  };
  return {
    ...shell("FlowSchema", row.name),
    spec: {
      priorityLevelConfiguration: { name: row.level },
      matchingPrecedence: row.precedence,
      ...(row.distinguish ? { distinguisherMethod: { type: row.distinguish } } : {}),
      rules: [rule],
    },
  };
}

const truthy = new Set(["1", "t", "T", "true", "TRUE", "True"]);
const falsy = new Set(["0", "f", "F", "false", "FALSE", "False"]);

/** What the annotation says; undefined where it says nothing. */
function autoUpdate(object: KubeObject): boolean | undefined {
  const value = object.metadata.annotations?.[flowControlAutoUpdateAnnotation] ?? "";
  if (truthy.has(value)) return true;
  return falsy.has(value) ? false : undefined;
}

/** ReviseIfNeeded. `mandatory` objects always follow the server; suggested ones until somebody edits them. */
export function reconcileFlowControl(
  existing: FlowControlObject,
  expected: FlowControlObject,
  mandatory: boolean,
): Reconciliation<FlowControlObject> {
  const annotated = autoUpdate(existing);
  const follow = mandatory || (annotated ?? existing.metadata.generation === 1);
  const specChanged = follow && !jsonEqual(comparableSpec(expected, existing), existing.spec);
  if (annotated === follow && !specChanged) return { action: "none" };
  const object: FlowControlObject = {
    ...existing,
    metadata: {
      ...existing.metadata,
      annotations: { ...existing.metadata.annotations, [flowControlAutoUpdateAnnotation]: String(follow) },
    },
    spec: specChanged ? expected.spec : existing.spec,
  };
  return { action: "update", object };
}

/** The shares of the exempt level are the administrator's. */
function comparableSpec(expected: FlowControlObject, existing: FlowControlObject): Record<string, unknown> {
  const exempt = existing.spec["exempt"];
  const isExempt = expected.kind === "PriorityLevelConfiguration" && expected.metadata.name === "exempt";
  return isExempt && exempt ? { ...expected.spec, exempt } : expected.spec;
}

/** Flow schemas and priority levels, in the order in which upstream makes them. */
export function bootstrapFlowControl(): BootstrapObject<FlowControlObject>[] {
  const make = (mandatory: boolean): BootstrapObject<FlowControlObject>[] => [
    ...levels
      .filter((row) => !!row.mandatory === mandatory)
      .map((row) => bootstrap(priorityLevel(row), mandatory)),
    ...schemas
      .filter((row) => !!row.mandatory === mandatory)
      .map((row) => bootstrap(flowSchema(row), mandatory)),
  ];
  return [...make(false), ...make(true)];
}

/** The specs that nobody may change, by name. */
export const mandatoryLevelSpecs: ReadonlyMap<string, unknown> = new Map(
  levels.filter(({ mandatory }) => mandatory).map((row) => [row.name, priorityLevel(row).spec]),
);
export const mandatorySchemaSpecs: ReadonlyMap<string, unknown> = new Map(
  schemas.filter(({ mandatory }) => mandatory).map((row) => [row.name, flowSchema(row).spec]),
);

function bootstrap(object: FlowControlObject, mandatory: boolean): BootstrapObject<FlowControlObject> {
  return {
    object,
    fieldManager: producer,
    reconcile: (existing) => reconcileFlowControl(existing, object, mandatory),
  };
}

/** Objects of an older release that still follow the server: it deletes them. Source: RemoveUnwantedObjects. */
export function isUnwantedFlowControl(existing: KubeObject): boolean {
  const rows = existing.kind === "FlowSchema" ? schemas : levels;
  return !rows.some((row) => row.name === existing.metadata.name) && autoUpdate(existing) === true;
}
