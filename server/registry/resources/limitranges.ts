import type { ObjectOf } from "../../../api/object-of.ts";
import { validateLimitRange } from "../../../api/validation/core/limit-range.ts";
import { defineResource } from "../strategy.ts";

/** Source: pkg/registry/core/limitrange. */
export const limitRanges = defineResource<ObjectOf<"io.k8s.api.core.v1.LimitRange">>({
  group: "",
  resource: "limitranges",
  strategy: {
    allowCreateOnUpdate: true,
    prepareForCreate({ metadata }, { random }) {
      // The one kind that needs no name.
      metadata.name ||= random.uuid();
    },
    validate: validateLimitRange,
    validateUpdate: validateLimitRange,
  },
});
