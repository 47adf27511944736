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

const doc = (kind: string, field: string): FieldDoc => ({ struct: `io.k8s.api.storage.v1.${kind}`, field });
const column = (name: string, description: string | FieldDoc, type: Column["type"] = "string"): Column => ({
  name,
  type,
  description,
});

const storageClass = defineTable<ObjectOf<"io.k8s.api.storage.v1.StorageClass">>({
  columns: [
    nameColumn,
    column("Provisioner", doc("StorageClass", "provisioner")),
    column("ReclaimPolicy", doc("StorageClass", "reclaimPolicy")),
    column("VolumeBindingMode", doc("StorageClass", "volumeBindingMode")),
    column("AllowVolumeExpansion", doc("StorageClass", "allowVolumeExpansion")),
    ageColumn,
  ],
  row: (object, { now }) => {
    const { name = "", annotations, creationTimestamp } = object.metadata;
    const isDefault = ["storageclass.kubernetes.io", "storageclass.beta.kubernetes.io"].some(
      (domain) => annotations?.[`${domain}/is-default-class`] === "true",
    );
    return [
      isDefault ? `${name} (default)` : name,
      object.provisioner ?? "",
      object.reclaimPolicy ?? "Delete",
      object.volumeBindingMode ?? "Immediate",
      object.allowVolumeExpansion ?? false,
      age(creationTimestamp, now),
    ];
  },
});

const volumeAttributesClass = defineTable<ObjectOf<"io.k8s.api.storage.v1.VolumeAttributesClass">>({
  columns: [nameColumn, column("DriverName", doc("VolumeAttributesClass", "driverName")), ageColumn],
  row: ({ metadata, driverName }, { now }) => [
    metadata.name ?? "",
    driverName ?? "",
    age(metadata.creationTimestamp, now),
  ],
});

const volumeAttachment = defineTable<ObjectOf<"io.k8s.api.storage.v1.VolumeAttachment">>({
  columns: [
    nameColumn,
    { ...column("Attacher", doc("VolumeAttachmentSpec", "attacher")), format: "name" },
    column("PV", doc("VolumeAttachmentSource", "persistentVolumeName")),
    column("Node", doc("VolumeAttachmentSpec", "nodeName")),
    column("Attached", doc("VolumeAttachmentStatus", "attached"), "boolean"),
    ageColumn,
  ],
  row: ({ metadata, spec, status }, { now }) => [
    metadata.name ?? "",
    spec?.attacher ?? "",
    spec?.source?.persistentVolumeName ?? "",
    spec?.nodeName ?? "",
    status?.attached ?? false,
    age(metadata.creationTimestamp, now),
  ],
});

const csiNode = defineTable<ObjectOf<"io.k8s.api.storage.v1.CSINode">>({
  columns: [
    nameColumn,
    column("Drivers", "Drivers indicates the number of CSI drivers registered on the node", "integer"),
    ageColumn,
  ],
  row: ({ metadata, spec }, { now }) => [
    metadata.name ?? "",
    spec?.drivers?.length ?? 0,
    age(metadata.creationTimestamp, now),
  ],
});

const csiDriver = defineTable<ObjectOf<"io.k8s.api.storage.v1.CSIDriver">>({
  columns: [
    nameColumn,
    column("AttachRequired", doc("CSIDriverSpec", "attachRequired"), "boolean"),
    column("PodInfoOnMount", doc("CSIDriverSpec", "podInfoOnMount"), "boolean"),
    column("StorageCapacity", doc("CSIDriverSpec", "storageCapacity"), "boolean"),
    column("TokenRequests", doc("CSIDriverSpec", "tokenRequests")),
    column("RequiresRepublish", doc("CSIDriverSpec", "requiresRepublish"), "boolean"),
    column("Modes", doc("CSIDriverSpec", "volumeLifecycleModes")),
    ageColumn,
  ],
  row: ({ metadata, spec }, { now }) => [
    metadata.name ?? "",
    spec?.attachRequired ?? true,
    spec?.podInfoOnMount ?? false,
    spec?.storageCapacity ?? false,
    spec?.tokenRequests?.map(({ audience }) => audience).join(",") ?? "<unset>",
    spec?.requiresRepublish ?? false,
    (spec?.volumeLifecycleModes ?? []).join(",") || "<none>",
    age(metadata.creationTimestamp, now),
  ],
});

export const storageTables: TablesByKind = {
  CSIDriver: csiDriver,
  CSINode: csiNode,
  StorageClass: storageClass,
  VolumeAttachment: volumeAttachment,
  VolumeAttributesClass: volumeAttributesClass,
};
