import { goQuote } from "../../api/go-format.ts";
import type { ServedResource } from "../../client/client.ts";
import { EventRecorder } from "../../client/events.ts";
import { StreamSet } from "../../client/stream-set.ts";
import { again, WorkQueue } from "../../client/work-queue.ts";
import type { ControllerContext } from "../controller.ts";
import { definitionsResource } from "../custom-resource-definitions/definition-controllers.ts";
import { attemptToDelete } from "./attempt-to-delete.ts";
import { attemptToOrphan } from "./attempt-to-orphan.ts";
import { DependencyGraph } from "./dependency-graph.ts";
import { type GraphNode, type Identity, identityText } from "./graph-node.ts";
import { KindMapping, UnknownKind } from "./kind-mapping.ts";
import { monitorsOf, resourcesToFollow } from "./monitor.ts";
import { isConflict, isNotFound, NamespacedOwner, ObjectAccess } from "./object-access.ts";

const workers = 20;
/** How often it looks at what the server serves, in milliseconds. */
const discoveryPeriod = 30_000;
/** How long it waits for what there is at the beginning, in milliseconds. */
const longestStart = 30_000;

/**
 * Deletes objects whose owners are gone, after or before their owners, or leaves them behind, as the deletion of the
 * owner asks for. Source: pkg/controller/garbagecollector.
 */
export function makeGarbageCollector(context: ControllerContext): void {
  const { client, clock, random, signal, onError, informers, ready } = context;
  const recorder = new EventRecorder(
    { client, clock, random, signal, onError },
    "garbage-collector-controller",
  );
  const kinds = new KindMapping(client);
  const access = new ObjectAccess(context, kinds);
  const { promise: complete, resolve: begin } = Promise.withResolvers<void>();

  const queueOf = (work: (node: GraphNode) => Promise<void>): WorkQueue =>
    new WorkQueue({
      ...{ clock, signal, onError, workers, ready: complete },
      async work(uid) {
        const node = graph.get(uid);
        if (!node) return;
        try {
          await work(node);
        } catch (error) {
          // No other attempt would end differently.
          if (error instanceof NamespacedOwner) return;
          // Others change or delete it as well, or its kind is still to come.
          if (isConflict(error) || isNotFound(error) || error instanceof UnknownKind) return again;
          throw error;
        }
        // Until somebody has seen it: it may come and go while nobody looks.
        return graph.get(uid)?.isVirtual ? again : undefined;
      },
    });
  const deletions = queueOf((node) => attemptToDelete({ graph, access, enqueue }, node));
  const orphans = queueOf((node) => attemptToOrphan(access, node));
  const enqueue = ({ uid }: GraphNode) => deletions.add(uid);

  const graph = new DependencyGraph({
    attemptToDelete: enqueue,
    attemptToDeleteLater: ({ uid }) => deletions.addAgain(uid),
    attemptToOrphan: ({ uid }) => orphans.add(uid),
    invalidNamespace: (dependent, owner) => recorder.record(invalidNamespace(dependent, owner)),
  });

  let followed: readonly ServedResource[] = [];
  const monitors = new StreamSet({ client, clock, random, signal, onError });
  const discovery = new WorkQueue({
    ...{ clock, signal, onError, ready },
    async work(key) {
      discovery.addAfter(key, discoveryPeriod);
      await kinds.refresh();
      followed = resourcesToFollow(await client.preferredResources(), followed);
      void monitors.sync(monitorsOf(graph, followed)).then(begin);
    },
  });
  const look = () => discovery.add("resources");
  informers.of(definitionsResource).onChange(look);
  look();
  const cancel = clock.setTimer(longestStart, begin);
  void complete.then(cancel);
  signal.addEventListener("abort", cancel, { once: true });
}

function invalidNamespace(dependent: GraphNode, owner: Identity) {
  const { kind, apiVersion, namespace, name, uid } = dependent;
  return {
    about: { kind, apiVersion, ...(namespace === "" ? {} : { namespace }), name, uid },
    type: "Warning",
    reason: "OwnerRefInvalidNamespace",
    message: `ownerRef ${identityText(owner)} does not exist in namespace ${goQuote(namespace)}`,
  } as const;
}
