import type { FeatureGates } from "../../../api/feature-gates.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import { semanticEqual } from "../../../api/semantic-equal.ts";
import {
  validateEndpointSlice,
  validateEndpointSliceUpdate,
} from "../../../api/validation/discovery/endpoint-slice.ts";
import { FieldPath } from "../../../api/validation/field.ts";
import { warningsForIp } from "../../../api/validation/ip.ts";
import { nameIsDnsSubdomain } from "../../../api/validation/names.ts";
import { defineResource } from "../strategy.ts";

type EndpointSlice = ObjectOf<"io.k8s.api.discovery.v1.EndpointSlice">;

/** Source: pkg/registry/discovery/endpointslice. */
export const endpointSlices = defineResource<EndpointSlice>({
  group: "discovery.k8s.io",
  resource: "endpointslices",
  strategy: {
    prepareForCreate(slice, { gates }) {
      slice.metadata.generation = 1;
      dropDisabledFields(slice, undefined, gates);
      dropTopology(slice, undefined);
    },
    validate: (slice, { gates }) => validateEndpointSlice(slice, gates),
    warningsOnCreate: (slice) => [
      ...(slice.addressType === "FQDN" ? ["spec.addressType: FQDN endpoints are deprecated"] : []),
      ...addressWarnings(slice),
    ],
    prepareForUpdate(slice, old, { gates }) {
      // There is no spec: everything but the metadata counts, and the labels do too.
      const contentOf = ({ metadata, ...content }: EndpointSlice) => ({
        ...content,
        labels: metadata.labels,
      });
      if (!semanticEqual(contentOf(slice), contentOf(old))) {
        slice.metadata.generation = (old.metadata.generation ?? 0) + 1;
      }
      dropDisabledFields(slice, old, gates);
      if (!semanticEqual(slice.endpoints, old.endpoints)) dropTopology(slice, old);
    },
    validateUpdate: (slice, old, { gates }) => validateEndpointSliceUpdate(slice, old, gates),
    warningsOnUpdate: addressWarnings,
  },
});

function dropDisabledFields(slice: EndpointSlice, old: EndpointSlice | undefined, gates: FeatureGates): void {
  if (gates.enabled("PreferSameTrafficDistribution")) return;
  if (old?.endpoints?.some(({ hints }) => hints?.forNodes !== undefined)) return;
  for (const { hints } of slice.endpoints ?? []) delete hints?.forNodes;
}

const hostnameLabel = "kubernetes.io/hostname";

/** deprecatedTopology is v1beta1's; v1 takes over a node's name that was there before, and drops the rest. */
function dropTopology(slice: EndpointSlice, old: EndpointSlice | undefined): void {
  const before = new Set(old?.endpoints?.map((endpoint) => endpoint.deprecatedTopology?.[hostnameLabel]));
  for (const endpoint of slice.endpoints ?? []) {
    const name = endpoint.deprecatedTopology?.[hostnameLabel];
    const known = name && before.has(name) && nameIsDnsSubdomain(name, false).length === 0;
    if (endpoint.nodeName === undefined && known) endpoint.nodeName = name;
    delete endpoint.deprecatedTopology;
  }
}

const managedByLabel = "endpointslice.kubernetes.io/managed-by";
/** Their controllers mend addresses by themselves. */
const trustedManagers = ["endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io"];

function addressWarnings({ metadata, endpoints }: EndpointSlice): string[] {
  if (trustedManagers.includes(metadata.labels?.[managedByLabel] ?? "")) return [];
  return (endpoints ?? []).flatMap(({ addresses }, i) =>
    (addresses ?? []).flatMap((address, j) =>
      warningsForIp(FieldPath.of("endpoints").index(i).child("addresses").index(j), address),
    ),
  );
}
