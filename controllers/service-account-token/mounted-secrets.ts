import type { KubeObject } from "../../api/object.ts";

/**
 * The names of all secrets that a pod may read: whatever is called a secret reference somewhere in its volumes,
 * containers and pull secrets. Source: VisitPodSecretNames of pkg/api/v1/pod.
 */
export function secretNamesOf(pod: KubeObject): Set<string> {
  const names = new Set<string>();
  const { spec } = pod as KubeObject & { spec?: { imagePullSecrets?: readonly { name?: string }[] } };
  for (const { name } of spec?.imagePullSecrets ?? []) if (name) names.add(name);
  collect(spec, names);
  return names;
}

/** Fields that name a secret, or hold what does. */
const references: ReadonlySet<string> = new Set([
  ...["secret", "secretRef", "secretKeyRef"],
  ...["nodePublishSecretRef", "azureFile"],
]);

function collect(value: unknown, names: Set<string>): void {
  if (typeof value !== "object" || value === null) return;
  for (const [field, member] of Object.entries(value)) {
    if (references.has(field)) {
      const { name, secretName } = (member ?? {}) as { name?: string; secretName?: string };
      for (const one of [name, secretName]) if (one) names.add(one);
    }
    collect(member, names);
  }
}
