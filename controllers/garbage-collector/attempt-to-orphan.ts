import { orphanFinalizer } from "./dependency-graph.ts";
import type { GraphNode } from "./graph-node.ts";
import { isNotFound, type ObjectAccess } from "./object-access.ts";

/** Frees the dependents of an object that is to leave them behind, then lets it go. Source: attemptToOrphanWorker. */
export async function attemptToOrphan(access: ObjectAccess, owner: GraphNode): Promise<void> {
  const failures: unknown[] = [];
  await Promise.all(
    [...owner.dependents].map((dependent) =>
      access.removeOwners(dependent, [owner.uid]).catch((error: unknown) => {
        if (!isNotFound(error)) failures.push(error);
      }),
    ),
  );
  if (failures.length > 0) throw failures[0];
  await access.removeFinalizer(owner, orphanFinalizer);
}
