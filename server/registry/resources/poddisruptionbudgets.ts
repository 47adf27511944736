import type { ObjectOf } from "../../../api/object-of.ts";
import {
  validatePodDisruptionBudget,
  validatePodDisruptionBudgetStatusUpdate,
  validatePodDisruptionBudgetUpdate,
} from "../../../api/validation/policy/pod-disruption-budget.ts";
import { countSpecChange } from "../generation.ts";
import { defineResource } from "../strategy.ts";

/** Source: pkg/registry/policy/poddisruptionbudget. */
export const podDisruptionBudgets = defineResource<ObjectOf<"io.k8s.api.policy.v1.PodDisruptionBudget">>({
  group: "policy",
  resource: "poddisruptionbudgets",
  strategy: {
    allowUnconditionalUpdate: false,
    resetFields: { "policy/v1": ["status"] },
    prepareForCreate(budget) {
      budget.status = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
      budget.metadata.generation = 1;
    },
    validate: (budget) => validatePodDisruptionBudget(budget),
    prepareForUpdate(budget, old) {
      budget.status = old.status;
      countSpecChange(budget, old);
    },
    validateUpdate: validatePodDisruptionBudgetUpdate,
  },
  subresources: {
    status: {
      resetFields: { "policy/v1": ["spec"] },
      prepareForUpdate(budget, old) {
        budget.spec = old.spec;
      },
      validateUpdate: validatePodDisruptionBudgetStatusUpdate,
    },
  },
});
