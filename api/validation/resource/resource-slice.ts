/** Source: pkg/apis/resource/validation/validation.go (ResourceSlice). */
import { goValue } from "../../go-value.ts";
import type { ObjectOf } from "../../object-of.ts";
import type { Schemas } from "../../types.ts";
import { validateNodeSelector } from "../core/node-selectors.ts";
import { type FieldError, FieldPath, invalid, required } from "../field.ts";
import { nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { notPositiveError, validateImmutable } from "../values.ts";
import { validateCounterName, validateCounters, validateDevice, validateNodeName } from "./device.ts";
import { goNodeSelectorTerm } from "./go-layout.ts";
import { validateSet } from "./lists.ts";
import { validateDriverName, validatePoolName } from "./names.ts";

type Slice = ObjectOf<"io.k8s.api.resource.v1.ResourceSlice">;
type Spec = Slice["spec"];
type Device = Schemas["io.k8s.api.resource.v1.Device"];

const specPath = FieldPath.of("spec");
const maxDevices = 128;
const maxDevicesWithAdvancedFeatures = 64;
const maxCounterSets = 8;

/** ValidateResourceSlice. */
export function validateResourceSlice({ metadata, spec }: Slice): FieldError[] {
  return [...validateObjectMeta(metadata, false, nameIsDnsSubdomain), ...validateSpec(spec, undefined)];
}

/** ValidateResourceSliceUpdate. */
export function validateResourceSliceUpdate({ metadata, spec }: Slice, old: Slice): FieldError[] {
  return [...validateObjectMetaUpdate(metadata, old.metadata), ...validateSpec(spec, old.spec)];
}

function validateSpec(spec: Spec, old: Spec | undefined): FieldError[] {
  const errors = [
    ...validateDriverName(spec.driver, specPath.child("driver")),
    ...validatePool(spec.pool, specPath.child("pool")),
  ];
  if (old) {
    errors.push(
      ...validateImmutable(spec.pool.name, old.pool.name, specPath.child("pool", "name")),
      ...validateImmutable(spec.driver, old.driver, specPath.child("driver")),
      ...validateImmutable(spec.nodeName, old.nodeName, specPath.child("nodeName")),
    );
  }
  errors.push(...validateNodes(spec));
  if (spec.sharedCounters && spec.devices) {
    errors.push(invalid(specPath, "", "only one of `sharedCounters` or `devices` is allowed"));
  }
  const oldDevices = new Map(old?.devices?.map((device) => [device.name, device]));
  const perDevice = spec.perDeviceNodeSelection ?? false;
  const devicesPath = specPath.child("devices");
  const limit = spec.devices?.some(isAdvanced) ? maxDevicesWithAdvancedFeatures : maxDevices;
  const validate = (device: Device, path: FieldPath) =>
    validateDevice(device, oldDevices.get(device.name), perDevice, path);
  errors.push(
    ...validateSet(spec.devices, limit, validate, ({ name }) => name ?? "", devicesPath),
    ...validateSet(
      spec.sharedCounters,
      maxCounterSets,
      ({ name, counters }, path) => [
        ...validateCounterName(name, path.child("name")),
        ...validateCounters(counters, path.child("counters")),
      ],
      ({ name }) => name ?? "",
      specPath.child("sharedCounters"),
    ),
  );
  return errors;
}

/** Devices that need more room, so that fewer of them are allowed. */
function isAdvanced({ taints, consumesCounters, attributes = {} }: Device): boolean {
  if (taints?.length || consumesCounters?.length) return true;
  return Object.values(attributes).some(
    ({ bools, ints, strings, versions }) => bools ?? ints ?? strings ?? versions,
  );
}

function validatePool(pool: Spec["pool"], path: FieldPath): FieldError[] {
  const { name, resourceSliceCount = 0, generation = 0 } = pool;
  const errors = validatePoolName(name, path.child("name"));
  if (resourceSliceCount <= 0) {
    errors.push(invalid(path.child("resourceSliceCount"), resourceSliceCount, notPositiveError));
  }
  if (generation < 0) {
    const detail = "must be greater than or equal to zero";
    errors.push(invalid(path.child("generation"), generation, detail));
  }
  return errors;
}

function validateNodes(spec: Spec): FieldError[] {
  const { nodeName, nodeSelector } = spec;
  const errors: FieldError[] = [];
  const given: string[] = [];
  if (nodeName === "") {
    const detail = "must be either unset or set to a non-empty string";
    errors.push(invalid(specPath.child("nodeName"), "", detail));
  } else if (nodeName !== undefined) {
    given.push("`nodeName`");
    errors.push(...validateNodeName(nodeName, specPath.child("nodeName")));
  }
  if (nodeSelector) {
    given.push("`nodeSelector`");
    const path = specPath.child("nodeSelector");
    errors.push(...validateNodeSelector(nodeSelector, false, path));
    const { nodeSelectorTerms: terms } = nodeSelector;
    if (terms?.length !== 1) {
      const shown = terms?.map((term) => goValue(goNodeSelectorTerm, term)) ?? null;
      const detail = "must have exactly one node selector term";
      errors.push(invalid(path.child("nodeSelectorTerms"), shown, detail));
    }
  }
  for (const key of ["allNodes", "perDeviceNodeSelection"] as const) {
    if (spec[key]) given.push(`\`${key}\``);
    else if (spec[key] === false) {
      errors.push(invalid(specPath.child(key), false, "must be either unset or set to true"));
    }
  }
  const detail =
    "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";
  if (given.length === 0) errors.push(required(specPath, detail));
  else if (given.length > 1) {
    const several = `${detail}, but multiple fields are set`;
    errors.push(invalid(specPath, `{${given.join(", ")}}`, several));
  }
  return errors;
}
