/** Source: pkg/apis/storage/validation/validation.go. */
import type { ObjectOf } from "../../object-of.ts";
import { duplicate, type FieldError, FieldPath, invalid, notSupported, required, tooLong } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { validateLabelName } from "../labels.ts";
import { byteLength, checkQualifiedName, nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { validateImmutable } from "../values.ts";

type StorageClass = ObjectOf<"io.k8s.api.storage.v1.StorageClass">;
type Topology = NonNullable<StorageClass["allowedTopologies"]>[number];

const bindingModes = ["Immediate", "WaitForFirstConsumer"];
const reclaimPolicies = ["Delete", "Retain"];

/** ValidateStorageClass. */
export function validateStorageClass(storageClass: StorageClass): FieldError[] {
  const { metadata, provisioner, parameters, reclaimPolicy, volumeBindingMode: mode } = storageClass;
  const errors = validateObjectMeta(metadata, false, nameIsDnsSubdomain);
  errors.push(...validateProvisioner(provisioner, FieldPath.of("provisioner")));
  errors.push(...validateParameters(parameters, true, FieldPath.of("parameters")));
  if (reclaimPolicy && !reclaimPolicies.includes(reclaimPolicy)) {
    errors.push(notSupported(FieldPath.of("reclaimPolicy"), reclaimPolicy, reclaimPolicies));
  }
  const modePath = FieldPath.of("volumeBindingMode");
  if (mode === undefined) errors.push(required(modePath));
  else if (!bindingModes.includes(mode)) errors.push(notSupported(modePath, mode, bindingModes));
  errors.push(...validateTopologies(storageClass.allowedTopologies ?? [], FieldPath.of("allowedTopologies")));
  return errors;
}

/** What the strategy's ValidateUpdate checks. */
export function validateStorageClassUpdate(storageClass: StorageClass, old: StorageClass): FieldError[] {
  const errors = [
    ...validateStorageClass(storageClass),
    ...validateObjectMetaUpdate(storageClass.metadata, old.metadata),
  ];
  for (const field of ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"] as const) {
    errors.push(...validateImmutable(storageClass[field], old[field], FieldPath.of(field)));
  }
  return errors;
}

/** validateProvisioner: of storage classes, and the driver of attribute classes. */
export function validateProvisioner(provisioner: string | undefined, path: FieldPath): FieldError[] {
  if (!provisioner) return [required(path)];
  const name = provisioner.toLowerCase();
  return invalidText(path, name, checkQualifiedName(name));
}

const maxParameters = 512;
const maxParametersSize = 256 * 1024;

/** validateParameters. */
export function validateParameters(
  parameters: Readonly<Record<string, string>> = {},
  allowEmpty: boolean,
  path: FieldPath,
): FieldError[] {
  const entries = Object.entries(parameters);
  if (entries.length > maxParameters) return [tooLong(path, maxParameters)];
  const errors = Object.hasOwn(parameters, "") ? [invalid(path, "", "field can not be empty.")] : [];
  const size = entries.reduce((sum, [key, value]) => sum + byteLength(key) + byteLength(value), 0);
  if (size > maxParametersSize) errors.push(tooLong(path, maxParametersSize));
  if (entries.length === 0 && !allowEmpty) {
    errors.push(required(path, "must contain at least one key/value pair"));
  }
  return errors;
}

function validateTopologies(topologies: readonly Topology[], path: FieldPath): FieldError[] {
  const seen = new Set<string>();
  return topologies.flatMap((topology, index) => {
    const at = path.index(index).child("matchLabelExpressions");
    const errors = validateTopology(topology, at);
    const identity = topologyIdentity(topology);
    // Upstream compares with as many empty terms as there are terms before it comes to the terms themselves.
    const repetitions = identity === "{}" ? topologies.length : 0;
    for (let i = 0; i < repetitions; i++) errors.push(duplicate(at, ""));
    if (seen.has(identity)) errors.push(duplicate(at, ""));
    seen.add(identity);
    return errors;
  });
}

/** Terms with the same keys and values, in whatever order, are one. */
function topologyIdentity({ matchLabelExpressions = [] }: Topology): string {
  const values = new Map(matchLabelExpressions.map(({ key, values }) => [key, [...new Set(values)].sort()]));
  return JSON.stringify(Object.fromEntries([...values].sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** ValidateTopologySelectorTerm. */
function validateTopology({ matchLabelExpressions = [] }: Topology, path: FieldPath): FieldError[] {
  const keys = new Set<string>();
  return matchLabelExpressions.flatMap(({ key = "", ...requirement }, index) => {
    const at = path.index(index);
    const values = requirement.values ?? [];
    const errors = values.length === 0 ? [required(at.child("values"))] : [];
    values.forEach((value, i) => {
      if (values.indexOf(value) < i) errors.push(duplicate(at.child("values").index(i), value));
    });
    errors.push(...validateLabelName(key, at.child("key")));
    if (keys.has(key)) errors.push(duplicate(at.child("key"), key));
    keys.add(key);
    return errors;
  });
}
