/** What the level baseline forbids. Source: k8s.io/pod-security-admission/policy, one check_*.go each. */
import type { Container } from "../../../api/core-types.ts";
import { goQuote } from "../../../api/go-format.ts";
import {
  type Check,
  type CheckedPod,
  type CheckPod,
  containersText,
  containersThat,
  plural,
  quoted,
  settersText,
  sorted,
  unlessUserNamespace,
} from "./check.ts";
import { forbiddenSeccompAnnotations, forbiddenSeccompProfiles } from "./seccomp.ts";

const appArmorPrefix = "container.apparmor.security.beta.kubernetes.io/";

const appArmorProfile: CheckPod = (pod) => {
  const bad = new Set<string>();
  const isBad = (type: string | undefined): boolean => {
    if (type === undefined || type === "RuntimeDefault" || type === "Localhost") return false;
    bad.add(type);
    return true;
  };
  const podSets = isBad(pod.spec.securityContext?.appArmorProfile?.type);
  const containers = containersThat(pod, ({ securityContext }) =>
    isBad(securityContext?.appArmorProfile?.type),
  );
  const annotations = Object.entries(pod.metadata.annotations ?? {})
    .filter(([key, value]) => key.startsWith(appArmorPrefix) && !isAppArmorValue(value))
    .map(([key, value]) => `${key}=${goQuote(value)}`);
  const setters = settersText(podSets, containers);
  const who = [
    ...(setters === "" ? [] : [setters]),
    ...(annotations.length > 0 ? [plural("annotation", annotations.length)] : []),
  ];
  if (who.length === 0) return undefined;
  const values = [...sorted(bad), ...sorted(annotations)];
  return {
    reason: plural("forbidden AppArmor profile", values.length),
    detail: `${who.join(" and ")} must not set AppArmor profile type to ${quoted(values)}`,
  };
};

const isAppArmorValue = (value: string): boolean =>
  value === "" || value === "runtime/default" || value.startsWith("localhost/");

const defaultCapabilities: ReadonlySet<string> = new Set([
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
]);

const capabilities: CheckPod = (pod) => {
  const bad: string[] = [];
  const names = containersThat(pod, ({ securityContext }) => {
    const added = securityContext?.capabilities?.add?.filter((one) => !defaultCapabilities.has(one)) ?? [];
    bad.push(...added);
    return added.length > 0;
  });
  if (names.length === 0) return undefined;
  return {
    reason: "non-default capabilities",
    detail: `${containersText(names)} must not include ${quoted(sorted(bad))} in securityContext.capabilities.add`,
  };
};

const hostNamespaces: CheckPod = ({ spec }) => {
  const set = (["hostNetwork", "hostPID", "hostIPC"] as const).filter((field) => spec[field]);
  if (set.length === 0) return undefined;
  return { reason: "host namespaces", detail: set.map((field) => `${field}=true`).join(", ") };
};

const hostPathVolumes: CheckPod = ({ spec }) => {
  const names = (spec.volumes ?? []).filter(({ hostPath }) => hostPath).map(({ name }) => name);
  if (names.length === 0) return undefined;
  return { reason: "hostPath volumes", detail: `${plural("volume", names.length)} ${quoted(names)}` };
};

const hostPorts: CheckPod = (pod) => {
  const ports: string[] = [];
  const names = containersThat(pod, (container) => {
    const own = (container.ports ?? []).filter(({ hostPort }) => hostPort);
    ports.push(...own.map(({ hostPort }) => String(hostPort)));
    return own.length > 0;
  });
  if (names.length === 0) return undefined;
  const forbidden = sorted(ports);
  const uses = `${names.length === 1 ? "uses" : "use"} ${plural("hostPort", forbidden.length)}`;
  return { reason: "hostPort", detail: `${containersText(names)} ${uses} ${forbidden.join(", ")}` };
};

const hostProbes: CheckPod = (pod) => {
  const hosts: string[] = [];
  const names = containersThat(pod, (container) => {
    const own = hostsOf(container);
    hosts.push(...own);
    return own.length > 0;
  });
  if (names.length === 0) return undefined;
  const containers = sorted(names);
  const forbidden = sorted(hosts);
  const uses = `${containers.length === 1 ? "uses" : "use"} ${plural("probe or lifecycle host", forbidden.length)}`;
  return {
    reason: "probe or lifecycle host",
    detail: `${containersText(containers)} ${uses} ${quoted(forbidden)}`,
  };
};

function hostsOf({ livenessProbe, readinessProbe, startupProbe, lifecycle }: Container): string[] {
  const handlers = [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop];
  return handlers.flatMap((handler) =>
    [handler?.httpGet?.host, handler?.tcpSocket?.host].filter((host) => host !== undefined && host !== ""),
  ) as string[];
}

