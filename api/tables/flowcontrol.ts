import type { ObjectOf } from "../object-of.ts";
import { docsOf, text } from "./column-builders.ts";
import { ageColumn, defineTable, nameColumn, type TablesByKind } from "./columns.ts";
import { age } from "./human-duration.ts";

const doc = docsOf("flowcontrol.v1");

const flowSchema = defineTable<ObjectOf<"io.k8s.api.flowcontrol.v1.FlowSchema">>({
  columns: [
    nameColumn,
    text("PriorityLevel", doc("PriorityLevelConfigurationReference", "name")),
    text("MatchingPrecedence", doc("FlowSchemaSpec", "matchingPrecedence")),
    text("DistinguisherMethod", doc("FlowSchemaSpec", "distinguisherMethod")),
    ageColumn,
    text("MissingPL", "references a broken or non-existent PriorityLevelConfiguration"),
  ],
  row({ metadata, spec, status }, { now }) {
    const dangling = (status.conditions ?? []).find(({ type }) => type === "Dangling");
    return [
      metadata.name ?? "",
      spec.priorityLevelConfiguration.name,
      spec.matchingPrecedence ?? 0,
      spec.distinguisherMethod?.type ?? "<none>",
      age(metadata.creationTimestamp, now),
      dangling ? (dangling.status ?? "") : "?",
    ];
  },
});

const none = "<none>";

const priorityLevel = defineTable<ObjectOf<"io.k8s.api.flowcontrol.v1.PriorityLevelConfiguration">>({
  columns: [
    nameColumn,
    text("Type", doc("PriorityLevelConfigurationSpec", "type")),
    text("NominalConcurrencyShares", doc("LimitedPriorityLevelConfiguration", "nominalConcurrencyShares")),
    text("Queues", doc("QueuingConfiguration", "queues")),
    text("HandSize", doc("QueuingConfiguration", "handSize")),
    text("QueueLengthLimit", doc("QueuingConfiguration", "queueLengthLimit")),
    ageColumn,
  ],
  row({ metadata, spec }, { now }) {
    const { limited } = spec;
    const queuing = limited?.limitResponse?.queuing;
    return [
      metadata.name ?? "",
      spec.type,
      limited ? (limited.nominalConcurrencyShares ?? 0) : none,
      queuing ? (queuing.queues ?? 0) : none,
      queuing ? (queuing.handSize ?? 0) : none,
      queuing ? (queuing.queueLengthLimit ?? 0) : none,
      age(metadata.creationTimestamp, now),
    ];
  },
});

export const flowcontrolTables: TablesByKind = {
  FlowSchema: flowSchema,
  PriorityLevelConfiguration: priorityLevel,
};
