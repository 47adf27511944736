import type { ObjectOf } from "../object-of.ts";
import { ageColumn, type Column, defineTable, nameColumn, type TablesByKind } from "./columns.ts";
import { age } from "./human-duration.ts";

const text = (name: string, field: string): Column => ({
  name,
  type: "string",
  description: { struct: "io.k8s.api.discovery.v1.EndpointSlice", field },
});

const shown = 3;

function listText(all: readonly string[]): string {
  const list = all.slice(0, shown).join(",");
  return all.length > shown ? `${list} + ${all.length - shown} more...` : list || "<unset>";
}

export const discoveryTables: TablesByKind = {
  EndpointSlice: defineTable<ObjectOf<"io.k8s.api.discovery.v1.EndpointSlice">>({
    columns: [
      nameColumn,
      text("AddressType", "addressType"),
      text("Ports", "ports"),
      text("Endpoints", "endpoints"),
      ageColumn,
    ],
    row: ({ metadata, addressType, ports, endpoints }, { now }) => [
      metadata.name ?? "",
      addressType ?? "",
      listText((ports ?? []).map(({ port, name }) => (port === undefined ? (name ?? "*") : String(port)))),
      listText((endpoints ?? []).flatMap(({ addresses }) => addresses ?? [])),
      age(metadata.creationTimestamp, now),
    ],
  }),
};
