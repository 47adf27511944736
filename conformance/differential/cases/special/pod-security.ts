import { type Conversation, test } from "../../conversation.ts";
import type { JsonObject } from "../../json.ts";
import { deployment, named, pod } from "../../objects.ts";

export const isApart = true;

const DRY = { query: { dryRun: "All" } };
const NAMESPACES = "/api/v1/namespaces";
const PREFIX = "pod-security.kubernetes.io/";

/** The real server's plug-in learns of a namespace's labels a moment later. */
const LAG_MS = 400;

const labels = (own: Readonly<Record<string, string>>): JsonObject =>
  Object.fromEntries(Object.entries(own).map(([key, value]) => [PREFIX + key, value]));

const namespace = (name: string, own: Readonly<Record<string, string>>): JsonObject => ({
  ...named("v1", "Namespace", name),
  metadata: { name, labels: labels(own) },
});

async function relabel(
  t: Conversation,
  own: Readonly<Record<string, string>>,
  remark?: string,
): Promise<void> {
  const metadata = { labels: labels(own) };
  await t.patch(`${NAMESPACES}/${t.namespace}`, { metadata }, remark === undefined ? {} : { remark });
  await t.pause(LAG_MS);
}

const containers = (securityContext: JsonObject, more: JsonObject = {}): JsonObject => ({
  containers: ["a", "b"].map((name) => ({ name, image: "i", securityContext, ...more })),
});

const good: JsonObject = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
  ...containers({ allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } }),
};

const SPECS: Readonly<Record<string, JsonObject>> = {
  plain: { containers: [{ name: "c", image: "i" }] },
  good,
  privileged: containers({ privileged: true }),
  capabilities: containers({ capabilities: { add: ["NET_ADMIN", "CHOWN", "BPF"], drop: ["ALL"] } }),
  "host namespaces": { ...good, hostNetwork: true, hostPID: true, hostIPC: true },
  "host paths": {
    ...good,
    volumes: [
      { name: "v", hostPath: { path: "/" } },
      { name: "w", nfs: { server: "s", path: "/" } },
    ],
  },
  "host ports": {
    ...good,
    ...containers(
      {},
      {
        ports: [
          { containerPort: 80, hostPort: 80 },
          { containerPort: 81, hostPort: 9 },
        ],
      },
    ),
  },
  "probe hosts": { ...good, ...containers({}, { livenessProbe: { httpGet: { host: "h", port: 80 } } }) },
  "proc mount": { ...good, ...containers({ procMount: "Unmasked" }), hostUsers: false },
  "SELinux options": { ...good, securityContext: { seLinuxOptions: { type: "t", user: "u", role: "r" } } },
  seccomp: {
    ...good,
    ...containers({ seccompProfile: { type: "Unconfined" } }),
    securityContext: { seccompProfile: { type: "Unconfined" } },
  },
  AppArmor: { ...good, ...containers({ appArmorProfile: { type: "Unconfined" } }) },
  sysctls: {
    ...good,
    securityContext: {
      sysctls: [
        { name: "kernel.msgmax", value: "1" },
        { name: "net.ipv4.tcp_rmem", value: "1" },
      ],
    },
  },
  root: { ...good, securityContext: { runAsUser: 0, runAsNonRoot: false } },
  "root in a user namespace": {
    ...good,
    hostUsers: false,
    securityContext: { runAsUser: 0, seccompProfile: { type: "Localhost", localhostProfile: "p" } },
  },
  "Windows host processes": {
    ...good,
    os: { name: "windows" },
    hostNetwork: true,
    securityContext: { windowsOptions: { hostProcess: true } },
    ...containers({ windowsOptions: { hostProcess: true } }),
  },
  Windows: {
    os: { name: "windows" },
    securityContext: { runAsNonRoot: true },
    containers: [{ name: "c", image: "i" }],
  },
  "init containers": {
    ...good,
    initContainers: [{ name: "i", image: "i", securityContext: { privileged: true } }],
  },
};

const levels = (level: string, version: string) =>
  test(`pod security: ${level} ${version}`, async (t) => {
    await relabel(t, { enforce: level, "enforce-version": version });
    for (const [remark, spec] of Object.entries(SPECS)) {
      await t.post(t.path("v1/pods"), pod("p", spec), { ...DRY, remark });
    }
    const annotations = {
      "container.apparmor.security.beta.kubernetes.io/c": "unconfined",
      "seccomp.security.alpha.kubernetes.io/pod": "unconfined",
    };
    await t.post(t.path("v1/pods"), pod("p", SPECS["plain"], { annotations }), {
      ...DRY,
      remark: "annotations",
    });
    const generated = { ...pod("", SPECS["privileged"]), metadata: { generateName: "p-" } };
    await t.post(t.path("v1/pods"), generated, { ...DRY, remark: "a generated name", compare: "status" });
  });

