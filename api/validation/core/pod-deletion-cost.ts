/** The annotation that says which pods of a ReplicaSet go first. */
export const podDeletionCostAnnotation = "controller.kubernetes.io/pod-deletion-cost";

/** GetDeletionCostFromPodAnnotations fails: the annotation is there, but no int32 without needless signs or zeros. */
export function hasBadDeletionCost(annotations: Readonly<Record<string, string>> | undefined): boolean {
  if (!annotations || !Object.hasOwn(annotations, podDeletionCostAnnotation)) return false;
  const text = annotations[podDeletionCostAnnotation]!;
  if (!/^(?:0|-[0-9]+|[1-9][0-9]*)$/.test(text)) return true;
  const value = Number(text);
  return value < -(2 ** 31) || value >= 2 ** 31;
}
