/**
 * Source: ValidateJobUpdateStatus of pkg/apis/batch/validation/validation.go and getStatusValidationOptions of
 * pkg/registry/batch/job. Most rules only hold for what an update changes.
 */
import { goValue } from "../../go-value.ts";
import type { ObjectOf } from "../../object-of.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import { validateCounts } from "../apps/pod-template.ts";
import { duplicate, type FieldError, FieldPath, invalid, noValue, required } from "../field.ts";
import { validateObjectMetaUpdate } from "../object-meta.ts";
import { goUncountedTerminatedPods } from "./go-layout.ts";
import { countIndexes, overlappingIndex } from "./index-intervals.ts";
import { isConditionTrue, isJobFinished } from "./job-conditions.ts";

type Job = ObjectOf<"io.k8s.api.batch.v1.Job">;

const statusPath = FieldPath.of("status");
const conditionsPath = statusPath.child("conditions");

const wrongConditions = (detail: string): FieldError => invalid(conditionsPath, noValue, detail);

/** A Job's status before and after. */
interface Change {
  job: Job;
  old: Job;
  /** One of these fields of the status, or whether one of these conditions is true, is not what it was. */
  changed(...what: (keyof Job["status"] | "Complete" | "Failed" | "Finished" | ConditionType)[]): boolean;
}

type ConditionType = "FailureTarget" | "SuccessCriteriaMet";

function changeOf(job: Job, old: Job): Change {
  const fact = (of: Job, what: string): unknown => {
    if (what === "Finished") return isJobFinished(of);
    if (/^[A-Z]/.test(what)) return isConditionTrue(of, what);
    return of.status[what as keyof Job["status"]];
  };
  const changed: Change["changed"] = (...what) =>
    what.some((name) => !semanticEqual(fact(job, name) ?? 0, fact(old, name) ?? 0));
  return { job, old, changed };
}

/** ValidateJobUpdateStatus. */
export function validateJobStatusUpdate(job: Job, old: Job): FieldError[] {
  const change = changeOf(job, old);
  return [
    ...validateObjectMetaUpdate(job.metadata, old.metadata),
    ...validateCounts(job.status, ["active", "succeeded", "failed", "ready", "terminating"], statusPath),
    ...validateUncounted(job),
    ...validateTerminal(change),
    ...validateFinished(change),
    ...validateIndexes(change),
    ...validatePodCounts(change),
    ...validateSuccessCriteria(job),
    ...validateTransition(change),
  ];
}

function validateUncounted({ status }: Job): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const key of ["succeeded", "failed"] as const) {
    status.uncountedTerminatedPods?.[key]?.forEach((uid, index) => {
      const path = statusPath.child("uncountedTerminatedPods", key).index(index);
      if (uid === "") errors.push(invalid(path, uid, "must not be empty"));
      else if (seen.has(uid)) errors.push(duplicate(path, uid));
      seen.add(uid);
    });
  }
  return errors;
}

/** Conditions that end a Job. */
function validateTerminal({ job, changed }: Change): FieldError[] {
  const { completionTime, startTime } = job.status;
  const is = (type: string) => isConditionTrue(job, type);
  const errors: FieldError[] = [];
  const timePath = statusPath.child("completionTime");
  if (changed("Complete", "Failed") && is("Complete") && is("Failed")) {
    errors.push(wrongConditions("cannot set Complete=True and Failed=true conditions"));
  }
  if (changed("Complete", "FailureTarget") && is("Complete") && is("FailureTarget")) {
    errors.push(wrongConditions("cannot set Complete=True and FailureTarget=true conditions"));
  }
  if (changed("Complete", "completionTime")) {
    if (completionTime !== undefined && !is("Complete")) {
      const detail = "cannot set completionTime when there is no Complete=True condition";
      errors.push(invalid(timePath, completionTime, detail));
    }
    if (completionTime === undefined && is("Complete")) {
      errors.push(required(timePath, "completionTime is required for Complete jobs"));
    }
  }
  if (changed("startTime", "completionTime") && startTime !== undefined && completionTime !== undefined) {
    if (Date.parse(completionTime) < Date.parse(startTime)) {
      errors.push(invalid(timePath, completionTime, "must be equal to or after `startTime`"));
    }
  }
  if (changed("Failed", "failedIndexes") && is("Failed") && !is("FailureTarget")) {
    const detail = "cannot set Failed=True condition without the FailureTarget=true condition";
    errors.push(wrongConditions(detail));
  }
  if (changed("Complete", "SuccessCriteriaMet") && is("Complete") && !is("SuccessCriteriaMet")) {
    const detail = "cannot set Complete=True condition without the SuccessCriteriaMet=true condition";
    errors.push(wrongConditions(detail));
  }
  return errors;
}

/** What a Job that has ended may not have any more. */
function validateFinished({ job, changed }: Change): FieldError[] {
  if (!isJobFinished(job)) return [];
  const { active = 0, startTime, uncountedTerminatedPods: uncounted } = job.status;
  const errors: FieldError[] = [];
  if (changed("Finished", "active") && active > 0) {
    errors.push(invalid(statusPath.child("active"), active, "active>0 is invalid for finished job"));
  }
  const neverStarts = job.spec.suspend === true && job.spec.completions === 0;
  if (changed("Finished", "startTime") && !neverStarts && startTime === undefined) {
    errors.push(required(statusPath.child("startTime"), "startTime is required for finished job"));
  }
  const left = (uncounted?.failed?.length ?? 0) + (uncounted?.succeeded?.length ?? 0);
  if (changed("Finished", "uncountedTerminatedPods") && uncounted && left > 0) {
    const shown = goValue(goUncountedTerminatedPods, uncounted);
    const path = statusPath.child("uncountedTerminatedPods");
    errors.push(invalid(path, shown, "must be empty for finished job"));
  }
  return errors;
}