export const cases = [
  levels("baseline", "latest"),
  levels("restricted", "latest"),
  levels("restricted", "v1.18"),
  levels("restricted", "v1.24"),
  levels("baseline", "v1.99"),
  ...["v1.0", "v1.19", "v1.27", "v1.29", "v1.32", "v1.34"].map((version) => levels("baseline", version)),
  ...["v1.8", "v1.19", "v1.22", "v1.25", "v1.29", "v1.31", "v1.35"].map((version) =>
    levels("restricted", version),
  ),
  test("pod security: templates", async (t) => {
    await relabel(t, { enforce: "baseline" });
    const template: JsonObject = { metadata: { labels: { app: "d" } }, spec: SPECS["privileged"] ?? {} };
    const selector = { matchLabels: { app: "d" } };
    await t.post(t.path("apps/v1/deployments"), deployment("d", { template }));
    await t.patch(t.path("apps/v1/deployments/d"), { metadata: { annotations: { a: "b" } } });
    await t.patch(t.path("apps/v1/deployments/d/scale"), { spec: { replicas: 2 } });
    await t.post(
      t.path("apps/v1/replicasets"),
      named("apps/v1", "ReplicaSet", "d", { spec: { selector, template } }),
    );
    await t.post(
      t.path("apps/v1/daemonsets"),
      named("apps/v1", "DaemonSet", "d", { spec: { selector, template } }),
    );
    await t.post(
      t.path("apps/v1/statefulsets"),
      named("apps/v1", "StatefulSet", "d", { spec: { selector, template, serviceName: "s" } }),
    );
    await t.post(
      t.path("v1/replicationcontrollers"),
      named("v1", "ReplicationController", "d", { spec: { selector: { app: "d" }, template } }),
    );
    await t.post(t.path("v1/podtemplates"), named("v1", "PodTemplate", "d", { template }));
    const job: JsonObject = {
      template: { spec: { ...(SPECS["privileged"] ?? {}), restartPolicy: "Never" } },
    };
    await t.post(t.path("batch/v1/jobs"), named("batch/v1", "Job", "d", { spec: job }));
    await t.post(
      t.path("batch/v1/cronjobs"),
      named("batch/v1", "CronJob", "d", { spec: { schedule: "* * * * *", jobTemplate: { spec: job } } }),
    );
    await relabel(t, { warn: "privileged" });
    await t.patch(
      t.path("apps/v1/deployments/d"),
      { metadata: { annotations: { a: "c" } } },
      { remark: "no warnings wanted" },
    );
  }),
  test("pod security: warnings", async (t) => {
    await relabel(t, { warn: "restricted", "warn-version": "v1.30", audit: "baseline" });
    for (const name of ["plain", "good", "privileged"]) {
      await t.post(t.path("v1/pods"), pod("p", SPECS[name]), { ...DRY, remark: name });
    }
    await relabel(t, { enforce: "baseline" });
    await t.post(t.path("v1/pods"), pod("p", SPECS["privileged"]), { ...DRY, remark: "enforced too" });
    await t.post(t.path("v1/pods"), pod("p", SPECS["plain"]), { ...DRY, remark: "only warned" });
  }),
  test("pod security: pods that are there", async (t) => {
    const pods = t.path("v1/pods");
    await t.post(pods, pod("bad-b", SPECS["privileged"]));
    await t.post(pods, pod("bad-a", SPECS["privileged"]));
    await t.post(pods, pod("worse", SPECS["host namespaces"]));
    await t.post(pods, pod("good", good));
    await t.pause(LAG_MS);
    await relabel(t, { enforce: "baseline" }, "stricter");
    await relabel(t, { enforce: "restricted" }, "stricter still");
    await relabel(t, { enforce: "baseline" }, "less strict");
    await relabel(t, { enforce: "baseline", "enforce-version": "v1.20" }, "another version");
    await t.patch(`${pods}/bad-a`, { metadata: { labels: { a: "b" } } });
    await t.patch(
      `${pods}/bad-a`,
      { spec: { containers: [{ name: "a", image: "j" }] } },
      { type: "strategic" },
    );
    await t.patch(
      `${pods}/good`,
      { spec: { containers: [{ name: "a", image: "j" }] } },
      { type: "strategic" },
    );
    const ephemeralContainers = [{ name: "e", image: "i", securityContext: { privileged: true } }];
    await t.patch(
      `${pods}/good/ephemeralcontainers`,
      { spec: { ephemeralContainers } },
      { type: "strategic" },
    );
    await t.patch(`${pods}/bad-a/status`, { status: { message: "m" } });
    await t.delete(`${pods}/bad-a`, { gracePeriodSeconds: 0 } as JsonObject);
  }),
  test("pod security: labels of namespaces", async (t) => {
    const wrong: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      level: { enforce: "strict" },
      version: { enforce: "baseline", "enforce-version": "1.20" },
      "leading zero": { "warn-version": "v1.01" },
      all: {
        enforce: "x",
        "enforce-version": "x",
        audit: "x",
        "audit-version": "x",
        warn: "x",
        "warn-version": "x",
      },
    };
    for (const [remark, own] of Object.entries(wrong)) {
      await t.post(NAMESPACES, namespace("pod-security-labels", own), { ...DRY, remark });
      await t.patch(
        `${NAMESPACES}/${t.namespace}`,
        { metadata: { labels: labels(own) } },
        { ...DRY, remark },
      );
    }
    await t.post(
      NAMESPACES,
      namespace("pod-security-labels", { enforce: "restricted", "enforce-version": "v1.36" }),
      DRY,
    );
  }),
];
