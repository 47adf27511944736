import { WorkQueue } from "../../client/work-queue.ts";
import type { ControllerContext } from "../controller.ts";

const nodesResource = { group: "", version: "v1", resource: "nodes" } as const;
const annotation = "node.alpha.kubernetes.io/ttl";
const workers = 5;

/** How long kubelets may keep what they have read, by the number of nodes; the ranges overlap so that none flaps. */
const boundaries = [
  { least: 0, most: 100, seconds: 0 },
  { least: 90, most: 500, seconds: 15 },
  { least: 450, most: 1000, seconds: 30 },
  { least: 900, most: 2000, seconds: 60 },
  { least: 1800, most: Number.POSITIVE_INFINITY, seconds: 300 },
] as const;

/** Tells nodes how long they may keep secrets and the like. Source: pkg/controller/ttl. */
export function makeTtlController(context: ControllerContext): void {
  const { client, clock, signal, onError, informers, ready } = context;
  const nodes = informers.of(nodesResource);
  let count = 0;
  let step = 0;
  const queue = new WorkQueue({
    ...{ clock, signal, onError, ready, workers },
    async work(name) {
      const node = nodes.objects.get(name);
      const wanted = String(boundaries[step]!.seconds);
      if (!node || node.metadata.annotations?.[annotation] === wanted) return;
      const patch = { metadata: { annotations: { [annotation]: wanted } } };
      await client.patch(nodesResource, name, patch, { type: "strategic" });
    },
  });
  nodes.onChange((now, before) => {
    if (now && !before) count++;
    if (!now) count--;
    if (count > boundaries[step]!.most) step++;
    else if (count < boundaries[step]!.least) step--;
    if (now) queue.add(now.metadata.name ?? "");
  });
}
