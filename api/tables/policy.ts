import type { ObjectOf } from "../object-of.ts";
import { integer, text } from "./column-builders.ts";
import { ageColumn, defineTable, nameColumn, type TablesByKind } from "./columns.ts";
import { age } from "./human-duration.ts";

const budget = defineTable<ObjectOf<"io.k8s.api.policy.v1.PodDisruptionBudget">>({
  columns: [
    nameColumn,
    text("Min Available", "The minimum number of pods that must be available."),
    text("Max Unavailable", "The maximum number of pods that may be unavailable."),
    integer("Allowed Disruptions", "Calculated number of pods that may be disrupted at this time."),
    ageColumn,
  ],
  row({ metadata, spec, status }, { now }) {
    return [
      metadata.name ?? "",
      String(spec.minAvailable ?? "N/A"),
      String(spec.maxUnavailable ?? "N/A"),
      status.disruptionsAllowed ?? 0,
      age(metadata.creationTimestamp, now),
    ];
  },
});

export const policyTables: TablesByKind = { PodDisruptionBudget: budget };
