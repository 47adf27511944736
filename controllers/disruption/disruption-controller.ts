import { timestamp } from "../../api/clock.ts";
import type { DisruptionBudget, DisruptionBudgetStatus } from "../../api/disruption-budget.ts";
import { podCondition, setPodCondition } from "../../api/pod-conditions.ts";
import { type LabelSelectorObject, labelSelectorOf } from "../../api/selectors.ts";
import { StatusError } from "../../api/status.ts";
import { EventRecorder } from "../../client/events.ts";
import { objectKey } from "../../client/known-objects.ts";
import { again, WorkQueue } from "../../client/work-queue.ts";
import { referenceTo } from "../controllees/controller-ref.ts";
import { namespaceOf } from "../controllees/owners.ts";
import { isPodTerminal, type Pod, podsResource } from "../controllees/pod-facts.ts";
import type { ControllerContext } from "../controller.ts";
import { countHealthy, disruptedPods, expectedPods, failedStatus, nextStatus } from "./budget-status.ts";
import { ScaleFinder } from "./expected-scale.ts";

const budgetsResource = { group: "policy", version: "v1", resource: "poddisruptionbudgets" } as const;
const budgetKind = { group: "policy", version: "v1", kind: "PodDisruptionBudget" } as const;
const podKind = { group: "", version: "v1", kind: "Pod" } as const;
/** How long a pod may be said to be disrupted without being deleted, in milliseconds. */
const staleAfter = 120_000;

/** Counts what budgets allow. Source: pkg/controller/disruption. */
export function makeDisruptionController(context: ControllerContext): void {
  const { client, clock, random, signal, onError, informers, ready } = context;
  const recorder = new EventRecorder({ client, clock, random, signal, onError }, "controllermanager");
  const budgets = informers.of<DisruptionBudget>(budgetsResource);
  const pods = informers.of<Pod>(podsResource);
  const budgetsIn = budgets.index(namespaceOf);
  const podsIn = pods.index(namespaceOf);
  const finder = new ScaleFinder(context);

  const tell = (budget: DisruptionBudget, type: "Normal" | "Warning", reason: string, message: string) =>
    recorder.record({ about: referenceTo(budget, budgetKind), type, reason, message });
  const tellPod = (pod: Pod, reason: string, message: string) =>
    recorder.record({ about: referenceTo(pod, podKind), type: "Warning", reason, message });

  const write = async (budget: DisruptionBudget, status: DisruptionBudgetStatus): Promise<void> => {
    const place = { ...budgetsResource, namespace: budget.metadata.namespace ?? "" };
    const written = await client.update(place, { ...budget, status } as DisruptionBudget, {
      subresource: "status",
    });
    budgets.objects.remember(written);
  };

  const scaleOf = async (budget: DisruptionBudget, its: readonly Pod[]): Promise<number> => {
    const { count, unmanaged } = await finder.expected(its);
    if (unmanaged.length > 0)
      tell(budget, "Warning", "UnmanagedPods", unmanagedMessage(budget.spec?.selector));
    return count;
  };

  const sync = async (budget: DisruptionBudget): Promise<void> => {
    const { namespace = "" } = budget.metadata;
    const selector = labelSelectorOf(budget.spec?.selector as LabelSelectorObject | undefined);
    const its = [...podsIn.get(namespace)].filter(({ metadata }) => selector.matches(metadata.labels ?? {}));
    if (its.length === 0) tell(budget, "Normal", "NoPods", "No matching pods found");
    const expected = await expectedPods(budget, its, () => scaleOf(budget, its)).catch((error: Error) => {
      const message = `Failed to calculate the number of expected pods: ${error.message}`;
      tell(budget, "Warning", "CalculateExpectedPodCountFailed", message);
      throw error;
    });
    const disrupted = disruptedPods(budget, its, clock.now());
    for (const pod of disrupted.undeleted) {
      // The namespace twice, as upstream has it.
      tellPod(
        pod,
        "NotDeleted",
        `Pod was expected by PDB ${namespace}/${namespace} to be deleted but it wasn't`,
      );
    }
    const healthy = countHealthy(its, disrupted.pods);
    const status = nextStatus(budget, expected, healthy, disrupted.pods, timestamp(clock));
    if (status) await write(budget, status);
    if (disrupted.recheckAfter !== undefined) queue.addAfter(objectKey(budget), disrupted.recheckAfter + 1);
  };

  const queue = new WorkQueue({
    ...{ clock, signal, onError, ready },
    async work(key) {
      const budget = budgets.objects.get(key);
      if (!budget) return;
      try {
        await sync(budget);
      } catch (error) {
        if (error instanceof StatusError && error.code === 409) return again;
        await write(budget, failedStatus(budget, (error as Error).message, timestamp(clock)));
      }
    },
  });

  const staleness = new WorkQueue({
    ...{ clock, signal, onError, ready },
    async work(key) {
      const pod = pods.objects.get(key);
      const left = pod && timeUntilStale(pod, clock.now());
      if (!pod || left === undefined) return;
      if (left > 0) staleness.addAfter(key, left);
      else await endDisruption(context, pod);
    },
  });

  budgets.onChange((now, before) => queue.add(objectKey((now ?? before)!)));
  pods.onChange((now, before) => {
    const pod = (now ?? before) as Pod;
    const { namespace = "", name = "", labels = {} } = pod.metadata;
    const [first, ...more] = [...budgetsIn.get(namespace)].filter(({ spec }) =>
      labelSelectorOf(spec?.selector as LabelSelectorObject | undefined).matches(labels),
    );
    if (first) queue.add(objectKey(first));
    if (more.length > 0) {
      const chosen = `Chose "${first!.metadata.name}" arbitrarily.`;
      const message = `Pod "${namespace}"/"${name}" matches multiple PodDisruptionBudgets.  ${chosen}`;
      tellPod(pod, "MultiplePodDisruptionBudgets", message);
    }
    const left = now && timeUntilStale(pod, clock.now());
    if (left !== undefined) staleness.addAfter(objectKey(pod), left);
  });
}

