/** Source: pkg/registry/batch/cronjob. */
import type { ObjectOf } from "../../../api/object-of.ts";
import { dropDisabledTemplateFields } from "../../../api/pod-disabled-fields.ts";
import { validateCronJob, validateCronJobUpdate } from "../../../api/validation/batch/cron-job.ts";
import { templateValidationOptions } from "../../../api/validation/core/pod-options.ts";
import { FieldPath } from "../../../api/validation/field.ts";
import { jobSpecWarnings } from "../../../api/warnings/job.ts";
import { podOwnerNameWarnings } from "../../../api/warnings/pod-owner-name.ts";
import { countSpecChange } from "../generation.ts";
import { defineResource } from "../strategy.ts";

type CronJob = ObjectOf<"io.k8s.api.batch.v1.CronJob">;

const jobPath = FieldPath.of("spec", "jobTemplate", "spec");

const templateOf = ({ spec }: CronJob) => spec.jobTemplate.spec.template;

export const cronJobs = defineResource<CronJob>({
  group: "batch",
  resource: "cronjobs",
  strategy: {
    resetFields: { "batch/v1": ["status"] },
    prepareForCreate(cronJob, { gates }) {
      cronJob.status = {};
      cronJob.metadata.generation = 1;
      dropDisabledTemplateFields(templateOf(cronJob), undefined, gates);
    },
    validate: (cronJob, { gates }) => validateCronJob(cronJob, templateValidationOptions(gates)),
    warningsOnCreate: ({ metadata, spec }, { gates }) => [
      ...podOwnerNameWarnings(metadata.name),
      ...jobSpecWarnings(spec.jobTemplate.spec, jobPath, gates),
    ],
    prepareForUpdate(cronJob, old, { gates }) {
      cronJob.status = old.status;
      dropDisabledTemplateFields(templateOf(cronJob), templateOf(old), gates);
      countSpecChange(cronJob, old);
    },
    validateUpdate: (cronJob, old, { gates }) =>
      validateCronJobUpdate(cronJob, old, templateValidationOptions(gates, templateOf(old))),
    warningsOnUpdate: ({ metadata, spec }, old, { gates }) => [
      ...(metadata.generation === old.metadata.generation
        ? []
        : jobSpecWarnings(spec.jobTemplate.spec, jobPath, gates)),
      ...scheduleWarnings(spec.schedule),
    ],
  },
  subresources: {
    status: {
      resetFields: { "batch/v1": ["spec"] },
      prepareForUpdate(cronJob, old) {
        cronJob.spec = old.spec;
      },
      // Upstream checks nothing here.
    },
  },
});

function scheduleWarnings(schedule: string): string[] {
  if (!schedule.includes("TZ")) return [];
  return [
    "cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details",
  ];
}
