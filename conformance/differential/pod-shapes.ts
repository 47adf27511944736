/** Pod specs and a status that together set most fields. */

import type { JsonObject } from "./json.ts";

const resources: JsonObject = {
  requests: { cpu: "100m", memory: "64Mi", "example.com/gpu": "1" },
  limits: { cpu: "1", memory: "128Mi", "ephemeral-storage": "1Gi", "example.com/gpu": "1" },
};

const securityContext: JsonObject = {
  runAsUser: 1000,
  runAsGroup: 1000,
  runAsNonRoot: true,
  privileged: false,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  procMount: "Default",
  capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] },
  seLinuxOptions: { user: "u", role: "r", type: "t", level: "s0" },
  seccompProfile: { type: "Localhost", localhostProfile: "profiles/a.json" },
  appArmorProfile: { type: "RuntimeDefault" },
};

const container: JsonObject = {
  name: "main",
  image: "example.com/app:v1",
  imagePullPolicy: "Always",
  command: ["/bin/app"],
  args: ["--flag", "$(A)"],
  workingDir: "/work",
  ports: [{ name: "http", containerPort: 8080, protocol: "TCP", hostIP: "127.0.0.1" }],
  envFrom: [
    { prefix: "P_", configMapRef: { name: "cm", optional: true } },
    { secretRef: { name: "s", optional: false } },
  ],
  env: [
    { name: "A", value: "x" },
    { name: "B", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
    {
      name: "C",
      valueFrom: { resourceFieldRef: { containerName: "main", resource: "limits.cpu", divisor: "1m" } },
    },
    { name: "D", valueFrom: { configMapKeyRef: { name: "cm", key: "k", optional: true } } },
    { name: "E", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
  ],
  resources,
  resizePolicy: [
    { resourceName: "cpu", restartPolicy: "NotRequired" },
    { resourceName: "memory", restartPolicy: "RestartContainer" },
  ],
  volumeMounts: [
    { name: "empty", mountPath: "/data", readOnly: true, subPath: "sub", recursiveReadOnly: "Disabled" },
    { name: "empty", mountPath: "/expr", subPathExpr: "$(A)", mountPropagation: "None" },
  ],
  livenessProbe: {
    httpGet: {
      path: "/healthz",
      port: "http",
      host: "h",
      scheme: "HTTPS",
      httpHeaders: [{ name: "X-A", value: "b" }],
    },
    initialDelaySeconds: 1,
    timeoutSeconds: 2,
    periodSeconds: 3,
    successThreshold: 1,
    failureThreshold: 4,
    terminationGracePeriodSeconds: 5,
  },
  readinessProbe: { exec: { command: ["true"] }, successThreshold: 2 },
  startupProbe: { tcpSocket: { port: 8080, host: "127.0.0.1" } },
  lifecycle: {
    postStart: { exec: { command: ["true"] } },
    preStop: { sleep: { seconds: 5 } },
  },
  terminationMessagePath: "/dev/termination-log",
  terminationMessagePolicy: "FallbackToLogsOnError",
  securityContext,
  stdin: true,
  stdinOnce: true,
  tty: true,
};

const affinity: JsonObject = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [
        {
          matchExpressions: [{ key: "zone", operator: "In", values: ["a"] }],
          matchFields: [{ key: "metadata.name", operator: "In", values: ["n"] }],
        },
      ],
    },
    preferredDuringSchedulingIgnoredDuringExecution: [
      { weight: 1, preference: { matchExpressions: [{ key: "size", operator: "Gt", values: ["3"] }] } },
    ],
  },
  podAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      {
        labelSelector: { matchLabels: { app: "a" } },
        topologyKey: "zone",
        namespaces: ["other"],
        namespaceSelector: { matchExpressions: [{ key: "k", operator: "Exists" }] },
        matchLabelKeys: ["pod-template-hash"],
        mismatchLabelKeys: ["other-hash"],
      },
    ],
  },
  podAntiAffinity: {
    preferredDuringSchedulingIgnoredDuringExecution: [
      { weight: 100, podAffinityTerm: { labelSelector: { matchLabels: { app: "a" } }, topologyKey: "zone" } },
    ],
  },
};

