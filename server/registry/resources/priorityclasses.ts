import type { ObjectOf } from "../../../api/object-of.ts";
import {
  isSystemPriorityClass,
  validatePriorityClass,
  validatePriorityClassUpdate,
} from "../../../api/validation/scheduling/priority-class.ts";
import { defineResource } from "../strategy.ts";

/** Source: pkg/registry/scheduling/priorityclass. */
export const priorityClasses = defineResource<ObjectOf<"io.k8s.api.scheduling.v1.PriorityClass">>({
  group: "scheduling.k8s.io",
  resource: "priorityclasses",
  strategy: {
    prepareForCreate(priority) {
      priority.metadata.generation = 1;
    },
    validate: validatePriorityClass,
    validateUpdate: validatePriorityClassUpdate,
    deletionProblem: (name) =>
      isSystemPriorityClass(name) ? "this is a system priority class and cannot be deleted" : undefined,
  },
});
