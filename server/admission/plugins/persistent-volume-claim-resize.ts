import type { ObjectOf } from "../../../api/object-of.ts";
import { Quantity } from "../../../api/quantity.ts";
import type { Schemas } from "../../../api/types.ts";
import { storageClassOf } from "../../../api/volume-facts.ts";
import { type AdmissionAttributes, denied, objectOf, oldObjectOf } from "../attributes.ts";
import type { AdmissionPlugin } from "../chain.ts";
import { type AdmissionObjects, storageClasses } from "../objects.ts";

type Claim = ObjectOf<"io.k8s.api.core.v1.PersistentVolumeClaim">;
type StorageClass = Schemas["io.k8s.api.storage.v1.StorageClass"];

/** Claims grow only where their class allows it. Source: plugin/pkg/admission/storage/persistentvolume/resize. */
export function persistentVolumeClaimResize(objects: AdmissionObjects): AdmissionPlugin {
  const validate = async (attributes: AdmissionAttributes): Promise<void> => {
    const claim = objectOf<Claim>(attributes);
    const old = oldObjectOf<Claim>(attributes);
    if (sizeOf(claim).compare(sizeOf(old)) <= 0) return;
    if (old.status?.phase !== "Bound")
      throw denied(attributes, "Only bound persistent volume claims can be expanded");
    const name = storageClassOf(claim);
    const found =
      name !== "" && name === storageClassOf(old) && (await objects.get(storageClasses, "", name));
    if (found && (found as StorageClass).allowVolumeExpansion) return;
    throw denied(
      attributes,
      "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize",
    );
  };
  return {
    name: "PersistentVolumeClaimResize",
    rules: [{ operations: ["UPDATE"], resources: ["persistentvolumeclaims"], validate }],
  };
}

const sizeOf = ({ spec }: Claim): Quantity => Quantity.parse(spec?.resources?.requests?.["storage"] ?? "0");
