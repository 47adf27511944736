import { describe, expect, test } from "vitest";
import { validatePodCreate } from "./pod.ts";
import { optionsOf, podOf, podWith, problems } from "./testing.ts";

type Case = [string, Record<string, unknown>, string[]];

describe("of a pod", () => {
  const check = (securityContext: object, spec: object = {}): string[] =>
    problems(validatePodCreate(podOf({ securityContext, ...spec }), optionsOf()));

  test.each<Case>([
    [
      "a negative user",
      { runAsUser: -1 },
      ["spec.securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive"],
    ],
    [
      "a group beyond 31 bits",
      { fsGroup: 2147483648 },
      [
        "spec.securityContext.fsGroup: Invalid value: 2147483648: must be between 0 and 2147483647, inclusive",
      ],
    ],
    [
      "negative groups",
      { supplementalGroups: [1, -2] },
      [
        "spec.securityContext.supplementalGroups[1]: Invalid value: -2: must be between 0 and 2147483647, inclusive",
      ],
    ],
    [
      "an unknown policy for groups",
      { supplementalGroupsPolicy: "None" },
      [
        'spec.securityContext.supplementalGroupsPolicy: Unsupported value: "None": supported values: "Merge", "Strict"',
      ],
    ],
    [
      "an unknown policy for ownership",
      { fsGroupChangePolicy: "Never" },
      [
        'spec.securityContext.fsGroupChangePolicy: Unsupported value: "Never": supported values: "Always", "OnRootMismatch"',
      ],
    ],
    ["a system setting", { sysctls: [{ name: "net.core.somaxconn", value: "1" }] }, []],
    [
      "a system setting whose name is none",
      { sysctls: [{ name: "a_.b", value: "1" }, { name: "" }] },
      [
        'spec.securityContext.sysctls[0].name: Invalid value: "a_.b": must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$',
        "spec.securityContext.sysctls[1].name: Required value",
      ],
    ],
    [
      "a system setting twice",
      {
        sysctls: [
          { name: "net.ipv4.tcp_syncookies", value: "1" },
          { name: "net.ipv4.tcp_syncookies", value: "0" },
        ],
      },
      ['spec.securityContext.sysctls[1].name: Duplicate value: "net.ipv4.tcp_syncookies"'],
    ],
    [
      "an unknown sort of profile",
      { seccompProfile: { type: "Custom" } },
      [
        'spec.securityContext.seccompProfile.type: Unsupported value: "Custom": supported values: "Localhost", "RuntimeDefault", "Unconfined"',
      ],
    ],
    [
      "a local profile without a file",
      { seccompProfile: { type: "Localhost" } },
      [
        "spec.securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost",
      ],
    ],
    [
      "a file for no local profile",
      { seccompProfile: { type: "RuntimeDefault", localhostProfile: "x" } },
      [
        'spec.securityContext.seccompProfile.localhostProfile: Invalid value: {"Type":"RuntimeDefault","LocalhostProfile":"x"}: can only be set when seccomp type is Localhost',
      ],
    ],
    [
      "a profile's file that goes up",
      { seccompProfile: { type: "Localhost", localhostProfile: "../x" } },
      [
        "spec.securityContext.seccompProfile.localhostProfile: Invalid value: \"../x\": must not contain '..'",
      ],
    ],
    [
      "an AppArmor profile with space",
      { appArmorProfile: { type: "Localhost", localhostProfile: " x" } },
      [
        'spec.securityContext.appArmorProfile.localhostProfile: Invalid value: " x": must not be padded with whitespace',
      ],
    ],
    [
      "labels changed by mounting, without that feature",
      { seLinuxChangePolicy: "MountOption" },
      [
        'spec.securityContext.seLinuxChangePolicy: Unsupported value: "MountOption": supported values: "Recursive"',
      ],
    ],
    [
      "a Windows host's process in a pod of its own network",
      { windowsOptions: { hostProcess: true } },
      [
        "spec.hostNetwork: Invalid value: false: hostNetwork must be true if pod contains any hostProcess containers",
      ],
    ],
    [
      "a Windows user's name with a colon",
      { windowsOptions: { runAsUserName: "a:b" } },
      [
        'spec.securityContext.windowsOptions.runAsUserName: Invalid value: "a:b": runAsUserName\'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]',
      ],
    ],
  ])("%s", (_, securityContext, errors) => {
    expect(check(securityContext)).toEqual(errors);
  });

  test("settings of the host's namespaces are the host's", () => {
    const sysctls = [
      { name: "net.core.somaxconn", value: "1" },
      { name: "kernel.shmmax", value: "1" },
    ];
    expect(check({ sysctls }, { hostNetwork: true, hostIPC: true })).toEqual([
      "spec.securityContext.sysctls[0].name: Invalid value: \"net.core.somaxconn\": may not be specified when 'hostNetwork' is true",
      "spec.securityContext.sysctls[1].name: Invalid value: \"kernel.shmmax\": may not be specified when 'hostIPC' is true",
    ]);
  });
});

describe("of a container", () => {
  const check = (securityContext: object, spec: object = {}): string[] =>
    problems(validatePodCreate(podWith({ securityContext }, { ...spec }), optionsOf()));

  test.each<Case>([
    [
      "a negative user",
      { runAsUser: -1 },
      [
        "spec.containers[0].securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive",
      ],
    ],
    [
      "privileged, but not more than its parent",
      { privileged: true, allowPrivilegeEscalation: false },
      [
        'spec.containers[0].securityContext: Invalid value: {"Capabilities":null,"Privileged":true,"SELinuxOptions":null,"WindowsOptions":null,"RunAsUser":null,"RunAsGroup":null,"RunAsNonRoot":null,"ReadOnlyRootFilesystem":null,"AllowPrivilegeEscalation":false,"ProcMount":null,"SeccompProfile":null,"AppArmorProfile":null}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
      ],
    ],
    [
      "a capability that implies more",
      { capabilities: { add: ["CAP_SYS_ADMIN"] }, allowPrivilegeEscalation: false },
      [
        'spec.containers[0].securityContext: Invalid value: {"Capabilities":{"Add":["CAP_SYS_ADMIN"],"Drop":null},"Privileged":null,"SELinuxOptions":null,"WindowsOptions":null,"RunAsUser":null,"RunAsGroup":null,"RunAsNonRoot":null,"ReadOnlyRootFilesystem":null,"AllowPrivilegeEscalation":false,"ProcMount":null,"SeccompProfile":null,"AppArmorProfile":null}: cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN',
      ],
    ],
    [
      "an unmasked /proc on the host's users",
      { procMount: "Unmasked" },
      [
        'spec.containers[0].securityContext.procMount: Invalid value: "Unmasked": `hostUsers` must be false to use `Unmasked`',
      ],
    ],
    [
      "an unknown /proc",
      { procMount: "Hidden" },
      [
        'spec.containers[0].securityContext.procMount: Unsupported value: "Hidden": supported values: "Default", "Unmasked"',
      ],
    ],
    [
      "an AppArmor profile without a name",
      { appArmorProfile: { type: "Localhost" } },
      [
        "spec.containers[0].securityContext.appArmorProfile.localhostProfile: Required value: must be set when AppArmor type is Localhost",
      ],
    ],
    [
      "a local profile without a file",
      { seccompProfile: { type: "Localhost" } },
      [
        "spec.containers[0].securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost",
      ],
    ],
  ])("%s", (_, securityContext, errors) => {
    expect(check(securityContext)).toEqual(errors);
  });

  test("/proc may be unmasked in a user namespace", () => {
    expect(check({ procMount: "Unmasked" }, { hostUsers: false })).toEqual([]);
  });
});
