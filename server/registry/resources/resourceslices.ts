/** Source: pkg/registry/resource/resourceslice. */
import { timestamp } from "../../../api/clock.ts";
import { goQuote } from "../../../api/go-format.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import { dropDisabledSliceFields } from "../../../api/resource-slice-features.ts";
import {
  validateResourceSlice,
  validateResourceSliceUpdate,
} from "../../../api/validation/resource/resource-slice.ts";
import { countSpecChange } from "../generation.ts";
import { defineResource, type WriteContext } from "../strategy.ts";

type Slice = ObjectOf<"io.k8s.api.resource.v1.ResourceSlice">;

export const resourceSlices = defineResource<Slice>({
  group: "resource.k8s.io",
  resource: "resourceslices",
  strategy: {
    returnDeletedObject: true,
    prepareForCreate(slice, context) {
      stampTaints(slice, context);
      slice.metadata.generation = 1;
      dropDisabledSliceFields(slice.spec, undefined, context.gates);
    },
    validate: validateResourceSlice,
    warningsOnCreate: driverWarnings,
    prepareForUpdate(slice, old, context) {
      stampTaints(slice, context);
      countSpecChange(slice, old);
      dropDisabledSliceFields(slice.spec, old.spec, context.gates);
    },
    validateUpdate: validateResourceSliceUpdate,
    warningsOnUpdate: driverWarnings,
  },
  selectableFields: {
    "spec.nodeName": ({ spec }) => spec.nodeName ?? "",
    "spec.driver": ({ spec }) => spec.driver,
  },
});

/** A default of the API that needs a clock: SetDefaults_DeviceTaint. */
function stampTaints({ spec }: Slice, { clock }: WriteContext): void {
  for (const { taints = [] } of spec.devices ?? []) {
    for (const taint of taints) taint.timeAdded ??= timestamp(clock);
  }
}

function driverWarnings({ spec: { driver } }: Slice): string[] {
  if (driver === driver.toLowerCase()) return [];
  return [`spec.driver: driver names should be lowercase; ${goQuote(driver)} contains uppercase characters`];
}
