import type { ObjectOf } from "../object-of.ts";
import { containerCells, containerColumns, docsOf, integer, selectorText, text } from "./column-builders.ts";
import { ageColumn, defineTable, nameColumn, type TablesByKind } from "./columns.ts";
import { age, humanDuration } from "./human-duration.ts";

type Job = ObjectOf<"io.k8s.api.batch.v1.Job">;

const doc = docsOf("batch.v1");

const job = defineTable<Job>({
  columns: [
    nameColumn,
    text("Status", "Status of the job."),
    text("Completions", doc("JobStatus", "succeeded")),
    text("Duration", "Time required to complete the job."),
    ageColumn,
    ...containerColumns,
    text("Selector", doc("JobSpec", "selector"), 1),
  ],
  row(object, { now }) {
    const { metadata, spec } = object;
    return [
      metadata.name ?? "",
      jobStatus(object),
      completionsText(object),
      durationText(object, now),
      age(metadata.creationTimestamp, now),
      ...containerCells(spec.template.spec.containers),
      selectorText(spec.selector),
    ];
  },
});

function jobStatus({ metadata, status }: Job): string {
  const is = (type: string) => status.conditions?.find((other) => other.type === type)?.status === "True";
  if (is("Complete")) return "Complete";
  if (is("Failed")) return "Failed";
  if (metadata.deletionTimestamp) return "Terminating";
  return ["Suspended", "FailureTarget", "SuccessCriteriaMet"].find(is) ?? "Running";
}

function completionsText({ spec, status }: Job): string {
  const succeeded = status.succeeded ?? 0;
  if (spec.completions !== undefined) return `${succeeded}/${spec.completions}`;
  const { parallelism = 0 } = spec;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function durationText({ status }: Job, now: number): string {
  if (!status.startTime) return "";
  const end = status.completionTime ? Date.parse(status.completionTime) : now;
  return humanDuration(end - Date.parse(status.startTime));
}

const cronJob = defineTable<ObjectOf<"io.k8s.api.batch.v1.CronJob">>({
  columns: [
    nameColumn,
    text("Schedule", doc("CronJobSpec", "schedule")),
    text("Timezone", doc("CronJobSpec", "timeZone")),
    { name: "Suspend", type: "boolean", description: doc("CronJobSpec", "suspend") },
    integer("Active", doc("CronJobStatus", "active")),
    text("Last Schedule", doc("CronJobStatus", "lastScheduleTime")),
    ageColumn,
    ...containerColumns,
    text("Selector", doc("JobSpec", "selector"), 1),
  ],
  row({ metadata, spec, status }, { now }) {
    const { suspend, jobTemplate } = spec;
    return [
      metadata.name ?? "",
      spec.schedule,
      spec.timeZone ?? "<none>",
      suspend === undefined ? "<unset>" : suspend ? "True" : "False",
      status.active?.length ?? 0,
      status.lastScheduleTime ? age(status.lastScheduleTime, now) : "<none>",
      age(metadata.creationTimestamp, now),
      ...containerCells(jobTemplate.spec.template.spec.containers),
      selectorText(jobTemplate.spec.selector),
    ];
  },
});

export const batchTables: TablesByKind = { Job: job, CronJob: cronJob };
