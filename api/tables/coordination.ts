import type { ObjectOf } from "../object-of.ts";
import {
  ageColumn,
  type Column,
  defineTable,
  type FieldDoc,
  nameColumn,
  type TablesByKind,
} from "./columns.ts";
import { age } from "./human-duration.ts";

const text = (name: string, description: string | FieldDoc): Column => ({
  name,
  type: "string",
  description,
});

const lease = defineTable<ObjectOf<"io.k8s.api.coordination.v1.Lease">>({
  columns: [
    nameColumn,
    text("Holder", { struct: "io.k8s.api.coordination.v1.LeaseSpec", field: "holderIdentity" }),
    ageColumn,
  ],
  row: ({ metadata, spec }, { now }) => [
    metadata.name ?? "",
    spec?.holderIdentity ?? "",
    age(metadata.creationTimestamp, now),
  ],
});

/** The versions are looked up in the wrong struct upstream: they have no description. */
const leaseCandidate = defineTable<ObjectOf<"io.k8s.api.coordination.v1beta1.LeaseCandidate">>({
  columns: [
    nameColumn,
    text("LeaseName", { struct: "io.k8s.api.coordination.v1alpha2.LeaseCandidateSpec", field: "leaseName" }),
    text("BinaryVersion", ""),
    text("EmulationVersion", ""),
    ageColumn,
  ],
  row: ({ metadata, spec }, { now }) => [
    metadata.name ?? "",
    spec?.leaseName ?? "",
    spec?.binaryVersion ?? "",
    spec?.emulationVersion ?? "",
    age(metadata.creationTimestamp, now),
  ],
});

export const coordinationTables: TablesByKind = { Lease: lease, LeaseCandidate: leaseCandidate };
