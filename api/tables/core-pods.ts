/** Tables of pods and what makes them. Source: printPod and its neighbours in pkg/printers/internalversion/printers.go. */
import {
  type ContainerStatus,
  isRestartableInitContainer,
  type Pod,
  type PodTemplate,
  type ReplicationController,
} from "../core-types.ts";
import type { ObjectMeta } from "../object.ts";
import { podCondition } from "../pod-conditions.ts";
import {
  ageColumn,
  type Column,
  defineTable,
  type FieldDoc,
  nameColumn,
  type RowCondition,
  type TablesByKind,
} from "./columns.ts";
import { age } from "./human-duration.ts";

type Stored<T> = T & { metadata: ObjectMeta };

const doc = (kind: string, field: string): FieldDoc => ({ struct: `io.k8s.api.core.v1.${kind}`, field });

const text = (name: string, description: string | FieldDoc, priority = 0): Column => ({
  name,
  type: "string",
  description,
  priority,
});
const integer = (name: string, description: FieldDoc): Column => ({ name, type: "integer", description });

const containerColumns = (priority: number): Column[] => [
  text("Containers", "Names of each container in the template.", priority),
  text("Images", "Images referenced by each container in the template.", priority),
];

const completed = (reason: string, message: string): readonly RowCondition[] => [
  { type: "Completed", status: "True", reason, message },
];
const succeeded = completed("Succeeded", "The pod has completed successfully.");
const failed = completed("Failed", "The pod failed.");

const pod = defineTable<Stored<Pod>>({
  columns: [
    nameColumn,
    text("Ready", "The aggregate readiness state of this pod for accepting traffic."),
    text("Status", "The aggregate status of the containers in this pod."),
    text(
      "Restarts",
      "The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.",
    ),
    ageColumn,
    text("IP", doc("PodStatus", "podIP"), 1),
    text("Node", doc("PodSpec", "nodeName"), 1),
    text("Nominated Node", doc("PodStatus", "nominatedNodeName"), 1),
    text("Readiness Gates", doc("PodSpec", "readinessGates"), 1),
  ],
  row(object, { now }) {
    const { metadata, spec, status } = object;
    const { ready, total, reason, restarts, lastRestart } = summarize(object);
    const since = restarts > 0 && lastRestart ? ` (${age(lastRestart, now)} ago)` : "";
    return [
      metadata.name ?? "",
      `${ready}/${total}`,
      reason,
      `${restarts}${since}`,
      age(metadata.creationTimestamp, now),
      status?.podIPs?.[0]?.ip || "<none>",
      spec?.nodeName || "<none>",
      status?.nominatedNodeName || "<none>",
      readinessGates(object),
    ];
  },
  conditions({ status }) {
    if (status?.phase === "Succeeded") return succeeded;
    return status?.phase === "Failed" ? failed : undefined;
  },
});

interface Restarts {
  restarts: number;
  /** When a container last ended before it was started again. */
  lastRestart: string;
}

interface Summary extends Restarts {
  ready: number;
  total: number;
  reason: string;
}

/** What a pod does, in one word. */
function summarize(object: Pod): Summary {
  const { spec, status, metadata } = object;
  const sidecars = new Set(
    (spec?.initContainers ?? []).filter(isRestartableInitContainer).map(({ name }) => name),
  );
  const total = (spec?.containers?.length ?? 0) + sidecars.size;
  const init = summarizeInit(object, sidecars);
  let reason = init.reason ?? startReason(object);
  let { ready } = init;
  let counted: Restarts = init.all;
  if (init.reason === undefined || podCondition(status, "Initialized")?.status === "True") {
    const main = summarizeMain(object, reason, init.sidecars);
    ready += main.ready;
    reason = main.reason;
    counted = main;
  }
  if (metadata.deletionTimestamp) {
    if (status?.reason === "NodeLost") reason = "Unknown";
    else if (status?.phase !== "Succeeded" && status?.phase !== "Failed") reason = "Terminating";
  }
  return { ready, total, reason, restarts: counted.restarts, lastRestart: counted.lastRestart };
}

function startReason({ status }: Pod): string {
  const isGated = status?.conditions?.some(
    ({ type, reason }) => type === "PodScheduled" && reason === "SchedulingGated",
  );
  return isGated ? "SchedulingGated" : status?.reason || status?.phase || "";
}

interface InitSummary {
  /** Init containers are still at work: what they do. */
  reason: string | undefined;
  ready: number;
  all: Restarts;
  sidecars: Restarts;
}

