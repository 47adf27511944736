import { describe, expect, test } from "vitest";
import { validatePodCreate } from "./pod.ts";
import { optionsOf, podWith, problems } from "./testing.ts";

type Case = [string, Record<string, unknown>, string[]];

/** Of a pod whose only container has the fields; the pod itself may have some too. */
const checkContainer = (fields: Record<string, unknown>, spec = {}): string[] =>
  problems(validatePodCreate(podWith(fields, spec), optionsOf()));

describe("mounts and devices", () => {
  const volumes = [
    { name: "data", emptyDir: {} },
    { name: "disk", persistentVolumeClaim: { claimName: "c" } },
    { name: "image", image: { reference: "busybox" } },
  ];
  test.each<Case>([
    [
      "a volume that the pod has not",
      { volumeMounts: [{ name: "other", mountPath: "/x" }] },
      ['spec.containers[0].volumeMounts[0].name: Not found: "other"'],
    ],
    [
      "no path",
      { volumeMounts: [{ name: "data", mountPath: "" }] },
      ["spec.containers[0].volumeMounts[0].mountPath: Required value"],
    ],
    [
      "one path for two",
      {
        volumeMounts: [
          { name: "data", mountPath: "/x" },
          { name: "disk", mountPath: "/x" },
        ],
      },
      ['spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/x": must be unique'],
    ],
    [
      "an absolute path inside the volume",
      { volumeMounts: [{ name: "data", mountPath: "/x", subPath: "/y" }] },
      ['spec.containers[0].volumeMounts.subPath: Invalid value: "/y": must be a relative path'],
    ],
    [
      "a path that leaves the volume",
      { volumeMounts: [{ name: "data", mountPath: "/x", subPath: "a/../b" }] },
      ["spec.containers[0].volumeMounts.subPath: Invalid value: \"a/../b\": must not contain '..'"],
    ],
    [
      "two paths inside the volume",
      { volumeMounts: [{ name: "data", mountPath: "/x", subPath: "a", subPathExpr: "$(B)" }] },
      [
        'spec.containers[0].volumeMounts[0].subPathExpr: Invalid value: "$(B)": subPathExpr and subPath are mutually exclusive',
      ],
    ],
    [
      "propagation without privilege",
      { volumeMounts: [{ name: "data", mountPath: "/x", mountPropagation: "Bidirectional" }] },
      [
        "spec.containers[0].volumeMounts.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers",
      ],
    ],
    [
      "recursively read-only but not read-only",
      { volumeMounts: [{ name: "data", mountPath: "/x", recursiveReadOnly: "Enabled" }] },
      [
        "spec.containers[0].volumeMounts.recursiveReadOnly: Forbidden: may only be specified when readOnly is true",
      ],
    ],
    [
      "a device that is no claim",
      { volumeDevices: [{ name: "data", devicePath: "/dev/x" }] },
      [
        'spec.containers[0].volumeDevices[0].name: Invalid value: "data": can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode',
      ],
    ],
    [
      "a claim as both",
      {
        volumeMounts: [{ name: "disk", mountPath: "/x" }],
        volumeDevices: [{ name: "disk", devicePath: "/dev/x" }],
      },
      [
        'spec.containers[0].volumeMounts[0].name: Invalid value: "disk": must not already exist in volumeDevices',
        'spec.containers[0].volumeDevices[0].name: Invalid value: "disk": must not already exist in volumeMounts',
      ],
    ],
    [
      "a device's path that leaves /dev",
      { volumeDevices: [{ name: "disk", devicePath: "/dev/../x" }] },
      [
        "spec.containers[0].volumeDevices[0].devicePath: Invalid value: \"/dev/../x\": can not contain backsteps ('..')",
      ],
    ],
  ])("%s", (_, fields, errors) => {
    expect(checkContainer(fields, { volumes })).toEqual(errors);
  });
});
