import type { KubeObject } from "../../api/object.ts";
import { WorkQueue } from "../../client/work-queue.ts";
import type { ControllerContext } from "../controller.ts";
import { ProtectingFinalizer } from "./protecting-finalizer.ts";

const volumesResource = { group: "", version: "v1", resource: "persistentvolumes" } as const;

interface Volume extends KubeObject {
  status?: { phase?: string };
}

/** Keeps volumes as long as they are bound. Source: pkg/controller/volume/pvprotection. */
export function makeVolumeProtectionController(context: ControllerContext): void {
  const { client, clock, signal, onError, informers, ready } = context;
  const finalizer = new ProtectingFinalizer(client, volumesResource, "kubernetes.io/pv-protection");
  const volumes = informers.of<Volume>(volumesResource);
  const queue = new WorkQueue({
    ...{ clock, signal, onError, ready },
    async work(name) {
      const volume = volumes.objects.get(name);
      if (volume) await finalizer.settle(volume, () => volume.status?.phase === "Bound");
    },
  });
  volumes.onChange((now) => {
    if (now && finalizer.concerns(now)) queue.add(now.metadata.name ?? "");
  });
}
