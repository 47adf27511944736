/** Pod templates. Source: k8s.io/kubernetes/pkg/registry/core/podtemplate/strategy.go. */
import type { PodTemplate } from "../../../api/core-types.ts";
import type { ObjectMeta } from "../../../api/object.ts";
import { dropDisabledTemplateFields } from "../../../api/pod-disabled-fields.ts";
import { semanticEqual } from "../../../api/semantic-equal.ts";
import { templateValidationOptions } from "../../../api/validation/core/pod-options.ts";
import { validatePodTemplateSpec } from "../../../api/validation/core/pod-spec.ts";
import { warningsForPodTemplate } from "../../../api/validation/core/pod-warnings.ts";
import { FieldPath } from "../../../api/validation/field.ts";
import { nameIsDnsSubdomain } from "../../../api/validation/names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../../../api/validation/object-meta.ts";
import { defineResource } from "../strategy.ts";

type Stored = PodTemplate & { metadata: ObjectMeta };

const templatePath = FieldPath.of("template");

export const podTemplates = defineResource<Stored>({
  group: "",
  resource: "podtemplates",
  strategy: {
    returnDeletedObject: true,
    prepareForCreate({ metadata, template }, { gates }) {
      metadata.generation = 1;
      dropDisabledTemplateFields(template, undefined, gates);
    },
    validate: ({ metadata, template }, { gates }) => [
      ...validateObjectMeta(metadata, true, nameIsDnsSubdomain),
      ...validatePodTemplateSpec(template ?? {}, templatePath, templateValidationOptions(gates)),
    ],
    warningsOnCreate: ({ template }, { gates }) => warningsForPodTemplate(template, templatePath, gates),
    prepareForUpdate({ metadata, template }, old, { gates }) {
      dropDisabledTemplateFields(template, old.template, gates);
      if (semanticEqual(template, old.template)) return;
      metadata.generation = (old.metadata.generation ?? 0) + 1;
    },
    validateUpdate: ({ metadata, template }, old, { gates }) => [
      ...validateObjectMetaUpdate(metadata, old.metadata),
      ...validatePodTemplateSpec(
        template ?? {},
        templatePath,
        templateValidationOptions(gates, old.template),
      ),
    ],
    warningsOnUpdate: ({ metadata, template }, old, { gates }) =>
      metadata.generation === old.metadata.generation
        ? []
        : warningsForPodTemplate(template, templatePath, gates),
  },
});
