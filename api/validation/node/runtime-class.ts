/** Source: pkg/apis/node/validation/validation.go. */
import type { FeatureGates } from "../../feature-gates.ts";
import { goNullable, goString, goValue } from "../../go-value.ts";
import type { ObjectOf } from "../../object-of.ts";
import { podValidationOptions } from "../core/pod-options.ts";
import { validateOverhead } from "../core/resource-requirements.ts";
import { validateTolerations } from "../core/tolerations.ts";
import { duplicate, type FieldError, FieldPath, required } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { validateLabels } from "../labels.ts";
import { nameIsDnsLabel, nameIsDnsSubdomain } from "../names.ts";
import { validateAnyObjectMeta, validateAnyObjectMetaUpdate } from "../object-meta.ts";
import { validateImmutable } from "../values.ts";

type RuntimeClass = ObjectOf<"io.k8s.api.node.v1.RuntimeClass">;
type Toleration = NonNullable<NonNullable<RuntimeClass["scheduling"]>["tolerations"]>[number];

const handlerPath = FieldPath.of("handler");
const schedulingPath = FieldPath.of("scheduling");

/** ValidateRuntimeClass. */
export function validateRuntimeClass(runtimeClass: RuntimeClass, gates: FeatureGates): FieldError[] {
  const { metadata, handler, overhead, scheduling } = runtimeClass;
  const errors = validateAnyObjectMeta(metadata, false, nameIsDnsSubdomain);
  if (!handler) errors.push(required(handlerPath));
  else errors.push(...invalidText(handlerPath, handler, nameIsDnsLabel(handler, false)));
  if (overhead) {
    const options = podValidationOptions(gates, false);
    errors.push(...validateOverhead(overhead.podFixed ?? {}, FieldPath.of("overhead"), options));
  }
  errors.push(...validateLabels(scheduling?.nodeSelector, schedulingPath.child("nodeSelector")));
  errors.push(...validateSchedulingTolerations(scheduling?.tolerations ?? []));
  return errors;
}

const goToleration = {
  Key: goString("key"),
  Operator: goString("operator"),
  Value: goString("value"),
  Effect: goString("effect"),
  TolerationSeconds: goNullable("tolerationSeconds"),
};

function validateSchedulingTolerations(tolerations: readonly Toleration[]): FieldError[] {
  const path = schedulingPath.child("tolerations");
  const errors = validateTolerations(tolerations, path, { allowTolerationComparison: false });
  const seen = new Set<string>();
  tolerations.forEach((toleration, index) => {
    const { key = "", operator = "", value = "", effect = "" } = toleration;
    const identity = JSON.stringify([key, operator, value, effect]);
    if (seen.has(identity)) errors.push(duplicate(path.index(index), goValue(goToleration, toleration)));
    seen.add(identity);
  });
  return errors;
}

/** What the strategy's ValidateUpdate checks. */
export const validateRuntimeClassUpdate = (
  runtimeClass: RuntimeClass,
  old: RuntimeClass,
  gates: FeatureGates,
): FieldError[] => [
  ...validateRuntimeClass(runtimeClass, gates),
  ...validateAnyObjectMetaUpdate(runtimeClass.metadata, old.metadata),
  ...validateImmutable(runtimeClass.handler, old.handler, handlerPath),
];