export const fullPodSpec: JsonObject = {
  restartPolicy: "Always",
  terminationGracePeriodSeconds: 10,
  activeDeadlineSeconds: 600,
  dnsPolicy: "None",
  dnsConfig: {
    nameservers: ["1.2.3.4"],
    searches: ["example.com"],
    options: [{ name: "ndots", value: "2" }],
  },
  nodeSelector: { disk: "ssd" },
  serviceAccountName: "builder",
  automountServiceAccountToken: false,
  shareProcessNamespace: true,
  securityContext: {
    runAsUser: 1,
    runAsGroup: 2,
    runAsNonRoot: true,
    supplementalGroups: [3],
    supplementalGroupsPolicy: "Merge",
    fsGroup: 4,
    fsGroupChangePolicy: "OnRootMismatch",
    sysctls: [{ name: "kernel.shm_rmid_forced", value: "0" }],
    seLinuxOptions: { level: "s0" },
    seLinuxChangePolicy: "Recursive",
    seccompProfile: { type: "RuntimeDefault" },
    appArmorProfile: { type: "Localhost", localhostProfile: "p" },
  },
  imagePullSecrets: [{ name: "pull" }],
  hostname: "host",
  subdomain: "sub",
  setHostnameAsFQDN: true,
  affinity,
  schedulerName: "custom",
  initContainers: [
    { name: "init", image: "init:v1", command: ["true"], resources: { requests: { cpu: "10m" } } },
    {
      name: "sidecar",
      image: "side:v1",
      restartPolicy: "Always",
      readinessProbe: { grpc: { port: 9, service: "s" } },
    },
  ],
  containers: [
    container,
    { name: "second", image: "second@sha256:0123", ports: [{ containerPort: 9, protocol: "UDP" }] },
  ],
  volumes: [{ name: "empty", emptyDir: { medium: "Memory", sizeLimit: "1Gi" } }],
  tolerations: [
    { key: "a", operator: "Equal", value: "b", effect: "NoSchedule" },
    { operator: "Exists", effect: "NoExecute", tolerationSeconds: 30 },
  ],
  hostAliases: [{ ip: "1.2.3.4", hostnames: ["a.example.com"] }],
  priorityClassName: "high",
  readinessGates: [{ conditionType: "example.com/ready" }],
  enableServiceLinks: false,
  preemptionPolicy: "Never",
  priority: 10,
  overhead: { cpu: "5m" },
  runtimeClassName: "fast",
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: "zone",
      whenUnsatisfiable: "DoNotSchedule",
      labelSelector: { matchLabels: { app: "a" } },
      minDomains: 2,
      nodeAffinityPolicy: "Honor",
      nodeTaintsPolicy: "Ignore",
      matchLabelKeys: ["pod-template-hash"],
    },
  ],
  os: { name: "linux" },
  schedulingGates: [{ name: "example.com/wait" }],
};

export const volumesPodSpec: JsonObject = {
  serviceAccountName: "builder",
  containers: [{ name: "c", image: "i", volumeDevices: [{ name: "pvc", devicePath: "/dev/xvda" }] }],
  volumes: [
    { name: "host", hostPath: { path: "/var", type: "DirectoryOrCreate" } },
    {
      name: "secret",
      secret: {
        secretName: "s",
        items: [{ key: "k", path: "p/q", mode: 256 }],
        defaultMode: 420,
        optional: true,
      },
    },
    {
      name: "cm",
      configMap: { name: "c", items: [{ key: "k", path: "p" }], defaultMode: 292, optional: false },
    },
    { name: "nfs", nfs: { server: "s", path: "/p", readOnly: true } },
    {
      name: "iscsi",
      iscsi: {
        targetPortal: "1.2.3.4:3260",
        iqn: "iqn.2001-04.com.example:storage.disk1",
        lun: 0,
        portals: ["1.2.3.5"],
        chapAuthDiscovery: true,
        chapAuthSession: true,
        secretRef: { name: "s" },
        initiatorName: "iqn.1996-04.de.suse:linux-host1",
      },
    },
    { name: "pvc", persistentVolumeClaim: { claimName: "claim", readOnly: true } },
    { name: "fc", fc: { targetWWNs: ["w"], lun: 1, fsType: "ext4", readOnly: true } },
    {
      name: "down",
      downwardAPI: {
        items: [
          { path: "labels", fieldRef: { apiVersion: "v1", fieldPath: "metadata.labels" }, mode: 256 },
          { path: "cpu", resourceFieldRef: { containerName: "c", resource: "requests.cpu" } },
        ],
        defaultMode: 420,
      },
    },
    {
      name: "projected",
      projected: {
        defaultMode: 420,
        sources: [
          { secret: { name: "s", items: [{ key: "k", path: "a" }] } },
          { configMap: { name: "c", optional: true } },
          { downwardAPI: { items: [{ path: "b", fieldRef: { fieldPath: "metadata.uid" } }] } },
          { serviceAccountToken: { audience: "a", expirationSeconds: 3600, path: "token" } },
        ],
      },
    },
    {
      name: "csi",
      csi: {
        driver: "d.example.com",
        readOnly: true,
        fsType: "ext4",
        volumeAttributes: { a: "b" },
        nodePublishSecretRef: { name: "s" },
      },
    },
    {
      name: "ephemeral",
      ephemeral: {
        volumeClaimTemplate: {
          metadata: { labels: { a: "b" } },
          spec: {
            accessModes: ["ReadWriteOnce"],
            resources: { requests: { storage: "1Gi" } },
            storageClassName: "s",
          },
        },
      },
    },
    { name: "image", image: { reference: "example.com/data:v1", pullPolicy: "IfNotPresent" } },
  ],
};