/** Milliseconds, where the pod says that it is disrupted, and nobody but the kubelet may mean it. */
function timeUntilStale(pod: Pod, now: number): number | undefined {
  const condition = podCondition(pod.status, "DisruptionTarget");
  const isMeant = condition?.status === "True" && condition.reason !== "TerminationByKubelet";
  if (!isMeant || pod.metadata.deletionTimestamp !== undefined || isPodTerminal(pod)) return undefined;
  const since = condition.lastTransitionTime ? Date.parse(condition.lastTransitionTime) : 0;
  return Math.max(since + staleAfter - now, 0);
}

async function endDisruption({ client, clock, gates }: ControllerContext, pod: Pod): Promise<void> {
  const { namespace = "", generation } = pod.metadata;
  const tells = gates.enabled("PodObservedGenerationTracking");
  const observed = tells && generation !== undefined ? { observedGeneration: generation } : {};
  const status = { ...pod.status };
  setPodCondition(status, { type: "DisruptionTarget", status: "False", ...observed }, timestamp(clock));
  await client.update({ ...podsResource, namespace }, { ...pod, status } as Pod, { subresource: "status" });
}

const unmanagedMessage = (selector: object | undefined): string =>
  `Pods selected by this PodDisruptionBudget (selector: ${shown(selector)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`;

/** As Go prints it. */
function shown(selector: LabelSelectorObject | undefined): string {
  if (!selector) return "nil";
  const labels = Object.entries(selector.matchLabels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const expressions = (selector.matchExpressions ?? []).map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(" ")}],},`,
  );
  return `&LabelSelector{MatchLabels:map[string]string{${labels.map(([key, value]) => `${key}: ${value},`).join("")}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join("")}},}`;
}
