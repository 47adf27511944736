import { jsonEqual } from "../../api/json-equal.ts";
import type { KubeObject, OwnerReference } from "../../api/object.ts";

const tail = (uids: readonly string[]) =>
  `; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${uids.join(", ")}`;

/** Drops repeated owner references, with upstream's warning. Source: dedupOwnerReferencesAndAddWarning. */
export function dedupOwnerReferences(
  { metadata }: KubeObject,
  afterAdmission: boolean,
  warn: (message: string) => void,
): void {
  if (!metadata.ownerReferences) return;
  const kept: OwnerReference[] = [];
  const repeated: string[] = [];
  for (const reference of metadata.ownerReferences) {
    if (kept.some((other) => jsonEqual(other, reference))) repeated.push(reference.uid);
    else kept.push(reference);
  }
  if (repeated.length === 0) return;
  const when = afterAdmission ? " after mutating admission happens" : "";
  warn(`.metadata.ownerReferences contains duplicate entries${when}${tail(repeated)}`);
  metadata.ownerReferences = kept;
}
