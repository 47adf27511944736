/** Source: pkg/apis/resource/validation/validation.go (ResourceClaim, ResourceClaimTemplate). */
import type { FeatureGates } from "../../feature-gates.ts";
import { goMetaValue, goValue } from "../../go-value.ts";
import type { ObjectOf } from "../../object-of.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import type { NewDeviceCompiler } from "../cel.ts";
import { validateTemplateMeta } from "../core/template-object-meta.ts";
import { type FieldError, FieldPath, invalid } from "../field.ts";
import { nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { immutableError } from "../values.ts";
import { type DeviceOptions, validateDeviceClaim } from "./device-claim.ts";
import { goClaimSpec } from "./go-layout.ts";

type Claim = ObjectOf<"io.k8s.api.resource.v1.ResourceClaim">;
type Template = ObjectOf<"io.k8s.api.resource.v1.ResourceClaimTemplate">;

const specPath = FieldPath.of("spec");

const optionsFor = (gates: FeatureGates, newCompiler?: NewDeviceCompiler): DeviceOptions => ({
  gates,
  ...(newCompiler ? { compiler: newCompiler(gates) } : {}),
  stored: false,
});

/** ValidateResourceClaim. */
export function validateResourceClaim(
  { metadata, spec }: Claim,
  gates: FeatureGates,
  newCompiler?: NewDeviceCompiler,
): FieldError[] {
  return [
    ...validateObjectMeta(metadata, true, nameIsDnsSubdomain),
    ...validateDeviceClaim(spec.devices, specPath.child("devices"), optionsFor(gates, newCompiler)),
  ];
}

/** ValidateResourceClaimUpdate. */
export function validateResourceClaimUpdate(claim: Claim, old: Claim): FieldError[] {
  const changed = !semanticEqual(claim.spec, old.spec);
  return [
    ...validateObjectMeta(claim.metadata, true, nameIsDnsSubdomain),
    ...validateObjectMetaUpdate(claim.metadata, old.metadata),
    ...(changed ? [invalid(specPath, goValue(goClaimSpec, claim.spec), immutableError)] : []),
  ];
}

/** ValidateResourceClaimTemplate. */
export function validateResourceClaimTemplate(
  { metadata, spec }: Template,
  gates: FeatureGates,
  newCompiler?: NewDeviceCompiler,
): FieldError[] {
  const devicesPath = specPath.child("spec", "devices");
  return [
    ...validateObjectMeta(metadata, true, nameIsDnsSubdomain),
    ...validateTemplateMeta(spec.metadata ?? {}, specPath.child("metadata")),
    ...validateDeviceClaim(spec.spec.devices, devicesPath, optionsFor(gates, newCompiler)),
  ];
}

/** ValidateUpdate of the strategy: everything is checked again. */
export function validateResourceClaimTemplateUpdate(
  template: Template,
  old: Template,
  gates: FeatureGates,
  newCompiler?: NewDeviceCompiler,
): FieldError[] {
  const errors = validateResourceClaimTemplate(template, gates, newCompiler);
  errors.push(...validateObjectMetaUpdate(template.metadata, old.metadata));
  if (semanticEqual(template.spec, old.spec)) return errors;
  const { metadata, spec } = template.spec;
  const shown = { ...goMetaValue("ObjectMeta", metadata), Spec: goValue(goClaimSpec, spec) };
  return [...errors, invalid(specPath, shown, immutableError)];
}
