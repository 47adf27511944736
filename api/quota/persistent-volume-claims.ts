import type { ObjectOf } from "../object-of.ts";
import type { Amounts } from "../pod-resources.ts";
import { Quantity } from "../quantity.ts";
import { storageClassOf } from "../volume-facts.ts";
import { meets, objectCountName, one, type QuotaContext, type QuotaEvaluator } from "./evaluator.ts";

type Claim = ObjectOf<"io.k8s.api.core.v1.PersistentVolumeClaim">;

const count = objectCountName({ group: "", resource: "persistentvolumeclaims" });
const measured: readonly string[] = ["persistentvolumeclaims", "requests.storage"];
const classSuffix = ".storageclass.storage.k8s.io/";

/** Claims and their storage, also by storage class. Source: evaluator/core/persistent_volume_claims.go. */
export const claimQuota: QuotaEvaluator<Claim> = {
  updates: ["", "status"],
  measures: (name) =>
    name === count || measured.some((one) => name === one || name.endsWith(classSuffix + one)),
  usage(claim, context) {
    const usage: Amounts = new Map([
      ["persistentvolumeclaims", one],
      [count, one],
    ]);
    const storage = storageOf(claim, context);
    if (storage) usage.set("requests.storage", storage);
    const name = storageClassOf(claim);
    if (name === "") return usage;
    usage.set(`${name}${classSuffix}persistentvolumeclaims`, one);
    if (storage) usage.set(`${name}${classSuffix}requests.storage`, storage);
    return usage;
  },
  isInScope: (requirement, claim, { gates }) =>
    requirement.scopeName === "VolumeAttributesClass" &&
    gates.enabled("VolumeAttributesClass") &&
    meets(requirement, attributesClasses(claim)),
};

/** In whole bytes; what has been allocated counts where it is more. */
function storageOf({ spec, status }: Claim, { gates }: QuotaContext): Quantity | undefined {
  const text = spec?.resources?.requests?.["storage"];
  if (text === undefined) return undefined;
  const requested = Quantity.parse(text).roundUp(0);
  const allocated = status?.allocatedResources?.["storage"];
  if (allocated === undefined || !gates.enabled("RecoverVolumeExpansionFailure")) return requested;
  const amount = Quantity.parse(allocated);
  return amount.compare(requested) > 0 ? amount.roundUp(0) : requested;
}

function attributesClasses({ spec, status }: Claim): string[] {
  const names = [
    spec?.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ];
  return [...new Set(names.filter((name) => name !== undefined && name !== ""))] as string[];
}
