/** Source: pkg/apis/resource/validation/validation.go (DeviceClass). */
import type { FeatureGates } from "../../feature-gates.ts";
import type { ObjectOf } from "../../object-of.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import type { NewDeviceCompiler } from "../cel.ts";
import { isExtendedResource } from "../core/resource-quantities.ts";
import { type FieldError, FieldPath, invalid } from "../field.ts";
import { checkLongName } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { maxConfigs, validateDeviceConfiguration, validateSelectors } from "./device-claim.ts";
import { validateList } from "./lists.ts";

type DeviceClass = ObjectOf<"io.k8s.api.resource.v1.DeviceClass">;

const specPath = FieldPath.of("spec");

/** ValidateDeviceClass. */
export function validateDeviceClass(
  { metadata, spec }: DeviceClass,
  gates: FeatureGates,
  newCompiler?: NewDeviceCompiler,
  old?: DeviceClass,
): FieldError[] {
  const errors = validateObjectMeta(metadata, false, checkLongName);
  if (old) errors.push(...validateObjectMetaUpdate(metadata, old.metadata));
  const compiler = newCompiler?.(gates);
  const selectorsStored = old !== undefined && semanticEqual(spec.selectors, old.spec.selectors);
  const configStored = old !== undefined && semanticEqual(spec.config, old.spec.config);
  const options = { gates, ...(compiler ? { compiler } : {}), stored: selectorsStored };
  errors.push(
    ...validateSelectors(spec.selectors, specPath.child("selectors"), options),
    ...validateList(
      spec.config,
      maxConfigs,
      ({ opaque }, path) => validateDeviceConfiguration(opaque, path, configStored),
      specPath.child("config"),
    ),
  );
  const { extendedResourceName: name } = spec;
  if (name === undefined || isExtendedResource(name)) return errors;
  const path = specPath.child("extendedResourceName");
  return [...errors, invalid(path, name, "must be a valid extended resource name")];
}
