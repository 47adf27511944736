/** Source: pkg/apis/batch/validation/validation.go (CronJob). */
import { cronProblem } from "../../cron-schedule.ts";
import { goMetaValue } from "../../go-value.ts";
import type { ObjectOf } from "../../object-of.ts";
import { timeZoneProblem } from "../../time-zones.ts";
import { validateCounts } from "../apps/pod-template.ts";
import type { PodValidationOptions } from "../core/pod-options.ts";
import { type FieldError, FieldPath, invalid, notSupported, required } from "../field.ts";
import { isLongerThan, nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { validateJobSpec } from "./job-spec.ts";

type CronJob = ObjectOf<"io.k8s.api.batch.v1.CronJob">;
type Spec = CronJob["spec"];

const specPath = FieldPath.of("spec");
const jobPath = specPath.child("jobTemplate", "spec");
/** The controller appends 11 characters to it. */
const maxNameLength = 52;

/** ValidateCronJobCreate. */
export function validateCronJob({ metadata, spec }: CronJob, options: PodValidationOptions): FieldError[] {
  const { name = "" } = metadata;
  const errors = validateObjectMeta(metadata, true, nameIsDnsSubdomain);
  errors.push(...validateSpec(spec, undefined, options));
  if (!isLongerThan(name, maxNameLength)) return errors;
  return [...errors, invalid("metadata.name", name, `must be no more than ${maxNameLength} characters`)];
}

/** ValidateCronJobUpdate. */
export function validateCronJobUpdate(
  { metadata, spec }: CronJob,
  old: CronJob,
  options: PodValidationOptions,
): FieldError[] {
  return [...validateObjectMetaUpdate(metadata, old.metadata), ...validateSpec(spec, old.spec, options)];
}

function validateSpec(spec: Spec, old: Spec | undefined, options: PodValidationOptions): FieldError[] {
  const zonePath = specPath.child("timeZone");
  return [
    ...validateSchedule(spec, old?.schedule ?? "", specPath.child("schedule")),
    ...validateCounts(spec, ["startingDeadlineSeconds"], specPath),
    ...(old && old.timeZone === spec.timeZone ? [] : validateTimeZone(spec.timeZone, zonePath)),
    ...validateConcurrency(spec.concurrencyPolicy ?? "", specPath.child("concurrencyPolicy")),
    ...validateJobTemplate(spec, options),
    ...validateCounts(spec, ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"], specPath),
  ];
}

/** A time zone belongs into its own field; old objects may still have it in the schedule. */
function validateSchedule({ schedule, timeZone }: Spec, old: string, path: FieldPath): FieldError[] {
  if (schedule === "") return [required(path)];
  const problem = cronProblem(schedule);
  const errors = problem === undefined ? [] : [invalid(path, schedule, problem)];
  if (!schedule.includes("TZ")) return errors;
  if (!old.includes("TZ")) {
    const detail = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead";
    errors.push(invalid(path, schedule, detail));
  } else if (timeZone !== undefined) {
    const detail = "cannot use both timeZone field and TZ or CRON_TZ in schedule";
    errors.push(invalid(path, schedule, detail));
  }
  return errors;
}

const zonePart = /^[A-Za-z.\-_0-9+]{1,14}$/;

function validateTimeZone(zone: string | undefined, path: FieldPath): FieldError[] {
  if (zone === undefined) return [];
  if (zone === "") return [invalid(path, zone, "timeZone must be nil or non-empty string")];
  const wellFormed = zone
    .split("/")
    .every((part) => part !== "." && part !== ".." && !part.startsWith("-") && zonePart.test(part));
  if (!wellFormed) return [invalid(path, zone, `unknown time zone ${zone}`)];
  const errors: FieldError[] = [];
  if (zone.toLowerCase() === "local") {
    const detail = "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones";
    errors.push(invalid(path, zone, detail));
  }
  const problem = timeZoneProblem(zone);
  return problem === undefined ? errors : [...errors, invalid(path, zone, problem)];
}

function validateConcurrency(policy: string, path: FieldPath): FieldError[] {
  const known = ["Allow", "Forbid", "Replace"];
  if (policy === "") return [required(path)];
  return known.includes(policy) ? [] : [notSupported(path, policy, known)];
}

/** ValidateJobTemplateSpec: selectors are made for each Job. */
function validateJobTemplate({ jobTemplate }: Spec, options: PodValidationOptions): FieldError[] {
  const { spec } = jobTemplate;
  const errors = validateJobSpec(spec, jobPath, options);
  if (spec.selector) {
    errors.push(
      invalid(
        jobPath.child("selector"),
        goMetaValue("LabelSelector", spec.selector),
        "`selector` will be auto-generated",
      ),
    );
  }
  if (spec.manualSelector) {
    errors.push(notSupported(jobPath.child("manualSelector"), true, ["nil", "false"]));
  }
  return errors;
}
