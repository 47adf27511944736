import type { ObjectOf } from "../../../api/object-of.ts";
import { betaStorageClassAnnotation } from "../../../api/volume-facts.ts";
import { type AdmissionAttributes, objectOf } from "../attributes.ts";
import type { AdmissionPlugin } from "../chain.ts";
import { type AdmissionObjects, storageClasses } from "../objects.ts";
import { defaultClass } from "./default-class.ts";

type Claim = ObjectOf<"io.k8s.api.core.v1.PersistentVolumeClaim">;

const isDefault: readonly string[] = [
  "storageclass.kubernetes.io/is-default-class",
  "storageclass.beta.kubernetes.io/is-default-class",
];

/** Claims that name no class get the default one. Source: plugin/pkg/admission/storage/storageclass/setdefault. */
export function defaultStorageClass(objects: AdmissionObjects): AdmissionPlugin {
  const admit = async (attributes: AdmissionAttributes): Promise<void> => {
    const { spec, metadata } = objectOf<Claim>(attributes);
    if (
      !spec ||
      spec.storageClassName !== undefined ||
      metadata.annotations?.[betaStorageClassAnnotation] !== undefined
    )
      return;
    const name = defaultClass(await objects.list(storageClasses, ""), isDefault)?.metadata.name;
    if (name !== undefined) spec.storageClassName = name;
  };
  return {
    name: "DefaultStorageClass",
    rules: [{ operations: ["CREATE"], resources: ["persistentvolumeclaims"], admit }],
  };
}