/** Looks at init containers in turn, up to the first that is not done. */
function summarizeInit({ spec, status }: Pod, sidecarNames: ReadonlySet<string>): InitSummary {
  const summary: InitSummary = {
    reason: undefined,
    ready: 0,
    all: { restarts: 0, lastRestart: "" },
    sidecars: { restarts: 0, lastRestart: "" },
  };
  for (const [index, container] of (status?.initContainerStatuses ?? []).entries()) {
    const isSidecar = sidecarNames.has(container.name);
    countRestarts(summary.all, container);
    if (isSidecar) countRestarts(summary.sidecars, container);
    if (container.state?.terminated && !container.state.terminated.exitCode) continue;
    if (isSidecar && container.started) {
      if (container.ready) summary.ready++;
      continue;
    }
    const progress = `${index}/${spec?.initContainers?.length ?? 0}`;
    summary.reason = `Init:${initReason(container) ?? progress}`;
    break;
  }
  return summary;
}

function initReason({ state }: ContainerStatus): string | undefined {
  if (state?.terminated) return endReason(state.terminated);
  const waiting = state?.waiting?.reason;
  return waiting && waiting !== "PodInitializing" ? waiting : undefined;
}

type Terminated = NonNullable<NonNullable<ContainerStatus["state"]>["terminated"]>;

function endReason({ reason, signal, exitCode = 0 }: Terminated): string {
  return reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`);
}

function countRestarts(sum: Restarts, { restartCount = 0, lastState }: ContainerStatus): void {
  sum.restarts += restartCount;
  const ended = lastState?.terminated?.finishedAt;
  if (ended && (!sum.lastRestart || Date.parse(ended) > Date.parse(sum.lastRestart))) {
    sum.lastRestart = ended;
  }
}

/** The first container that waits or has ended says what the pod does. */
function summarizeMain(object: Pod, start: string, sidecars: Restarts): Omit<Summary, "total"> {
  const counted = { ...sidecars };
  let reason = start;
  let errorReason = "";
  let isRunning = false;
  let ready = 0;
  for (const container of (object.status?.containerStatuses ?? []).toReversed()) {
    countRestarts(counted, container);
    const { waiting, terminated, running } = container.state ?? {};
    if (waiting?.reason) {
      reason = waiting.reason;
    } else if (terminated) {
      reason = endReason(terminated);
      if (terminated.exitCode) errorReason = reason;
    } else if (container.ready && running) {
      isRunning = true;
      ready++;
    }
  }
  // Some container has ended well: that is not yet true of the pod.
  if (reason === "Completed") {
    if (isRunning && hasReadyCondition(object)) reason = "Running";
    else if (errorReason) reason = errorReason;
    else if (isRunning) reason = "NotReady";
  }
  return { ready, reason, ...counted };
}

/** Of several conditions of the type, any counts here. */
const hasReadyCondition = ({ status }: Pod): boolean =>
  status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True") ?? false;

function readinessGates({ spec, status }: Pod): string {
  const gates = spec?.readinessGates ?? [];
  if (gates.length === 0) return "<none>";
  const open = gates.filter(({ conditionType }) => podCondition(status, conditionType)?.status === "True");
  return `${open.length}/${gates.length}`;
}

function containerCells(containers: readonly { name: string; image?: string }[] | undefined): string[] {
  const list = containers ?? [];
  return [list.map(({ name }) => name).join(","), list.map(({ image = "" }) => image).join(",")];
}

/** labels.FormatLabels. */
function formatLabels(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return pairs.sort().join(",") || "<none>";
}

const podTemplate = defineTable<Stored<PodTemplate>>({
  columns: [nameColumn, ...containerColumns(0), text("Pod Labels", "The labels for the pod template.")],
  row({ metadata, template }) {
    const cells = containerCells(template?.spec?.containers);
    return [metadata.name ?? "", ...cells, formatLabels(template?.metadata?.labels)];
  },
});

const replicationController = defineTable<Stored<ReplicationController>>({
  columns: [
    nameColumn,
    integer("Desired", doc("ReplicationControllerSpec", "replicas")),
    integer("Current", doc("ReplicationControllerStatus", "replicas")),
    integer("Ready", doc("ReplicationControllerStatus", "readyReplicas")),
    ageColumn,
    ...containerColumns(1),
    text("Selector", doc("ReplicationControllerSpec", "selector"), 1),
  ],
  row({ metadata, spec, status }, { now }) {
    return [
      metadata.name ?? "",
      spec?.replicas ?? 0,
      status?.replicas ?? 0,
      status?.readyReplicas ?? 0,
      age(metadata.creationTimestamp, now),
      ...containerCells(spec?.template?.spec?.containers),
      formatLabels(spec?.selector),
    ];
  },
});

export const podTables: TablesByKind = {
  Pod: pod,
  PodTemplate: podTemplate,
  ReplicationController: replicationController,
};
