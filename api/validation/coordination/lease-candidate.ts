/** Source: pkg/apis/coordination/validation/validation.go. */
import type { ObjectOf } from "../../object-of.ts";
import { type FieldError, FieldPath, invalid, required } from "../field.ts";
import { checkConfigMapKey } from "../names.ts";
import { validateAnyObjectMeta, validateAnyObjectMetaUpdate } from "../object-meta.ts";
import { validateImmutable } from "../values.ts";
import { oldestEmulationVersion, validateLeaseStrategy } from "./lease.ts";
import { compareSemanticVersions, parseSemanticVersion } from "./semantic-version.ts";

type LeaseCandidate = ObjectOf<"io.k8s.api.coordination.v1beta1.LeaseCandidate">;

const specPath = FieldPath.of("spec");

/** ValidateLeaseCandidate. */
export const validateLeaseCandidate = (candidate: LeaseCandidate): FieldError[] => [
  ...validateAnyObjectMeta(candidate.metadata, true, checkConfigMapKey),
  ...validateSpec(candidate),
];

/** ValidateLeaseCandidateUpdate. */
export const validateLeaseCandidateUpdate = (
  candidate: LeaseCandidate,
  old: LeaseCandidate,
): FieldError[] => [
  ...validateAnyObjectMetaUpdate(candidate.metadata, old.metadata),
  ...validateSpec(candidate),
  ...validateImmutable(
    candidate.spec?.leaseName ?? "",
    old.spec?.leaseName ?? "",
    specPath.child("leaseName"),
  ),
];

const notAVersion = "must be a valid semantic version";

function validateSpec({ spec }: LeaseCandidate): FieldError[] {
  const { leaseName = "", emulationVersion = "", binaryVersion = "", strategy = "" } = spec ?? {};
  const errors: FieldError[] = [];
  if (leaseName === "") errors.push(required(specPath.child("leaseName")));
  const emulationPath = specPath.child("emulationVersion");
  const emulation = emulationVersion === "" ? undefined : parseSemanticVersion(emulationVersion);
  if (emulationVersion !== "" && !emulation)
    errors.push(invalid(emulationPath, emulationVersion, notAVersion));
  const binaryPath = specPath.child("binaryVersion");
  const binary = binaryVersion === "" ? undefined : parseSemanticVersion(binaryVersion);
  if (binaryVersion === "") errors.push(required(binaryPath));
  else if (!binary) errors.push(invalid(binaryPath, binaryVersion, notAVersion));
  if (binaryVersion !== "" && emulationVersion !== "" && compareSemanticVersions(binary, emulation) < 0) {
    errors.push(invalid(binaryPath, binaryVersion, "must be greater than or equal to `emulationVersion`"));
  }
  const strategyPath = specPath.child("strategy");
  if (strategy === "") return [...errors, required(strategyPath)];
  if (strategy === oldestEmulationVersion && compareSemanticVersions(emulation, undefined) === 0) {
    const detail = "must be specified when `strategy` is 'OldestEmulationVersion'";
    errors.push(required(emulationPath, detail));
  }
  return [...errors, ...validateLeaseStrategy(strategy, strategyPath)];
}
