/** Source: pkg/apis/discovery/v1/defaults.go. */
import type { ObjectOf } from "../object-of.ts";
import type { DefaultsTable } from "./table.ts";

function defaultEndpointSlice({ ports }: ObjectOf<"io.k8s.api.discovery.v1.EndpointSlice">): void {
  for (const port of ports ?? []) {
    port.name ??= "";
    port.protocol ??= "TCP";
  }
}

export const discoveryDefaults: DefaultsTable = {
  "discovery.k8s.io/v1": { EndpointSlice: defaultEndpointSlice },
};
