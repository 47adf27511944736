import type { ObjectOf } from "../object-of.ts";
import { docsOf, integer, text } from "./column-builders.ts";
import { ageColumn, defineTable, nameColumn, type TablesByKind } from "./columns.ts";
import { age } from "./human-duration.ts";

type PodGroup = ObjectOf<"io.k8s.api.scheduling.v1alpha2.PodGroup">;

const doc = docsOf("scheduling.v1");
const policyDescription =
  "SchedulingPolicy defines the scheduling policy for this instance of the PodGroup. Controllers are expected to fill this field by copying it from a PodGroupTemplate. This field is immutable.";

const priorityClass = defineTable<ObjectOf<"io.k8s.api.scheduling.v1.PriorityClass">>({
  columns: [
    nameColumn,
    integer("Value", doc("PriorityClass", "value")),
    { name: "Global-Default", type: "boolean", description: doc("PriorityClass", "globalDefault") },
    ageColumn,
    text("PreemptionPolicy", doc("PriorityClass", "preemptionPolicy")),
  ],
  row({ metadata, value = 0, globalDefault = false, preemptionPolicy = "" }, { now }) {
    const { name = "", creationTimestamp } = metadata;
    return [name, value, globalDefault, age(creationTimestamp, now), preemptionPolicy];
  },
});

const workload = defineTable<ObjectOf<"io.k8s.api.scheduling.v1alpha2.Workload">>({
  columns: [nameColumn, ageColumn],
  row({ metadata }, { now }) {
    return [metadata.name ?? "", age(metadata.creationTimestamp, now)];
  },
});

const podGroup = defineTable<PodGroup>({
  columns: [
    nameColumn,
    text("Policy", policyDescription),
    text("Workload", "Name of the referenced Workload object"),
    text("Status", "Status of the PodGroup"),
    ageColumn,
  ],
  row(object, { now }) {
    const { metadata, spec } = object;
    return [
      metadata.name ?? "",
      spec.schedulingPolicy.gang ? "Gang" : "Basic",
      spec.podGroupTemplateRef ? (spec.podGroupTemplateRef.workload?.workloadName ?? "") : "<none>",
      podGroupStatus(object),
      age(metadata.creationTimestamp, now),
    ];
  },
});

function podGroupStatus({ status }: PodGroup): string {
  const find = (type: string) => (status.conditions ?? []).findLast((condition) => condition.type === type);
  const disruption = find("DisruptionTarget");
  if (disruption) return disruption.reason;
  const scheduled = find("PodGroupScheduled");
  if (!scheduled) return "Pending";
  return scheduled.status === "True" ? "Scheduled" : "Unschedulable";
}

export const schedulingTables: TablesByKind = {
  PriorityClass: priorityClass,
  Workload: workload,
  PodGroup: podGroup,
};
