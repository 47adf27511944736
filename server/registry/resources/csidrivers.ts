import type { FeatureGates } from "../../../api/feature-gates.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import { semanticEqual } from "../../../api/semantic-equal.ts";
import { validateCsiDriver, validateCsiDriverUpdate } from "../../../api/validation/storage/csi-driver.ts";
import { defineResource } from "../strategy.ts";

type CsiDriver = ObjectOf<"io.k8s.api.storage.v1.CSIDriver">;

/** Source: pkg/registry/storage/csidriver. */
export const csiDrivers = defineResource<CsiDriver>({
  group: "storage.k8s.io",
  resource: "csidrivers",
  strategy: {
    allowUnconditionalUpdate: false,
    returnDeletedObject: true,
    prepareForCreate: (driver, { gates }) => dropDisabledFields(driver, undefined, gates),
    validate: (driver, { gates }) => validateCsiDriver(driver, gates),
    warningsOnCreate: (driver, { gates }) => warnings(driver, undefined, gates),
    prepareForUpdate(driver, old, { gates }) {
      dropDisabledFields(driver, old, gates);
      if (semanticEqual(driver.spec, old.spec)) return;
      driver.metadata.generation = (old.metadata.generation ?? 0) + 1;
    },
    validateUpdate: (driver, old, { gates }) => validateCsiDriverUpdate(driver, old, gates),
    warningsOnUpdate: (driver, old, { gates }) => warnings(driver, old, gates),
  },
});

const gatedFields = [
  ["seLinuxMount", "SELinuxMountReadWriteOncePod"],
  ["nodeAllocatableUpdatePeriodSeconds", "MutableCSINodeAllocatableCount"],
  ["serviceAccountTokenInSecrets", "CSIServiceAccountTokenSecrets"],
  ["preventPodSchedulingIfMissing", "VolumeLimitScaling"],
] as const;

function dropDisabledFields({ spec }: CsiDriver, old: CsiDriver | undefined, gates: FeatureGates): void {
  for (const [field, gate] of gatedFields) {
    if (!gates.enabled(gate) && old?.spec[field] === undefined) delete spec[field];
  }
}

const recommendSecrets =
  "spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes";

/** Said when token requests come or change. */
function warnings({ spec }: CsiDriver, old: CsiDriver | undefined, gates: FeatureGates): string[] {
  if (!gates.enabled("CSIServiceAccountTokenSecrets") || !spec.tokenRequests?.length) return [];
  if (spec.serviceAccountTokenInSecrets !== undefined) return [];
  if (old && semanticEqual(spec.tokenRequests, old.spec.tokenRequests)) return [];
  return [recommendSecrets];
}
