/** One device of a slice. Source: pkg/apis/resource/validation/validation.go (validateDevice). */
import { goValue } from "../../go-value.ts";
import { Quantity } from "../../quantity.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import type { Schemas } from "../../types.ts";
import { validateNodeSelector } from "../core/node-selectors.ts";
import { isNativeResource } from "../core/resource-quantities.ts";
import { type FieldError, type FieldPath, invalid, notFound, required, tooLong } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { checkDns1123Subdomain, isLongerThan } from "../names.ts";
import { isSemanticVersion } from "../semantic-version.ts";
import { validateBindingConditions } from "./binding-conditions.ts";
import { validateSharedCapacity, validateWholeCapacity } from "./device-capacity.ts";
import { goAttribute } from "./go-layout.ts";
import { validateList, validateMap, validateSet } from "./lists.ts";
import { maxQualifiedNameLength, validateLabelName, validateQualifiedName } from "./names.ts";
import { validateDeviceTaint } from "./taints.ts";

type Device = Schemas["io.k8s.api.resource.v1.Device"];
type Attribute = Schemas["io.k8s.api.resource.v1.DeviceAttribute"];
type Mapping = Schemas["io.k8s.api.resource.v1.NodeAllocatableResourceMapping"];

const maxAttributesAndCapacities = 32;
const maxAttributeValues = 48;
const maxValueLength = 64;
const maxTaints = 16;
const maxConsumptions = 2;
const maxCounters = 32;
const maxCounterNameLength = 63;

const listKinds = ["bools", "ints", "strings", "versions"] as const;

export const validateNodeName = (name: string, path: FieldPath): FieldError[] =>
  invalidText(path, name, checkDns1123Subdomain(name));

export function validateDevice(
  device: Device,
  old: Device | undefined,
  perDeviceNodeSelection: boolean,
  path: FieldPath,
): FieldError[] {
  const { attributes, capacity, taints, consumesCounters } = device;
  const keyLimit = { maxKeyLength: maxQualifiedNameLength };
  const validateCapacity = device.allowMultipleAllocations ? validateSharedCapacity : validateWholeCapacity;
  return [
    ...validateLabelName(device.name, path.child("name")),
    ...validateAmounts(device, path),
    ...validateMap(attributes, keyLimit, validateQualifiedName, validateAttribute, path.child("attributes")),
    ...validateMap(capacity, keyLimit, validateQualifiedName, validateCapacity, path.child("capacity")),
    ...(old && semanticEqual(old.taints, taints)
      ? []
      : validateList(
          taints,
          maxTaints,
          (taint, at) => validateDeviceTaint(taint, undefined, at),
          path.child("taints"),
        )),
    ...validateSet(
      consumesCounters,
      maxConsumptions,
      ({ counterSet, counters }, at) => [
        ...validateCounterName(counterSet, at.child("counterSet")),
        ...validateCounters(counters, at.child("counters")),
      ],
      ({ counterSet }) => counterSet ?? "",
      path.child("consumesCounters"),
    ),
    ...validateNodes(device, perDeviceNodeSelection, path),
    ...validateBindingConditions(device, path),
    ...validateMappings(device, path.child("nodeAllocatableResourceMappings")),
  ];
}

export function validateCounterName(name: string | undefined, path: FieldPath): FieldError[] {
  return name ? validateLabelName(name, path) : [required(path)];
}

export function validateCounters(
  counters: Readonly<Record<string, unknown>> | undefined,
  path: FieldPath,
): FieldError[] {
  if (!counters || Object.keys(counters).length === 0) return [required(path)];
  const limits = { maxSize: maxCounters, maxKeyLength: maxCounterNameLength };
  return validateMap(counters, limits, validateLabelName, () => [], path);
}

function validateAmounts({ attributes = {}, capacity = {} }: Device, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const total = Object.keys(attributes).length + Object.keys(capacity).length;
  if (total > maxAttributesAndCapacities) {
    const detail = `the total number of attributes and capacities must not exceed ${maxAttributesAndCapacities}`;
    errors.push(invalid(path, total, detail));
  }
  let values = 0;
  for (const attribute of Object.values(attributes)) {
    const listed = listKinds.reduce((sum, kind) => sum + (attribute[kind]?.length ?? 0), 0);
    values += Math.max(listed, 1);
  }
  if (values > maxAttributeValues) {
    const detail = `the total number of attribute values must not exceed ${maxAttributeValues}`;
    errors.push(invalid(path, values, detail));
  }
  return errors;
}

