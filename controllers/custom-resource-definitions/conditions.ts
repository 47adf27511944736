/** Conditions of custom resource definitions. Source: k8s.io/apiextensions-apiserver/pkg/apihelpers. */
import type { CustomResourceDefinition } from "../../api/custom/definition.ts";

export type DefinitionCondition = NonNullable<CustomResourceDefinition["status"]["conditions"]>[number];
export type NewCondition = Pick<DefinitionCondition, "type" | "status" | "reason" | "message">;

export function findCondition(
  { status }: CustomResourceDefinition,
  type: string,
): DefinitionCondition | undefined {
  return status.conditions?.find((condition) => condition.type === type);
}

/** A copy of the definition with the condition set; its time changes with its status only. */
export function withCondition(
  definition: CustomResourceDefinition,
  condition: NewCondition,
  now: string,
): CustomResourceDefinition {
  const conditions = [...(definition.status.conditions ?? [])];
  const index = conditions.findIndex(({ type }) => type === condition.type);
  const old = conditions[index];
  const lastTransitionTime =
    old?.status === condition.status && old.lastTransitionTime ? old.lastTransitionTime : now;
  const next = { ...old, lastTransitionTime, ...condition };
  if (old) conditions[index] = next;
  else conditions.push(next);
  return { ...definition, status: { ...definition.status, conditions } };
}

export function sameCondition(condition: NewCondition, old: DefinitionCondition | undefined): boolean {
  return (
    old !== undefined &&
    condition.status === old.status &&
    (condition.reason ?? "") === (old.reason ?? "") &&
    (condition.message ?? "") === (old.message ?? "")
  );
}
