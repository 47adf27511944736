import type { ObjectOf } from "../../../api/object-of.ts";
import { validateEndpoints, validateEndpointsUpdate } from "../../../api/validation/core/endpoints.ts";
import { FieldPath } from "../../../api/validation/field.ts";
import { warningsForIp } from "../../../api/validation/ip.ts";
import { defineResource } from "../strategy.ts";

type Endpoints = ObjectOf<"io.k8s.api.core.v1.Endpoints">;

/** Source: pkg/registry/core/endpoint. */
export const endpoints = defineResource<Endpoints>({
  group: "",
  resource: "endpoints",
  strategy: {
    allowCreateOnUpdate: true,
    validate: (object, { gates }) => validateEndpoints(object, gates),
    warningsOnCreate: warnings,
    validateUpdate: (object, old, { gates }) => validateEndpointsUpdate(object, old, gates),
    warningsOnUpdate: warnings,
  },
});

function warnings({ metadata, subsets = [] }: Endpoints): string[] {
  // The controller mends addresses by itself.
  if (metadata.labels?.["endpoints.kubernetes.io/managed-by"] === "endpoint-controller") return [];
  return subsets.flatMap((subset, i) =>
    (["addresses", "notReadyAddresses"] as const).flatMap((field) =>
      (subset[field] ?? []).flatMap(({ ip }, j) =>
        warningsForIp(FieldPath.of("subsets").index(i).child(field).index(j).child("ip"), ip ?? ""),
      ),
    ),
  );
}
