/** Source: pkg/apis/resource/validation/validation.go (DeviceTaintRule). */
import type { ObjectOf } from "../../object-of.ts";
import { type FieldError, FieldPath, tooMany } from "../field.ts";
import { validateConditions } from "../labels.ts";
import { nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { validateDriverName, validateLabelName, validatePoolName } from "./names.ts";
import { validateDeviceTaint } from "./taints.ts";

type Rule = ObjectOf<"io.k8s.api.resource.v1alpha3.DeviceTaintRule">;

const specPath = FieldPath.of("spec");
const conditionsPath = FieldPath.of("status", "conditions");
const maxConditions = 8;

/** ValidateDeviceTaintRule. */
export function validateDeviceTaintRule(rule: Rule): FieldError[] {
  return [...validateObjectMeta(rule.metadata, false, nameIsDnsSubdomain), ...validateSpec(rule.spec)];
}

/** ValidateDeviceTaintRuleUpdate. */
export function validateDeviceTaintRuleUpdate(rule: Rule, old: Rule): FieldError[] {
  return [...validateObjectMetaUpdate(rule.metadata, old.metadata), ...validateSpec(rule.spec, old.spec)];
}

function validateSpec({ deviceSelector, taint }: Rule["spec"], old?: Rule["spec"]): FieldError[] {
  const { driver, pool, device } = deviceSelector ?? {};
  const selectorPath = specPath.child("deviceSelector");
  return [
    ...(driver === undefined ? [] : validateDriverName(driver, selectorPath.child("driver"))),
    ...(pool === undefined ? [] : validatePoolName(pool, selectorPath.child("pool"))),
    ...(device === undefined ? [] : validateLabelName(device, selectorPath.child("device"))),
    ...validateDeviceTaint(taint, old?.taint, specPath.child("taint")),
  ];
}

/** ValidateDeviceTaintRuleStatusUpdate. */
export function validateDeviceTaintRuleStatusUpdate(rule: Rule, old: Rule): FieldError[] {
  const { conditions = [] } = rule.status;
  return [
    ...validateObjectMetaUpdate(rule.metadata, old.metadata),
    ...validateConditions(conditions, conditionsPath),
    ...(conditions.length > maxConditions ? [tooMany(conditionsPath, conditions.length, maxConditions)] : []),
  ];
}
