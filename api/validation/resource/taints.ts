/** Taints and tolerations of devices. Source: pkg/apis/resource/validation/validation.go. */
import type { Schemas } from "../../types.ts";
import { type FieldError, type FieldPath, invalid, notSupported, required } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { validateLabelName } from "../labels.ts";
import { checkLabelValue } from "../names.ts";

type Taint = Schemas["io.k8s.api.resource.v1.DeviceTaint"];
type Toleration = Schemas["io.k8s.api.resource.v1.DeviceToleration"];

const effects = ["NoExecute", "NoSchedule", "None"];

/** validateDeviceTaint. */
export function validateDeviceTaint(taint: Taint, old: Taint | undefined, path: FieldPath): FieldError[] {
  const { key = "", value = "", effect = "" } = taint;
  const errors = validateLabelName(key, path.child("key"));
  errors.push(...invalidText(path.child("value"), value, checkLabelValue(value)));
  if (old?.effect === effect) return errors;
  const effectPath = path.child("effect");
  if (effect === "") errors.push(required(effectPath));
  else if (!effects.includes(effect)) errors.push(notSupported(effectPath, effect, effects));
  return errors;
}

/** validateDeviceToleration. */
export function validateDeviceToleration(toleration: Toleration, path: FieldPath): FieldError[] {
  const { key = "", operator = "", value = "", effect = "" } = toleration;
  const errors = key === "" ? [] : validateLabelName(key, path.child("key"));
  const valuePath = path.child("value");
  switch (operator) {
    case "Exists":
      if (value !== "") errors.push(invalid(valuePath, value, "must be empty for operator `Exists`"));
      break;
    case "Equal":
      errors.push(...invalidText(valuePath, value, checkLabelValue(value)));
      break;
    case "":
      errors.push(required(path.child("operator")));
      break;
    default:
      errors.push(notSupported(path.child("operator"), operator, ["Equal", "Exists"]));
  }
  if (effect !== "" && !effects.includes(effect)) {
    errors.push(notSupported(path.child("effect"), effect, effects));
  }
  return errors;
}
