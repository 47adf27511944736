/** Source: pkg/apis/storage/validation/validation.go. */
import type { FeatureGates } from "../../feature-gates.ts";
import type { ObjectOf } from "../../object-of.ts";
import { duplicate, type FieldError, FieldPath, invalid, notSupported, required } from "../field.ts";
import { nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { validateImmutable } from "../values.ts";

type CsiDriver = ObjectOf<"io.k8s.api.storage.v1.CSIDriver">;
type Spec = CsiDriver["spec"];

const specPath = FieldPath.of("spec");
// Upstream's name for attachRequired, also in errors.
const attachPath = specPath.child("attachedRequired");

/** ValidateCSIDriver. */
export const validateCsiDriver = ({ metadata, spec }: CsiDriver, gates: FeatureGates): FieldError[] => [
  ...validateObjectMeta(metadata, false, nameIsDnsSubdomain),
  ...validateSpec(spec ?? {}, gates),
];

/** ValidateCSIDriverUpdate. */
export const validateCsiDriverUpdate = (
  driver: CsiDriver,
  old: CsiDriver,
  gates: FeatureGates,
): FieldError[] => [
  ...validateObjectMetaUpdate(driver.metadata, old.metadata),
  ...validateSpec(driver.spec ?? {}, gates),
  ...validateImmutable(driver.spec?.attachRequired, old.spec?.attachRequired, attachPath),
  ...validateImmutable(
    driver.spec?.volumeLifecycleModes,
    old.spec?.volumeLifecycleModes,
    specPath.child("volumeLifecycleModes"),
  ),
];

const groupPolicies = ["File", "None", "ReadWriteOnceWithFSType"];
const lifecycleModes = ["Persistent", "Ephemeral"];

function validateSpec(spec: Spec, gates: FeatureGates): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.attachRequired === undefined) errors.push(required(attachPath));
  if (spec.podInfoOnMount === undefined) errors.push(required(specPath.child("podInfoOnMount")));
  if (spec.storageCapacity === undefined) errors.push(required(specPath.child("storageCapacity")));
  const policy = spec.fsGroupPolicy;
  if (policy !== undefined && !groupPolicies.includes(policy)) {
    errors.push(notSupported(specPath.child("fsGroupPolicy"), policy, groupPolicies));
  }
  errors.push(...validateTokenRequests(spec));
  for (const mode of spec.volumeLifecycleModes ?? []) {
    if (lifecycleModes.includes(mode)) continue;
    errors.push(notSupported(specPath.child("volumeLifecycleModes"), mode, lifecycleModes));
  }
  if (spec.seLinuxMount === undefined && gates.enabled("SELinuxMountReadWriteOncePod")) {
    errors.push(required(specPath.child("seLinuxMount")));
  }
  const period = spec.nodeAllocatableUpdatePeriodSeconds;
  if (period !== undefined && period < 10) {
    const path = specPath.child("nodeAllocatableUpdatePeriodSeconds");
    errors.push(invalid(path, period, "must be greater than or equal to 10 seconds"));
  }
  const inSecrets = spec.serviceAccountTokenInSecrets;
  if (inSecrets !== undefined && !spec.tokenRequests?.length) {
    const detail = "serviceAccountTokenInSecrets is set but no tokenRequests are specified";
    errors.push(invalid(specPath.child("serviceAccountTokenInSecrets"), inSecrets, detail));
  }
  if (spec.preventPodSchedulingIfMissing === undefined && gates.enabled("VolumeLimitScaling")) {
    errors.push(required(specPath.child("preventPodSchedulingIfMissing")));
  }
  return errors;
}

const minTokenSeconds = 600;
const maxTokenSeconds = 2 ** 32;

function validateTokenRequests({ tokenRequests = [] }: Spec): FieldError[] {
  const audiences = new Set<string>();
  return tokenRequests.flatMap(({ audience = "", expirationSeconds: seconds }, index) => {
    const path = specPath.child("tokenRequests").index(index);
    if (audiences.has(audience)) return [duplicate(path.child("audience"), audience)];
    audiences.add(audience);
    if (seconds === undefined) return [];
    const at = path.child("expirationSeconds");
    if (seconds < minTokenSeconds) {
      return [invalid(at, seconds, "may not specify a duration less than 10 minutes")];
    }
    if (seconds > maxTokenSeconds) {
      return [invalid(at, seconds, "may not specify a duration larger than 2^32 seconds")];
    }
    return [];
  });
}
