import type { KubeObject } from "../../../api/object.ts";

/** Of several default classes the newest, and of those made in the same second the first by name. */
export function defaultClass(
  classes: readonly KubeObject[],
  annotations: readonly string[],
): KubeObject | undefined {
  let found: KubeObject | undefined;
  for (const one of classes) {
    if (!annotations.some((key) => one.metadata.annotations?.[key] === "true")) continue;
    if (!found || comesBefore(one, found)) found = one;
  }
  return found;
}

function comesBefore({ metadata: a }: KubeObject, { metadata: b }: KubeObject): boolean {
  if (a.creationTimestamp === b.creationTimestamp) return (a.name ?? "") < (b.name ?? "");
  return (a.creationTimestamp ?? "") > (b.creationTimestamp ?? "");
}
