import { timestamp } from "../../../api/clock.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import {
  validateDeviceTaintRule,
  validateDeviceTaintRuleStatusUpdate,
  validateDeviceTaintRuleUpdate,
} from "../../../api/validation/resource/device-taint-rule.ts";
import { countSpecChange } from "../generation.ts";
import { keepMetadata } from "../status-metadata.ts";
import { defineResource } from "../strategy.ts";

/** Source: pkg/registry/resource/devicetaintrule. */
export const deviceTaintRules = defineResource<ObjectOf<"io.k8s.api.resource.v1alpha3.DeviceTaintRule">>({
  group: "resource.k8s.io",
  resource: "devicetaintrules",
  strategy: {
    returnDeletedObject: true,
    resetFields: { "*": ["status"] },
    prepareForCreate(rule, { clock }) {
      rule.status = {};
      rule.metadata.generation = 1;
      // A default of the API that needs a clock.
      rule.spec.taint.timeAdded ??= timestamp(clock);
    },
    validate: validateDeviceTaintRule,
    prepareForUpdate(rule, old, { clock }) {
      rule.status = old.status;
      const { taint } = rule.spec;
      const before = old.spec.taint;
      taint.timeAdded ??= timestamp(clock);
      // The time is that of the effect, not of the rule.
      if (taint.effect !== before.effect && taint.timeAdded === before.timeAdded) {
        taint.timeAdded = timestamp(clock);
      }
      countSpecChange(rule, old);
    },
    validateUpdate: validateDeviceTaintRuleUpdate,
  },
  subresources: {
    status: {
      resetFields: { "*": ["metadata", "spec"] },
      prepareForUpdate(rule, old) {
        rule.spec = old.spec;
        keepMetadata(rule, old);
      },
      validateUpdate: validateDeviceTaintRuleStatusUpdate,
    },
  },
});
