import type { KubeObject } from "../../api/object.ts";
import type { Informer } from "../../client/informer.ts";
import { WorkQueue } from "../../client/work-queue.ts";
import type { ControllerContext } from "../controller.ts";
import { ProtectingFinalizer } from "./protecting-finalizer.ts";

const core = { group: "", version: "v1" } as const;
const classesResource = {
  ...{ group: "storage.k8s.io", version: "v1", resource: "volumeattributesclasses" },
} as const;

interface Volume extends KubeObject {
  spec?: { volumeAttributesClassName?: string };
}
interface Claim extends Volume {
  status?: {
    currentVolumeAttributesClassName?: string;
    modifyVolumeStatus?: { targetVolumeAttributesClassName?: string };
  };
}

/** Keeps attributes classes as long as a volume or claim names them. Source: pkg/controller/volume/vacprotection. */
export function makeAttributesClassProtectionController(context: ControllerContext): void {
  const { client, clock, signal, onError, informers, ready, gates } = context;
  if (!gates.enabled("VolumeAttributesClass")) return;
  const finalizer = new ProtectingFinalizer(client, classesResource, "kubernetes.io/vac-protection");
  const classes = informers.of(classesResource);
  const volumes = informers.of<Volume>({ ...core, resource: "persistentvolumes" });
  const claims = informers.of<Claim>({ ...core, resource: "persistentvolumeclaims" });
  const users = [volumes.index(classesOfVolume), claims.index(classesOfClaim)];
  const queue = new WorkQueue({
    ...{ clock, signal, onError, ready },
    async work(name) {
      const attributesClass = classes.objects.get(name);
      const isUsed = () => users.some((index) => [...index.get(name)].length > 0);
      if (attributesClass) await finalizer.settle(attributesClass, isUsed);
    },
  });
  classes.onChange((now) => {
    if (now && finalizer.concerns(now)) queue.add(now.metadata.name ?? "");
  });
  const followUsers = <T extends KubeObject>(informer: Informer<T>, classesOf: (user: T) => string[]) =>
    informer.onChange((now, before) => {
      const still = new Set(now ? classesOf(now as T) : []);
      for (const name of before ? classesOf(before as T) : []) if (!still.has(name)) queue.add(name);
    });
  followUsers(volumes, classesOfVolume);
  followUsers(claims, classesOfClaim);
}

const named = (...names: (string | undefined)[]): string[] => names.filter((name) => !!name) as string[];

const classesOfVolume = ({ spec }: Volume): string[] => named(spec?.volumeAttributesClassName);
const classesOfClaim = ({ spec, status }: Claim): string[] =>
  named(
    spec?.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  );