function validateAttribute(attribute: Attribute, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (attribute.string !== undefined) errors.push(...validateText(attribute.string, path.child("string")));
  if (attribute.version !== undefined) {
    errors.push(...validateVersion(attribute.version, path.child("version")));
  }
  for (const kind of listKinds) {
    if (attribute[kind]?.length === 0) {
      errors.push(invalid(path.child(kind), [], "must not be empty if specified"));
    }
  }
  errors.push(
    ...validateList(attribute.strings, -1, validateText, path.child("strings")),
    ...validateList(attribute.versions, -1, validateVersion, path.child("versions")),
  );
  const kinds = ["bool", "int", "string", "version", ...listKinds] as const;
  const given = kinds.filter((kind) => attribute[kind] !== undefined).length;
  if (given === 1) return errors;
  const shown = given === 0 ? "" : goValue(goAttribute, attribute);
  return [...errors, invalid(path, shown, "exactly one value must be specified")];
}

function validateText(text: string, path: FieldPath): FieldError[] {
  return isLongerThan(text, maxValueLength) ? [tooLong(path, maxValueLength)] : [];
}

function validateVersion(text: string, path: FieldPath): FieldError[] {
  const detail = "must be a string compatible with semver.org spec 2.0.0";
  return [...(isSemanticVersion(text) ? [] : [invalid(path, text, detail)]), ...validateText(text, path)];
}

function validateNodes(device: Device, perDevice: boolean, path: FieldPath): FieldError[] {
  const { nodeName, nodeSelector, allNodes } = device;
  if (!perDevice) {
    if (nodeName === undefined && !nodeSelector && allNodes === undefined) return [];
    const detail =
      "`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec";
    return [invalid(path, null, detail)];
  }
  const errors: FieldError[] = [];
  const given: string[] = [];
  if (nodeName === "") errors.push(invalid(path.child("nodeName"), "", "must not be empty"));
  else if (nodeName !== undefined) {
    given.push("`nodeName`");
    errors.push(...validateNodeName(nodeName, path.child("nodeName")));
  }
  if (nodeSelector) {
    given.push("`nodeSelector`");
    errors.push(...validateNodeSelector(nodeSelector, false, path.child("nodeSelector")));
  }
  if (allNodes) given.push("`allNodes`");
  else if (allNodes === false) {
    errors.push(invalid(path.child("allNodes"), false, "must be either unset or set to true"));
  }
  const detail =
    "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec";
  if (given.length === 0) errors.push(required(path, detail));
  else if (given.length > 1) errors.push(invalid(path, `{${given.join(", ")}}`, detail));
  return errors;
}

function validateMappings(device: Device, path: FieldPath): FieldError[] {
  const { capacity = {}, nodeAllocatableResourceMappings: mappings = {} } = device;
  return Object.entries(mappings).flatMap(([resource, mapping]) => {
    const at = path.key(resource);
    const detail = "must be a node allocatable resource name";
    const unknown = isNativeResource(resource) ? [] : [invalid(at, resource, detail)];
    return [...unknown, ...validateMapping(mapping, capacity, at)];
  });
}

function validateMapping(
  { allocationMultiplier, capacityKey }: Mapping,
  capacity: Readonly<Record<string, unknown>>,
  path: FieldPath,
): FieldError[] {
  if (allocationMultiplier === undefined && capacityKey === undefined) {
    return [invalid(path, "", "at least one of allocationMultiplier or capacityKey must be set")];
  }
  const errors: FieldError[] = [];
  if (allocationMultiplier !== undefined && Quantity.parse(allocationMultiplier).sign <= 0) {
    errors.push(invalid(path.child("allocationMultiplier"), allocationMultiplier, "must be positive"));
  }
  const keyPath = path.child("capacityKey");
  if (capacityKey === "") errors.push(invalid(keyPath, "", "capacityKey must not be an empty string"));
  else if (capacityKey !== undefined && !Object.hasOwn(capacity, capacityKey)) {
    errors.push(notFound(keyPath, capacityKey));
  }
  return errors;
}
