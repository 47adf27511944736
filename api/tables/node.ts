import type { ObjectOf } from "../object-of.ts";
import { ageColumn, defineTable, nameColumn, type TablesByKind } from "./columns.ts";
import { age } from "./human-duration.ts";

export const nodeTables: TablesByKind = {
  RuntimeClass: defineTable<ObjectOf<"io.k8s.api.node.v1.RuntimeClass">>({
    columns: [nameColumn, { name: "Handler", type: "string", description: "" }, ageColumn],
    row: ({ metadata, handler }, { now }) => [
      metadata.name ?? "",
      handler ?? "",
      age(metadata.creationTimestamp, now),
    ],
  }),
};