function validateIndexes({ job, changed }: Change): FieldError[] {
  const { completions, completionMode, backoffLimitPerIndex } = job.spec;
  const { completedIndexes: completed = "", failedIndexes: failed } = job.status;
  const completedPath = statusPath.child("completedIndexes");
  const failedPath = statusPath.child("failedIndexes");
  const completedChanged = changed("completedIndexes");
  const failedChanged = changed("failedIndexes");
  const errors: FieldError[] = [];
  const checkFormat = (text: string, field: string, path: FieldPath) => {
    const counted = countIndexes(text, completions ?? 0);
    if (typeof counted === "number") return;
    errors.push(invalid(path, text, `error parsing ${field}: ${counted.problem}`));
  };
  if (completedChanged && completions !== undefined)
    checkFormat(completed, "completedIndexes", completedPath);
  if (failedChanged && completions !== undefined && backoffLimitPerIndex !== undefined) {
    checkFormat(failed ?? "", "failedIndexes", failedPath);
  }
  if (completedChanged && completed !== "" && completionMode !== "Indexed") {
    const detail = "cannot set non-empty completedIndexes when non-indexed completion mode";
    errors.push(invalid(completedPath, completed, detail));
  }
  if (failed === undefined) return errors;
  if (failedChanged && backoffLimitPerIndex === undefined) {
    const detail = "cannot set non-null failedIndexes when backoffLimitPerIndex is null";
    errors.push(invalid(failedPath, failed, detail));
  }
  if ((failedChanged || completedChanged) && completions !== undefined) {
    const index = overlappingIndex(completed, failed, completions);
    const detail = `failedIndexes and completedIndexes overlap at index: ${index}`;
    if (index !== undefined) errors.push(invalid(failedPath, failed, detail));
  }
  return errors;
}

function validatePodCounts({ job, changed }: Change): FieldError[] {
  const { terminating = 0, ready = 0, active = 0 } = job.status;
  const errors: FieldError[] = [];
  if (changed("Finished", "terminating") && terminating > 0 && isJobFinished(job)) {
    const path = statusPath.child("terminating");
    errors.push(invalid(path, terminating, "terminating>0 is invalid for finished job"));
  }
  if (changed("ready", "active") && ready > active) {
    errors.push(invalid(statusPath.child("ready"), ready, "cannot set more ready pods than active"));
  }
  return errors;
}

function validateSuccessCriteria(job: Job): FieldError[] {
  const is = (type: string) => isConditionTrue(job, type);
  const errors: FieldError[] = [];
  if (is("SuccessCriteriaMet") && is("Failed")) {
    errors.push(wrongConditions("cannot set SuccessCriteriaMet=True and Failed=true conditions"));
  }
  if (is("SuccessCriteriaMet") && is("FailureTarget")) {
    errors.push(wrongConditions("cannot set SuccessCriteriaMet=True and FailureTarget=true conditions"));
  }
  if (job.spec.successPolicy && !is("SuccessCriteriaMet") && is("Complete")) {
    const detail = "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True";
    errors.push(wrongConditions(detail));
  }
  return errors;
}

/** What never goes back: ValidateJobStatusUpdate. */
function validateTransition({ job, old }: Change): FieldError[] {
  const errors: FieldError[] = [];
  const turned = (type: string, to: boolean) =>
    isConditionTrue(job, type) === to && isConditionTrue(old, type) === !to;
  for (const type of ["Failed", "Complete", "FailureTarget"]) {
    if (turned(type, false))
      errors.push(wrongConditions(`cannot disable the terminal ${type}=True condition`));
  }
  errors.push(...validateCounters(job, old), ...validateTimes(job, old));
  if (turned("SuccessCriteriaMet", false)) {
    errors.push(wrongConditions("cannot disable the SuccessCriteriaMet=True condition"));
  }
  if (isConditionTrue(old, "Complete") && turned("SuccessCriteriaMet", true)) {
    const detail = "cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions";
    errors.push(wrongConditions(detail));
  }
  return errors;
}

function validateCounters({ spec, status }: Job, old: Job): FieldError[] {
  const errors: FieldError[] = [];
  const decreased = (key: "failed" | "succeeded") => {
    if ((status[key] ?? 0) >= (old.status[key] ?? 0)) return;
    errors.push(invalid(statusPath.child(key), status[key] ?? 0, `cannot decrease the ${key} counter`));
  };
  decreased("failed");
  // Such a Job can be scaled down.
  const scalable = spec.completionMode === "Indexed" && spec.completions === spec.parallelism;
  if (!scalable) decreased("succeeded");
  return errors;
}

function validateTimes({ spec, status }: Job, old: Job): FieldError[] {
  const { startTime, completionTime } = status;
  const errors: FieldError[] = [];
  const before = old.status.completionTime;
  if (completionTime !== undefined && before !== undefined && completionTime !== before) {
    errors.push(invalid(statusPath.child("completionTime"), completionTime, "field is immutable"));
  }
  const resuming =
    isConditionTrue(old, "Suspended") &&
    (status.conditions ?? []).some(({ type, status: value }) => type === "Suspended" && value === "False");
  const started = old.status.startTime;
  if (started !== undefined && startTime !== started && !resuming && !spec.suspend) {
    const detail = "field is immutable for unsuspended job once set";
    errors.push(invalid(statusPath.child("startTime"), startTime ?? null, detail));
  }
  return errors;
}
