import type { KubeObject } from "../../api/object.ts";
import { WorkQueue } from "../../client/work-queue.ts";
import type { ControllerContext } from "../controller.ts";
import { finishNamespace, namespacesResource } from "./finish-namespace.ts";

const workers = 10;
/** So that an end that failed is never far away. Source: nsControllerRateLimiter. */
const longestRetry = 60_000;

/**
 * Empties namespaces that are to go, and lets them go. Where there is one API server it begins at once, unlike
 * upstream's, which gives others some time to see that a namespace ends. Source: pkg/controller/namespace.
 */
export function makeNamespaceController(context: ControllerContext): void {
  const { clock, signal, onError, informers, ready, namespaceDeletionGrace: grace = 0 } = context;
  const work = async (name: string): Promise<void> => {
    const seconds = await finishNamespace(context, name);
    if (seconds > 0) queue.addAfter(name, (Math.floor(seconds / 2) + 1) * 1000);
  };
  const queue = new WorkQueue({ clock, signal, onError, ready, workers, longestRetry, work });
  informers.of<KubeObject>(namespacesResource).onChange((now) => {
    if (now?.metadata.deletionTimestamp === undefined) return;
    const { name = "" } = now.metadata;
    if (grace === 0) queue.add(name);
    else queue.addAfter(name, grace);
  });
}