const privileged: CheckPod = (pod) => {
  const names = containersThat(pod, ({ securityContext }) => securityContext?.privileged === true);
  if (names.length === 0) return undefined;
  return {
    reason: "privileged",
    detail: `${containersText(names)} must not set securityContext.privileged=true`,
  };
};

export const procMount: CheckPod = (pod) => {
  const bad: string[] = [];
  const names = containersThat(pod, ({ securityContext }) => {
    const type = securityContext?.procMount;
    if (type === undefined || type === "Default") return false;
    bad.push(type);
    return true;
  });
  if (names.length === 0) return undefined;
  return {
    reason: "procMount",
    detail: `${containersText(names)} must not set securityContext.procMount to ${quoted(sorted(bad))}`,
  };
};

const seLinuxTypes: readonly string[] = ["", "container_t", "container_init_t", "container_kvm_t"];

const seLinuxOptions =
  (types: readonly string[]): CheckPod =>
  (pod) => {
    const badTypes: string[] = [];
    let setsUser = false;
    let setsRole = false;
    const isBad = ({ securityContext }: Pick<Container, "securityContext"> | CheckedPod["spec"]): boolean => {
      const { type = "", user = "", role = "" } = securityContext?.seLinuxOptions ?? {};
      if (!types.includes(type)) badTypes.push(type);
      setsUser ||= user !== "";
      setsRole ||= role !== "";
      return !types.includes(type) || user !== "" || role !== "";
    };
    const setters = settersText(isBad(pod.spec), containersThat(pod, isBad));
    if (setters === "") return undefined;
    const forbidden = sorted(badTypes);
    const what = [
      ...(forbidden.length > 0 ? [`${plural("type", forbidden.length)} ${quoted(forbidden)}`] : []),
      ...(setsUser ? ["user may not be set"] : []),
      ...(setsRole ? ["role may not be set"] : []),
    ];
    return {
      reason: "seLinuxOptions",
      detail: `${setters} set forbidden securityContext.seLinuxOptions: ${what.join("; ")}`,
    };
  };

const sysctlsFrom0: readonly string[] = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.ping_group_range",
  "net.ipv4.ip_unprivileged_port_start",
];
const sysctlsFrom27: readonly string[] = [...sysctlsFrom0, "net.ipv4.ip_local_reserved_ports"];
const sysctlsFrom29: readonly string[] = [
  ...sysctlsFrom27,
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
];
const sysctlsFrom32: readonly string[] = [...sysctlsFrom29, "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"];

const sysctls =
  (safe: readonly string[]): CheckPod =>
  ({ spec }) => {
    const all = spec.securityContext?.sysctls ?? [];
    const forbidden = all.filter(({ name }) => !safe.includes(name)).map(({ name }) => name);
    return forbidden.length > 0 ? { reason: "forbidden sysctls", detail: forbidden.join(", ") } : undefined;
  };

const windowsHostProcess: CheckPod = (pod) => {
  const setters = settersText(
    pod.spec.securityContext?.windowsOptions?.hostProcess === true,
    containersThat(pod, ({ securityContext }) => securityContext?.windowsOptions?.hostProcess === true),
  );
  if (setters === "") return undefined;
  return {
    reason: "hostProcess",
    detail: `${setters} must not set securityContext.windowsOptions.hostProcess=true`,
  };
};

/** In the order in which they complain. */
export const baselineChecks: readonly Check[] = [
  { id: "appArmorProfile", versions: [[0, appArmorProfile]] },
  { id: "capabilities_baseline", versions: [[0, capabilities]] },
  { id: "hostNamespaces", versions: [[0, hostNamespaces]] },
  { id: "hostPathVolumes", versions: [[0, hostPathVolumes]] },
  { id: "hostPorts", versions: [[0, hostPorts]] },
  { id: "hostProbesAndHostLifecycle", versions: [[34, hostProbes]] },
  { id: "privileged", versions: [[0, privileged]] },
  {
    id: "procMount",
    versions: [
      [0, procMount],
      [35, unlessUserNamespace(procMount)],
    ],
  },
  {
    id: "seLinuxOptions",
    versions: [
      [0, seLinuxOptions(seLinuxTypes)],
      [31, seLinuxOptions([...seLinuxTypes, "container_engine_t"])],
    ],
  },
  {
    id: "seccompProfile_baseline",
    versions: [
      [0, forbiddenSeccompAnnotations],
      [19, forbiddenSeccompProfiles],
    ],
  },
  {
    id: "sysctls",
    versions: [
      [0, sysctls(sysctlsFrom0)],
      [27, sysctls(sysctlsFrom27)],
      [29, sysctls(sysctlsFrom29)],
      [32, sysctls(sysctlsFrom32)],
    ],
  },
  { id: "windowsHostProcess", versions: [[0, windowsHostProcess]] },
];
