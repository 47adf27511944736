import type { KubeObject } from "../../api/object.ts";
import { WorkQueue } from "../../client/work-queue.ts";
import type { ControllerContext } from "../controller.ts";
import { finishNamespace, namespacesResource } from "./finish-namespace.ts";

const workers = 10;
/** So that an end that failed is never far away. Source: nsControllerRateLimiter. */
const longestRetry = 60_000;

/**
 * Empties namespaces that are to go, and lets them go. Unlike upstream's, which gives other API servers five seconds
 * to see that a namespace ends, it begins at once: there is one server.
 * Source: pkg/controller/namespace.
 */
export function makeNamespaceController(context: ControllerContext): void {
  const { clock, signal, onError, informers, ready } = context;
  const work = async (name: string): Promise<void> => {
    const seconds = await finishNamespace(context, name);
    if (seconds > 0) queue.addAfter(name, (Math.floor(seconds / 2) + 1) * 1000);
  };
  const queue = new WorkQueue({ clock, signal, onError, ready, workers, longestRetry, work });
  informers.of<KubeObject>(namespacesResource).onChange((now) => {
    if (now?.metadata.deletionTimestamp !== undefined) queue.add(now.metadata.name ?? "");
  });
}
