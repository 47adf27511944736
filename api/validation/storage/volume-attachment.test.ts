import { describe, expect, it } from "vitest";
import type { ObjectOf } from "../../object-of.ts";
import { type Corruption, corrupted, problems } from "../corruption.ts";
import { validateVolumeAttachment, validateVolumeAttachmentUpdate } from "./volume-attachment.ts";

type VolumeAttachment = ObjectOf<"io.k8s.api.storage.v1.VolumeAttachment">;

const valid = {
  metadata: { name: "va", resourceVersion: "1" },
  spec: { attacher: "d.example.com", source: { persistentVolumeName: "pv" }, nodeName: "n" },
  status: { attached: false },
} as unknown as VolumeAttachment;

const other = {
  metadata: { name: "va2", resourceVersion: "1" },
  spec: {
    attacher: "d.example.com",
    source: {
      inlineVolumeSpec: {
        csi: { driver: "d", volumeHandle: "h" },
        accessModes: ["ReadWriteOnce"],
        persistentVolumeReclaimPolicy: "Retain",
        volumeMode: "Filesystem",
      },
    },
    nodeName: "n",
  },
  status: { attached: false },
} as unknown as VolumeAttachment;

// The answers of kube-apiserver 1.36.3.
describe("VolumeAttachment", () => {
  it("takes what upstream takes: va", () => {
    expect(validateVolumeAttachment(valid)).toEqual([]);
  });

  it.each<Corruption>([
    [
      "/spec",
      undefined,
      [
        "spec.attacher: Required value",
        "spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName",
        "spec.nodeName: Invalid value: \"\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    ["/spec/attacher", undefined, ["spec.attacher: Required value"]],
    [
      "/spec/attacher",
      "Bad_Value!",
      [
        "spec.attacher: Invalid value: \"Bad_Value!\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    ["/spec/attacher", "x".repeat(64), ["spec.attacher: Too long: may not be more than 63 bytes"]],
    [
      "/spec/source",
      undefined,
      ["spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName"],
    ],
    [
      "/spec/source/persistentVolumeName",
      "",
      [
        "spec.source.persistentVolumeName: Required value: must specify non empty persistentVolumeName",
        "spec.source.persistentVolumeName: Invalid value: \"\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/spec/source/persistentVolumeName",
      "Bad_Value!",
      [
        "spec.source.persistentVolumeName: Invalid value: \"Bad_Value!\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/spec/nodeName",
      undefined,
      [
        "spec.nodeName: Invalid value: \"\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateVolumeAttachment(corrupted(valid, pointer, value)))).toEqual(expected);
  });

  it.each<Corruption>([
    [
      "/spec",
      undefined,
      [
        "spec.attacher: Required value",
        "spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName",
        "spec.nodeName: Invalid value: \"\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        'spec: Invalid value: {"Attacher":"","Source":{"PersistentVolumeName":null,"InlineVolumeSpec":null},"NodeName":""}: field is immutable',
      ],
    ],
    [
      "/spec/attacher",
      undefined,
      [
        "spec.attacher: Required value",
        'spec: Invalid value: {"Attacher":"","Source":{"PersistentVolumeName":"pv","InlineVolumeSpec":null},"NodeName":"n"}: field is immutable',
      ],
    ],
    [
      "/spec/attacher",
      "Bad_Value!",
      [
        "spec.attacher: Invalid value: \"Bad_Value!\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        'spec: Invalid value: {"Attacher":"Bad_Value!","Source":{"PersistentVolumeName":"pv","InlineVolumeSpec":null},"NodeName":"n"}: field is immutable',
      ],
    ],
    [
      "/spec/attacher",
      "a.b",
      [
        'spec: Invalid value: {"Attacher":"a.b","Source":{"PersistentVolumeName":"pv","InlineVolumeSpec":null},"NodeName":"n"}: field is immutable',
      ],
    ],
    [
      "/spec/attacher",
      "x".repeat(64),
      [
        "spec.attacher: Too long: may not be more than 63 bytes",
        'spec: Invalid value: {"Attacher":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","Source":{"PersistentVolumeName":"pv","InlineVolumeSpec":null},"NodeName":"n"}: field is immutable',
      ],
    ],
    [
      "/spec/source",
      undefined,
      [
        "spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName",
        'spec: Invalid value: {"Attacher":"d.example.com","Source":{"PersistentVolumeName":null,"InlineVolumeSpec":null},"NodeName":"n"}: field is immutable',
      ],
    ],
    [
      "/spec/source/persistentVolumeName",
      "",
      [
        "spec.source.persistentVolumeName: Required value: must specify non empty persistentVolumeName",
        "spec.source.persistentVolumeName: Invalid value: \"\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        'spec: Invalid value: {"Attacher":"d.example.com","Source":{"PersistentVolumeName":"","InlineVolumeSpec":null},"NodeName":"n"}: field is immutable',
      ],
    ],
    [
      "/spec/source/persistentVolumeName",
      "Bad_Value!",
      [
        "spec.source.persistentVolumeName: Invalid value: \"Bad_Value!\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        'spec: Invalid value: {"Attacher":"d.example.com","Source":{"PersistentVolumeName":"Bad_Value!","InlineVolumeSpec":null},"NodeName":"n"}: field is immutable',
      ],
    ],
    [
      "/spec/nodeName",
      undefined,
      [
        "spec.nodeName: Invalid value: \"\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        'spec: Invalid value: {"Attacher":"d.example.com","Source":{"PersistentVolumeName":"pv","InlineVolumeSpec":null},"NodeName":""}: field is immutable',
      ],
    ],
  ])("%s changed to %j", (pointer, value, expected) => {
    const problemsOfChange = problems(
      validateVolumeAttachmentUpdate(corrupted(valid, pointer, value), valid),
    );
    expect(problemsOfChange).toEqual(expected);
  });

  it("takes what upstream takes: va2 (2)", () => {
    expect(validateVolumeAttachment(other)).toEqual([]);
  });

  it.each<Corruption>([
    [
      "/spec/source/inlineVolumeSpec/csi",
      undefined,
      [
        "spec.source.inlineVolumeSpec.csi: Required value: has to be specified in the context of inline volumes",
        "spec.source.inlineVolumeSpec: Required value: must specify a volume type",
      ],
    ],
    [
      "/spec/source/inlineVolumeSpec/csi",
      { "Bad Key!": "d" },
      [
        "spec.source.inlineVolumeSpec.csi.driver: Required value",
        "spec.source.inlineVolumeSpec.csi.volumeHandle: Required value",
      ],
    ],
    [
      "/spec/source/inlineVolumeSpec/csi/driver",
      undefined,
      ["spec.source.inlineVolumeSpec.csi.driver: Required value"],
    ],
    [
      "/spec/source/inlineVolumeSpec/csi/driver",
      "Bad_Value!",
      [
        "spec.source.inlineVolumeSpec.csi.driver: Invalid value: \"Bad_Value!\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/spec/source/inlineVolumeSpec/csi/driver",
      "x".repeat(64),
      ["spec.source.inlineVolumeSpec.csi.driver: Too long: may not be more than 63 bytes"],
    ],
    [
      "/spec/source/inlineVolumeSpec/csi/volumeHandle",
      undefined,
      ["spec.source.inlineVolumeSpec.csi.volumeHandle: Required value"],
    ],
    [
      "/spec/source/inlineVolumeSpec/accessModes",
      undefined,
      ["spec.source.inlineVolumeSpec.accessModes: Required value"],
    ],
    [
      "/spec/source/inlineVolumeSpec/accessModes/0",
      "",
      [
        'spec.source.inlineVolumeSpec.accessModes: Unsupported value: "": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
      ],
    ],
    [
      "/spec/source/inlineVolumeSpec/persistentVolumeReclaimPolicy",
      "Bad_Value!",
      [
        "spec.source.inlineVolumeSpec.persistentVolumeReclaimPolicy: Forbidden: may only be Retain in the context of inline volumes",
      ],
    ],
    [
      "/spec/source/inlineVolumeSpec/volumeMode",
      "",
      [
        "spec.source.inlineVolumeSpec.volumeMode: Forbidden: may not specify volumeMode other than Filesystem in the context of inline volumes",
      ],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateVolumeAttachment(corrupted(other, pointer, value)))).toEqual(expected);
  });
});
