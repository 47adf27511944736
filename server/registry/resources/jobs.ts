/** Source: pkg/registry/batch/job. */

import type { ObjectOf } from "../../../api/object-of.ts";
import { dropDisabledTemplateFields } from "../../../api/pod-disabled-fields.ts";
import { inKeyOrder } from "../../../api/schema/go-order.ts";
import { jobLabels, validateJob, validateJobUpdate } from "../../../api/validation/batch/job.ts";
import { validateJobStatusUpdate } from "../../../api/validation/batch/job-status.ts";
import { FieldPath } from "../../../api/validation/field.ts";
import { jobSpecWarnings } from "../../../api/warnings/job.ts";
import { podOwnerNameWarnings } from "../../../api/warnings/pod-owner-name.ts";
import { countSpecChange } from "../generation.ts";
import { defineResource } from "../strategy.ts";

type Job = ObjectOf<"io.k8s.api.batch.v1.Job">;

const specPath = FieldPath.of("spec");

export const jobs = defineResource<Job>({
  group: "batch",
  resource: "jobs",
  strategy: {
    // For clients that have come to rely on it.
    defaultGarbageCollectionPolicy: "orphan",
    deletionWarning:
      "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning",
    resetFields: { "batch/v1": ["status"] },
    prepareForCreate(job, { gates }) {
      if (!job.spec.manualSelector) generateSelector(job);
      job.status = {};
      job.metadata.generation = 1;
      dropDisabledTemplateFields(job.spec.template, undefined, gates);
    },
    validate: (job, { gates }) => validateJob(job, gates),
    warningsOnCreate: ({ metadata, spec }, { gates }) => [
      ...podOwnerNameWarnings(metadata.name),
      ...jobSpecWarnings(spec, specPath, gates),
    ],
    prepareForUpdate(job, old, { gates }) {
      job.status = old.status;
      dropDisabledTemplateFields(job.spec.template, old.spec.template, gates);
      countSpecChange(job, old);
    },
    validateUpdate: (job, old, { gates }) => validateJobUpdate(job, old, gates),
    // With the generated labels in the template.
    defaultOnRead({ metadata, spec }) {
      const { labels } = spec.template.metadata;
      if (labels && Object.keys(metadata.labels ?? {}).length === 0) metadata.labels = { ...labels };
    },
    warningsOnUpdate: ({ metadata, spec }, old, { gates }) =>
      metadata.generation === old.metadata.generation ? [] : jobSpecWarnings(spec, specPath, gates),
  },
  subresources: {
    status: {
      resetFields: { "batch/v1": ["spec"] },
      prepareForUpdate(job, old) {
        job.spec = old.spec;
      },
      validateUpdate: validateJobStatusUpdate,
    },
  },
  selectableFields: { "status.successful": ({ status }) => String(status.succeeded ?? 0) },
});

/** Labels that only this Job's pods have; labels that the client gave instead are for validation to refuse. */
function generateSelector({ metadata, spec }: Job): void {
  const { name = "", uid = "" } = metadata;
  const { metadata: templateMeta } = spec.template;
  const isShared = metadata.labels !== undefined && metadata.labels === templateMeta.labels;
  templateMeta.labels = inKeyOrder({
    [jobLabels.legacyJobName]: name,
    [jobLabels.jobName]: name,
    [jobLabels.legacyControllerUid]: uid,
    [jobLabels.controllerUid]: uid,
    ...templateMeta.labels,
  });
  // The defaults made one map of both: see api/defaults/batch.ts.
  if (isShared) metadata.labels = { ...templateMeta.labels };
  spec.selector ??= {};
  spec.selector.matchLabels = inKeyOrder({ [jobLabels.controllerUid]: uid, ...spec.selector.matchLabels });
}
