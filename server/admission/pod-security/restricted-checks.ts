/** What the level restricted forbids besides the baseline. Source: k8s.io/pod-security-admission/policy. */
import type { Volume } from "../../../api/core-types.ts";
import { procMount } from "./baseline-checks.ts";
import {
  type Check,
  type CheckPod,
  containersText,
  containersThat,
  plural,
  quoted,
  settersText,
  sorted,
  unlessUserNamespace,
  unlessWindows,
} from "./check.ts";
import { requiredSeccompProfiles } from "./seccomp.ts";

const allowPrivilegeEscalation: CheckPod = (pod) => {
  const names = containersThat(
    pod,
    ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false,
  );
  if (names.length === 0) return undefined;
  return {
    reason: "allowPrivilegeEscalation != false",
    detail: `${containersText(names)} must set securityContext.allowPrivilegeEscalation=false`,
  };
};

const capabilities: CheckPod = (pod) => {
  const keeping = containersThat(
    pod,
    ({ securityContext }) => !securityContext?.capabilities?.drop?.includes("ALL"),
  );
  const added: string[] = [];
  const adding = containersThat(pod, ({ securityContext }) => {
    const own = securityContext?.capabilities?.add?.filter((one) => one !== "NET_BIND_SERVICE") ?? [];
    added.push(...own);
    return own.length > 0;
  });
  const details: string[] = [];
  if (keeping.length > 0) {
    details.push(`${containersText(keeping)} must set securityContext.capabilities.drop=["ALL"]`);
  }
  if (adding.length > 0) {
    details.push(
      `${containersText(adding)} must not include ${quoted(sorted(added))} in securityContext.capabilities.add`,
    );
  }
  if (details.length === 0) return undefined;
  return { reason: "unrestricted capabilities", detail: details.join("; ") };
};

const goodVolumes = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
] as const;

/** In the order in which a volume with several sources is named. */
const restrictedVolumes = [
  "hostPath",
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "gitRepo",
  "nfs",
  "iscsi",
  "glusterfs",
  "rbd",
  "flexVolume",
  "cinder",
  "cephfs",
  "flocker",
  "fc",
  "azureFile",
  "vsphereVolume",
  "quobyte",
  "azureDisk",
  "photonPersistentDisk",
  "portworxVolume",
  "scaleIO",
  "storageos",
] as const;

const volumeTypes: CheckPod = ({ spec }) => {
  const bad = (spec.volumes ?? []).filter((volume) => !goodVolumes.some((type) => volume[type]));
  if (bad.length === 0) return undefined;
  const typeOf = (volume: Volume): string => restrictedVolumes.find((type) => volume[type]) ?? "unknown";
  const types = sorted(bad.map(typeOf));
  const names = `${plural("volume", bad.length)} ${quoted(bad.map(({ name }) => name))}`;
  const uses = `${bad.length === 1 ? "uses" : "use"} ${plural("restricted volume type", types.length)}`;
  return { reason: "restricted volume types", detail: `${names} ${uses} ${quoted(types)}` };
};

const runAsNonRoot: CheckPod = (pod) => {
  const reason = "runAsNonRoot != true";
  const own = pod.spec.securityContext?.runAsNonRoot;
  const refusing = containersThat(pod, ({ securityContext }) => securityContext?.runAsNonRoot === false);
  const setters = settersText(own === false, refusing);
  if (setters !== "") return { reason, detail: `${setters} must not set securityContext.runAsNonRoot=false` };
  if (own === true) return undefined;
  const silent = containersThat(pod, ({ securityContext }) => securityContext?.runAsNonRoot === undefined);
  if (silent.length === 0) return undefined;
  return { reason, detail: `pod or ${containersText(silent)} must set securityContext.runAsNonRoot=true` };
};

const runAsUser: CheckPod = (pod) => {
  const setters = settersText(
    pod.spec.securityContext?.runAsUser === 0,
    containersThat(pod, ({ securityContext }) => securityContext?.runAsUser === 0),
  );
  return setters === ""
    ? undefined
    : { reason: "runAsUser=0", detail: `${setters} must not set runAsUser=0` };
};

/** In the order in which they complain. */
export const restrictedChecks: readonly Check[] = [
  {
    id: "allowPrivilegeEscalation",
    versions: [
      [8, allowPrivilegeEscalation],
      [25, unlessWindows(allowPrivilegeEscalation)],
    ],
  },
  {
    id: "capabilities_restricted",
    overrides: "capabilities_baseline",
    versions: [
      [22, capabilities],
      [25, unlessWindows(capabilities)],
    ],
  },
  { id: "procMount_restricted", overrides: "procMount", versions: [[35, procMount]] },
  { id: "restrictedVolumes", overrides: "hostPathVolumes", versions: [[0, volumeTypes]] },
  {
    id: "runAsNonRoot",
    versions: [
      [0, runAsNonRoot],
      [35, unlessUserNamespace(runAsNonRoot)],
    ],
  },
  {
    id: "runAsUser",
    versions: [
      [23, runAsUser],
      [35, unlessUserNamespace(runAsUser)],
    ],
  },
  {
    id: "seccompProfile_restricted",
    overrides: "seccompProfile_baseline",
    versions: [
      [19, requiredSeccompProfiles],
      [25, unlessWindows(requiredSeccompProfiles)],
    ],
  },
];
