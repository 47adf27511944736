/**
 * A peer: the real kube-apiserver over a real etcd, on free loopback ports and in a temporary folder.
 *
 *     node conformance/upstream/peer.ts [--authorization-mode M] [--feature-gates G] [--runtime-config R]
 *                                       [--admission all|none|-Plugin,-Plugin] [-- kube-apiserver flags]
 *
 * runs one in the foreground, and prints its URL, token and kubeconfig.
 */

import { generateKeyPairSync } from "node:crypto";
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { builtProgram } from "./build.ts";
import { type Child, startChild } from "./child.ts";

export interface TokenUser {
  readonly token: string;
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
}

/** The users that a peer and ours are both started with. */
export const TOKEN_USERS: readonly TokenUser[] = [
  { token: "admin-token", name: "admin", uid: "u-admin", groups: ["system:masters"] },
  { token: "alice-token", name: "alice", uid: "u-alice", groups: ["developers"] },
  { token: "bob-token", name: "bob", uid: "u-bob", groups: [] },
];

/** The content of a --token-auth-file. */
export function tokenFile(users: readonly TokenUser[] = TOKEN_USERS): string {
  const line = (user: TokenUser) => `${user.token},${user.name},${user.uid},"${user.groups.join(",")}"`;
  return `${users.map(line).join("\n")}\n`;
}

/** What is on in a default 1.36 server. Source: pkg/kubeapiserver/options/plugins.go. */
export const DEFAULT_ADMISSION_PLUGINS = [
  "NamespaceLifecycle",
  "LimitRanger",
  "ServiceAccount",
  "DefaultStorageClass",
  "PersistentVolumeClaimResize",
  "DefaultTolerationSeconds",
  "MutatingAdmissionWebhook",
  "ValidatingAdmissionWebhook",
  "ResourceQuota",
  "StorageObjectInUseProtection",
  "PodGroupProtection",
  "Priority",
  "TaintNodesByCondition",
  "RuntimeClass",
  "CertificateApproval",
  "CertificateSigning",
  "ClusterTrustBundleAttest",
  "CertificateSubjectRestriction",
  "DefaultIngressClass",
  "PodSecurity",
  "PodTopologyLabels",
  "MutatingAdmissionPolicy",
  "ValidatingAdmissionPolicy",
  "PodGroupWorkloadExists",
  "NodeDeclaredFeatureValidator",
  "JobValidation",
  "PodResizeValidator",
] as const;

/**
 * A peer that is compared with kubefacade runs without these: of most kubefacade has nothing yet, and nobody makes the
 * accounts that ServiceAccount asks for.
 */
export const MISSING_ADMISSION_PLUGINS: readonly string[] = [
  "ServiceAccount",
  "MutatingAdmissionPolicy",
  "MutatingAdmissionWebhook",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionWebhook",
] satisfies readonly (typeof DEFAULT_ADMISSION_PLUGINS)[number][];

export interface PeerOptions {
  /** Admission plug-ins to turn off. */
  readonly disableAdmissionPlugins?: readonly string[];
  readonly authorizationMode?: string;
  readonly runtimeConfig?: string;
  readonly featureGates?: string;
  readonly users?: readonly TokenUser[];
  readonly serviceClusterIPRange?: string;
  /** More flags of kube-apiserver; they win over ours. */
  readonly flags?: readonly string[];
}

