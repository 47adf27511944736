import type { ObjectOf } from "../../../api/object-of.ts";
import { validatePriorityLevelConfiguration } from "../../../api/validation/flowcontrol/priority-level-configuration.ts";
import { mandatoryLevelSpecs } from "../bootstrap/flow-control.ts";
import { countSpecChange } from "../generation.ts";
import { keepAllMetadata } from "../status-metadata.ts";
import { defineResource } from "../strategy.ts";

type PriorityLevelConfiguration = ObjectOf<"io.k8s.api.flowcontrol.v1.PriorityLevelConfiguration">;

const validate = (level: PriorityLevelConfiguration) =>
  validatePriorityLevelConfiguration(level, mandatoryLevelSpecs);

/** Source: pkg/registry/flowcontrol/prioritylevelconfiguration. */
export const priorityLevelConfigurations = defineResource<PriorityLevelConfiguration>({
  group: "flowcontrol.apiserver.k8s.io",
  resource: "prioritylevelconfigurations",
  strategy: {
    resetFields: { "*": ["status"] },
    prepareForCreate(level) {
      level.status = {};
      level.metadata.generation = 1;
    },
    validate,
    prepareForUpdate(level, old) {
      countSpecChange(level, old);
      level.status = old.status;
    },
    validateUpdate: validate,
  },
  subresources: {
    status: {
      resetFields: { "*": ["metadata", "spec"] },
      prepareForUpdate(level, old) {
        keepAllMetadata(level, old);
        level.spec = old.spec;
      },
      validateUpdate: validate,
    },
  },
});