/** Volumes of providers that live in CSI drivers today. */
export const oldVolumesPodSpec: JsonObject = {
  containers: [{ name: "c", image: "i" }],
  volumes: [
    { name: "gce", gcePersistentDisk: { pdName: "d", fsType: "ext4", partition: 1, readOnly: true } },
    { name: "aws", awsElasticBlockStore: { volumeID: "v", fsType: "ext4", partition: 1, readOnly: true } },
    { name: "git", gitRepo: { repository: "https://example.com/a.git", revision: "main", directory: "d" } },
    { name: "glusterfs", glusterfs: { endpoints: "e", path: "p", readOnly: true } },
    {
      name: "rbd",
      rbd: {
        monitors: ["m"],
        image: "i",
        fsType: "ext4",
        pool: "p",
        user: "u",
        keyring: "k",
        secretRef: { name: "s" },
        readOnly: true,
      },
    },
    {
      name: "flex",
      flexVolume: {
        driver: "d",
        fsType: "ext4",
        secretRef: { name: "s" },
        readOnly: true,
        options: { a: "b" },
      },
    },
    { name: "cinder", cinder: { volumeID: "v", fsType: "ext4", readOnly: true, secretRef: { name: "s" } } },
    {
      name: "cephfs",
      cephfs: {
        monitors: ["m"],
        path: "/p",
        user: "u",
        secretFile: "/f",
        secretRef: { name: "s" },
        readOnly: true,
      },
    },
    { name: "flocker", flocker: { datasetName: "d" } },
    {
      name: "azure",
      azureDisk: {
        diskName: "d",
        diskURI: "https://example.com/d.vhd",
        cachingMode: "None",
        fsType: "ext4",
        readOnly: true,
        kind: "Shared",
      },
    },
    { name: "azurefile", azureFile: { secretName: "s", shareName: "n", readOnly: true } },
    {
      name: "vsphere",
      vsphereVolume: { volumePath: "p", fsType: "ext4", storagePolicyName: "n", storagePolicyID: "i" },
    },
    {
      name: "quobyte",
      quobyte: { registry: "r:1", volume: "v", readOnly: true, user: "u", group: "g", tenant: "t" },
    },
    { name: "portworx", portworxVolume: { volumeID: "v", fsType: "ext4", readOnly: true } },
    {
      name: "scaleio",
      scaleIO: {
        gateway: "g",
        system: "s",
        secretRef: { name: "s" },
        sslEnabled: true,
        protectionDomain: "p",
        storagePool: "o",
        storageMode: "ThinProvisioned",
        volumeName: "v",
        fsType: "xfs",
        readOnly: true,
      },
    },
    {
      name: "storageos",
      storageos: {
        volumeName: "v",
        volumeNamespace: "n",
        fsType: "ext4",
        readOnly: true,
        secretRef: { name: "s" },
      },
    },
    { name: "photon", photonPersistentDisk: { pdID: "p", fsType: "ext4" } },
  ],
};

export const runningPodStatus: JsonObject = {
  phase: "Running",
  message: "m",
  reason: "r",
  hostIP: "1.2.3.4",
  podIP: "10.1.2.3",
  podIPs: [{ ip: "10.1.2.3" }],
  hostIPs: [{ ip: "1.2.3.4" }],
  nominatedNodeName: "n",
  startTime: "2020-01-01T00:00:00Z",
  qosClass: "BestEffort",
  observedGeneration: 1,
  conditions: [
    {
      type: "Ready",
      status: "True",
      lastProbeTime: "2020-01-01T00:00:00Z",
      lastTransitionTime: "2020-01-01T00:00:00Z",
      reason: "R",
      message: "m",
    },
  ],
  containerStatuses: [
    {
      name: "c",
      state: { running: { startedAt: "2020-01-01T00:00:00Z" } },
      lastState: {
        terminated: { exitCode: 1, reason: "Error", startedAt: "2020-01-01T00:00:00Z", containerID: "a://b" },
      },
      ready: true,
      restartCount: 2,
      image: "i",
      imageID: "i@sha256:1",
      containerID: "a://c",
      started: true,
    },
  ],
};
