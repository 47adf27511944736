/** Source: pkg/apis/core/validation/validation.go (validateNodeTaints). */
import { goNullable, goString, goValue } from "../../go-value.ts";
import { duplicate, type FieldError, type FieldPath, invalid, notSupported, required } from "../field.ts";
import { validateLabelName } from "../labels.ts";
import { checkLabelValue } from "../names.ts";

export interface Taint {
  key?: string;
  value?: string;
  effect?: string;
  timeAdded?: string;
}

const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/** validateTaintEffect, of a taint (a toleration may leave it empty). */
export function validateTaintEffect(effect: string, allowEmpty: boolean, path: FieldPath): FieldError[] {
  if (effect === "" && !allowEmpty) return [required(path)];
  return effects.includes(effect) ? [] : [notSupported(path, effect, effects)];
}

const goTaint = {
  Key: goString("key"),
  Value: goString("value"),
  Effect: goString("effect"),
  TimeAdded: goNullable("timeAdded"),
};

export function validateTaints(taints: readonly Taint[], path: FieldPath): FieldError[] {
  const seen = new Set<string>();
  return taints.flatMap((taint, index) => {
    const at = path.index(index);
    const { key = "", value = "", effect = "" } = taint;
    const errors = validateLabelName(key, at.child("key"));
    const problems = checkLabelValue(value);
    if (problems.length > 0) errors.push(invalid(at.child("value"), value, problems.join(";")));
    errors.push(...validateTaintEffect(effect, false, at.child("effect")));
    const identity = `${effect} ${key}`;
    if (seen.has(identity)) {
      const error = duplicate(at, goValue(goTaint, taint));
      errors.push({ ...error, body: `${error.body}: taints must be unique by key and effect pair` });
    }
    seen.add(identity);
    return errors;
  });
}