export interface Peer {
  readonly url: string;
  /** PEM of what signs the serving certificate. */
  readonly ca: string;
  readonly token: string;
  readonly kubeconfig: string;
  /** Holds kube-apiserver.log and etcd.log until stop. */
  readonly folder: string;
  stop(): Promise<void>;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.on("error", reject);
          server.listen(0, "127.0.0.1", () => {
            const address = server.address();
            if (address !== null && typeof address === "object") resolve(address.port);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function needed(name: string): string {
  const path = builtProgram(name);
  if (path === undefined) throw new Error(`${name} is not built: run node conformance/upstream/build.ts`);
  return path;
}

/** A kubeconfig for a server and a token. */
export function kubeconfigText(server: { url: string; ca?: string; token: string }): string {
  const cluster: Record<string, unknown> = { server: server.url };
  if (server.ca !== undefined) {
    cluster["certificate-authority-data"] = Buffer.from(server.ca).toString("base64");
  }
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "peer",
    clusters: [{ name: "peer", cluster }],
    users: [{ name: "admin", user: { token: server.token } }],
    contexts: [{ name: "peer", context: { cluster: "peer", user: "admin", namespace: "default" } }],
  });
}

function apiServerFlags(options: PeerOptions, folder: string, port: number, etcdPort: number): string[] {
  const flags = new Map<string, string>([
    ["etcd-servers", `http://127.0.0.1:${etcdPort}`],
    ["bind-address", "127.0.0.1"],
    // Where the Service `kubernetes` would lead: not the loopback, that is refused.
    ["advertise-address", "192.0.2.1"],
    ["secure-port", String(port)],
    ["cert-dir", join(folder, "certs")],
    ["token-auth-file", join(folder, "tokens.csv")],
    // As every cluster has one; nobody has its key.
    ["client-ca-file", join(import.meta.dirname, "client-ca.pem")],
    // As every cluster that runs its own components in pods.
    ["allow-privileged", "true"],
    ["authorization-mode", options.authorizationMode ?? "AlwaysAllow"],
    ["service-cluster-ip-range", options.serviceClusterIPRange ?? "10.0.0.0/24"],
    ["service-account-issuer", "https://kubernetes.default.svc.cluster.local"],
    ["service-account-key-file", join(folder, "service-account.pub")],
    ["service-account-signing-key-file", join(folder, "service-account.key")],
  ]);
  if (options.disableAdmissionPlugins?.length) {
    flags.set("disable-admission-plugins", options.disableAdmissionPlugins.join(","));
  }
  if (options.runtimeConfig) flags.set("runtime-config", options.runtimeConfig);
  if (options.featureGates) flags.set("feature-gates", options.featureGates);
  // They exclude each other.
  if (options.flags?.some((flag) => flag.startsWith("--authorization-config=")))
    flags.delete("authorization-mode");
  const more: string[] = [];
  for (const flag of options.flags ?? []) {
    const [, name, value] = /^--([\w-]+)=(.*)$/.exec(flag) ?? [];
    // Flags that are lists would add up.
    if (name !== undefined && value !== undefined && flags.has(name)) flags.set(name, value);
    else more.push(flag);
  }
  return [...Array.from(flags, ([name, value]) => `--${name}=${value}`), ...more];
}

const NAMESPACES = ["default", "kube-system", "kube-public", "kube-node-lease"];

/** Objects that the server makes for itself soon after it is ready. */
const OWN_OBJECTS = [
  "/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication",
  "/api/v1/namespaces/default/services/kubernetes",
  "/api/v1/namespaces/default/endpoints/kubernetes",
  "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes",
];

/** The status of the answer; 0 where there is none. */
function ask(url: string, token: string, body?: string): Promise<number> {
  return new Promise((resolve) => {
    const headers: Record<string, string> = { authorization: `Bearer ${token}` };
    // What is made here looks as if the server had made it.
    if (body !== undefined)
      Object.assign(headers, { "content-type": "application/json", "user-agent": "kube-apiserver/v1" });
    const method = body === undefined ? "GET" : "POST";
    const asked = request(url, { method, headers, rejectUnauthorized: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on("error", () => resolve(0));
    asked.end(body);
  });
}

/** What has to succeed, in this order, before a peer is ready. */
function readySteps(url: string, token: string): (readonly [string, () => Promise<boolean>])[] {
  const there = (path: string) => [path, async () => (await ask(url + path, token)) === 200] as const;
  const made = (name: string) => {
    // Where its first attempt comes too early, the server tries again after a minute only.
    const namespace = JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
    return [
      `namespace ${name}`,
      async () => [201, 409].includes(await ask(`${url}/api/v1/namespaces`, token, namespace)),
    ] as const;
  };
  return [there("/readyz"), ...NAMESPACES.map(made), ...OWN_OBJECTS.map(there)];
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function start(name: string, flags: readonly string[], folder: string): Child {
  const child = startChild(needed(name), flags);
  const log = createWriteStream(join(folder, `${name}.log`));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  return child;
}

/** Starts etcd and kube-apiserver; resolves when it is ready and has made its own objects. */
export async function startPeer(options: PeerOptions = {}): Promise<Peer> {
  needed("etcd");
  needed("kube-apiserver");
  const folder = mkdtempSync(join(tmpdir(), "kubefacade-peer-"));
  const users = options.users ?? TOKEN_USERS;
  const keys = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  writeFileSync(join(folder, "service-account.key"), keys.privateKey);
  writeFileSync(join(folder, "service-account.pub"), keys.publicKey);
  writeFileSync(join(folder, "tokens.csv"), tokenFile(users));

  const [port = 0, etcdPort = 0, etcdPeerPort = 0] = await freePorts(3);
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const etcdPeerUrl = `http://127.0.0.1:${etcdPeerPort}`;
  const children: Child[] = [];
  const stop = async () => {
    for (const child of children) child.kill();
    await Promise.all(children.map((child) => child.ended));
    rmSync(folder, { recursive: true, force: true });
  };
  children.push(
    start(
      "etcd",
      [
        `--data-dir=${join(folder, "etcd")}`,
        `--listen-client-urls=${etcdUrl}`,
        `--advertise-client-urls=${etcdUrl}`,
        `--listen-peer-urls=${etcdPeerUrl}`,
        `--initial-advertise-peer-urls=${etcdPeerUrl}`,
        `--initial-cluster=default=${etcdPeerUrl}`,
        "--unsafe-no-fsync",
        "--log-level=warn",
      ],
      folder,
    ),
    start("kube-apiserver", apiServerFlags(options, folder, port, etcdPort), folder),
  );

  const url = `https://127.0.0.1:${port}`;
  const token = users[0]?.token ?? "";
  // The system namespaces' controller tries once a minute: where its first try came too early, the second must count.
  const deadline = Date.now() + 150_000;
  const steps = readySteps(url, token);
  for (let step = steps.shift(); step !== undefined; ) {
    const [what, succeeds] = step;
    if (await succeeds()) {
      step = steps.shift();
      continue;
    }
    const dead = children.find((child) => child.hasEnded());
    if (dead !== undefined || Date.now() > deadline) {
      const log = readFileSync(join(folder, "kube-apiserver.log"), "utf8").split("\n").slice(-15).join("\n");
      await stop();
      throw new Error(`the peer ${dead ? "ended" : `lacks ${what}`}:\n${log}`);
    }
    await sleep(50);
  }
  const ca = readFileSync(join(folder, "certs", "apiserver.crt"), "utf8");
  const kubeconfig = join(folder, "kubeconfig");
  writeFileSync(kubeconfig, kubeconfigText({ url, ca, token }));
  return { url, ca, token, kubeconfig, folder, stop };
}

/** "all": as a default server; "none": every plug-in off; "-A,-B": all but these. */
function pluginsToDisable(admission: string): readonly string[] {
  if (admission === "all") return [];
  if (admission === "none") return DEFAULT_ADMISSION_PLUGINS;
  return admission.split(",").map((name) => name.replace(/^-/, ""));
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      admission: { type: "string", default: "all" },
      "authorization-mode": { type: "string" },
      "runtime-config": { type: "string" },
      "feature-gates": { type: "string" },
    },
  });
  const peer = await startPeer({
    disableAdmissionPlugins: pluginsToDisable(values.admission),
    authorizationMode: values["authorization-mode"],
    runtimeConfig: values["runtime-config"],
    featureGates: values["feature-gates"],
    flags: positionals,
  });
  console.log(
    `url        ${peer.url}\ntoken      ${peer.token}\nkubeconfig ${peer.kubeconfig}\nlogs       ${peer.folder}`,
  );
  console.log(`\ncurl -sk -H 'Authorization: Bearer ${peer.token}' ${peer.url}/version\n\nCtrl-C ends it.`);
  const end = async () => {
    await peer.stop();
    process.exit(0);
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  process.on("SIGHUP", end);
}

if (import.meta.main) await main();
