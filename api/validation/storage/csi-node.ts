/** Source: pkg/apis/storage/validation/validation.go. */
import type { FeatureGates } from "../../feature-gates.ts";
import { type GoStruct, goNullable, goPointer, goString, goValue } from "../../go-value.ts";
import type { ObjectOf } from "../../object-of.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import { validateCsiDriverName } from "../core/csi-driver-name.ts";
import { duplicate, type FieldError, FieldPath, invalid, required } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { checkQualifiedName, isLongerThan, nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta } from "../object-meta.ts";
import { immutableError, validateNonnegative } from "../values.ts";

type CsiNode = ObjectOf<"io.k8s.api.storage.v1.CSINode">;
type Driver = NonNullable<CsiNode["spec"]>["drivers"][number];

const driversPath = FieldPath.of("spec", "drivers");
const maxNodeIdLength = 256;

/** ValidateCSINode. */
export function validateCsiNode({ metadata, spec }: CsiNode): FieldError[] {
  const names = new Set<string>();
  return [
    ...validateObjectMeta(metadata, false, nameIsDnsSubdomain),
    ...(spec?.drivers ?? []).flatMap((driver, index) =>
      validateDriver(driver, names, driversPath.index(index)),
    ),
  ];
}

function validateDriver(driver: Driver, names: Set<string>, path: FieldPath): FieldError[] {
  const { name = "", nodeID = "", allocatable } = driver;
  const topologyKeys = driver.topologyKeys ?? [];
  const errors = validateCsiDriverName(name, path.child("name"));
  const idPath = path.child("nodeID");
  if (nodeID === "") errors.push(required(idPath));
  if (isLongerThan(nodeID, maxNodeIdLength)) {
    errors.push(invalid(idPath, nodeID, `must be ${maxNodeIdLength} characters or less`));
  }
  if (allocatable?.count !== undefined) {
    errors.push(...validateNonnegative(allocatable.count, path.child("allocatable", "count")));
  }
  if (names.has(name)) errors.push(duplicate(path.child("name"), name));
  names.add(name);
  topologyKeys.forEach((key, index) => {
    if (key === "") errors.push(required(path));
    if (topologyKeys.indexOf(key) < index) errors.push(duplicate(path, key));
    errors.push(...invalidText(path, key, checkQualifiedName(key)));
  });
  return errors;
}

const goDriver: GoStruct = {
  Name: goString("name"),
  NodeID: goString("nodeID"),
  TopologyKeys: goNullable("topologyKeys"),
  Allocatable: goPointer("allocatable", { Count: goNullable("count") }),
};

/** ValidateCSINodeUpdate: a driver that stays may only change its limits. */
export function validateCsiNodeUpdate(node: CsiNode, old: CsiNode, gates: FeatureGates): FieldError[] {
  const limitsMayChange = gates.enabled("MutableCSINodeAllocatableCount");
  const compared = (driver: Driver): Driver =>
    limitsMayChange ? { ...driver, allocatable: undefined } : driver;
  const errors = validateCsiNode(node);
  for (const before of old.spec?.drivers ?? []) {
    for (const driver of node.spec?.drivers ?? []) {
      if (driver.name !== before.name || semanticEqual(compared(driver), compared(before))) continue;
      errors.push(invalid(driversPath, goValue(goDriver, compared(driver)), immutableError));
    }
  }
  return errors;
}
