/**
 * Controllers against servers, ours and upstream's: the same scenarios with every controller manager on every server.
 *
 *     node conformance/controllers/run.ts [--pairing "ours on upstream's"] [--filter REGEXP]
 *
 * The scenarios say what each controller brings about. Where both are upstream's, it is the scenarios that are checked.
 * Needs kube-apiserver and etcd, and for upstream's controllers kube-controller-manager, from conformance/upstream/build.ts.
 */

import { createWriteStream, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startCommand } from "../differential/ours.ts";
import { BIN_DIR, builtProgram } from "../upstream/build.ts";
import { startChild } from "../upstream/child.ts";
import { startPeer } from "../upstream/peer.ts";
import { differences } from "./outcome.ts";
import { budgetScenarios } from "./scenarios/budgets.ts";
import { certificateScenarios } from "./scenarios/certificates.ts";
import { clusterScenarios } from "./scenarios/cluster.ts";
import { garbageScenarios } from "./scenarios/garbage.ts";
import { namespaceScenarios } from "./scenarios/namespaces.ts";
import { serviceScenarios } from "./scenarios/services.ts";
import { storageScenarios } from "./scenarios/storage.ts";
import { tokenScenarios } from "./scenarios/tokens.ts";
import { workloadScenarios } from "./scenarios/workloads.ts";
import { newAuthority, opener, type Scenario, type World } from "./world.ts";

const scenarios: readonly Scenario[] = [
  ...namespaceScenarios,
  ...garbageScenarios,
  ...tokenScenarios,
  ...clusterScenarios,
  ...certificateScenarios,
  ...serviceScenarios,
  ...budgetScenarios,
  ...storageScenarios,
  ...workloadScenarios,
];

const OUT = join(import.meta.dirname, "out");
const COMMAND = join(import.meta.dirname, "../../cli/kubefacade.ts");

/** Those that the scenarios are about. */
const controllers = [
  "bootstrap-signer-controller",
  "certificatesigningrequest-approving-controller",
  "certificatesigningrequest-cleaner-controller",
  "certificatesigningrequest-signing-controller",
  "clusterrole-aggregation-controller",
  "cronjob-controller",
  "daemonset-controller",
  "deployment-controller",
  "disruption-controller",
  "endpoints-controller",
  "endpointslice-controller",
  "endpointslice-mirroring-controller",
  "garbage-collector-controller",
  "job-controller",
  "legacy-serviceaccount-token-cleaner-controller",
  "namespace-controller",
  "persistentvolume-protection-controller",
  "persistentvolumeclaim-protection-controller",
  "replicaset-controller",
  "replicationcontroller-controller",
  "resourcequota-controller",
  "root-ca-certificate-publisher-controller",
  "service-cidr-controller",
  "serviceaccount-controller",
  "serviceaccount-token-controller",
  "statefulset-controller",
  "token-cleaner-controller",
  "ttl-after-finished-controller",
  "ttl-controller",
  "volumeattributesclass-protection-controller",
].join(",");

interface Running {
  stop(): Promise<void>;
}

interface Server extends Running {
  url: string;
  ca: string;
  token: string;
  kubeconfig: string;
  /** PEM file of the key that signs tokens of service accounts. */
  tokenKey: string;
}

type Authority = ReturnType<typeof newAuthority>;

interface Pairing {
  name: string;
  startServer(authority: Authority): Promise<Server>;
  /** undefined: they run with the server. */
  startManager?(server: Server, authority: Authority): Running;
}

async function upstreamServer({ certFile }: Authority): Promise<Server> {
  const flags = [`--client-ca-file=${certFile}`];
  const peer = await startPeer({ authorizationMode: "Node,RBAC", flags });
  return { ...peer, tokenKey: join(peer.folder, "service-account.key") };
}

const ourServer =
  (names: string) =>
  async ({ certFile, keyFile: tokenKey }: Authority): Promise<Server> => {
    const { ca = "", ...server } = await startCommand([
      ...[`--controllers=${names}`, `--client-ca-file=${certFile}`],
      `--service-account-signing-key-file=${tokenKey}`,
    ]);
    return { ...server, ca, tokenKey };
  };

function managerFlags(server: Server, { certFile, keyFile }: Authority): string[] {
  return [
    `--kubeconfig=${server.kubeconfig}`,
    `--controllers=${controllers}`,
    "--use-service-account-credentials=true",
    `--cluster-signing-cert-file=${certFile}`,
    `--cluster-signing-key-file=${keyFile}`,
    `--service-account-private-key-file=${server.tokenKey}`,
    "--legacy-service-account-token-clean-up-period=1s",
  ];
}

function startProgram(log: string, command: string, args: readonly string[]): Running {
  const child = startChild(command, args);
  const file = createWriteStream(join(OUT, log));
  child.stdout.pipe(file, { end: false });
  child.stderr.pipe(file, { end: false });
  return {
    async stop() {
      child.kill();
      await child.ended;
    },
  };
}

const ourManager = (log: string) => (server: Server, authority: Authority) =>
  startProgram(log, process.execPath, [COMMAND, "controller-manager", ...managerFlags(server, authority)]);

const upstreamManager = (log: string) => (server: Server, authority: Authority) =>
  startProgram(log, join(BIN_DIR, "kube-controller-manager"), [
    ...managerFlags(server, authority),
    "--secure-port=0",
  ]);

const withUpstreamControllers: readonly Pairing[] = [
  {
    name: "upstream's on ours",
    startServer: ourServer(""),
    startManager: upstreamManager("upstream-on-ours.log"),
  },
  {
    name: "upstream's on upstream's",
    startServer: upstreamServer,
    startManager: upstreamManager("upstream-on-upstream.log"),
  },
];

const pairings: readonly Pairing[] = [
  {
    name: "ours on upstream's",
    startServer: upstreamServer,
    startManager: ourManager("ours-on-upstream.log"),
  },
  { name: "ours on ours", startServer: ourServer(controllers) },
  {
    name: "ours on ours over HTTP",
    startServer: ourServer(""),
    startManager: ourManager("ours-on-ours.log"),
  },
  ...withUpstreamControllers,
];

/** What scenarios have left behind. */
const outcomes: { scenario: string; pairing: string; outcome: unknown }[] = [];

/** What is left has to be the same as where both are upstream's. */
function compareOutcomes(truth: string): { passed: number; failed: number } {
  const counts = { passed: 0, failed: 0 };
  for (const { scenario, pairing, outcome } of outcomes) {
    const expected = outcomes.find((one) => one.scenario === scenario && one.pairing === truth);
    if (pairing === truth || outcome === undefined || !expected) continue;
    const found = differences(expected.outcome, outcome);
    counts[found.length === 0 ? "passed" : "failed"]++;
    if (found.length > 0)
      console.log(`✗ ${pairing}: ${scenario} leaves something else\n${indented(found.join("\n"))}`);
  }
  return counts;
}

/** So many scenarios are played at the same time. */
const atOnce = 6;

interface Played {
  passed: number;
  failed: readonly Scenario[];
}

async function playAll(pairing: Pairing, world: World, chosen: readonly Scenario[]): Promise<Played> {
  const failed: Scenario[] = [];
  const waiting = chosen.filter(({ isAlone }) => !isAlone);
  const playNext = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const scenario = next;
      const { name } = scenario;
      const start = Date.now();
      try {
        outcomes.push({ scenario: name, pairing: pairing.name, outcome: await scenario.play(world) });
        console.log(`✓ ${pairing.name}: ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
      } catch (error) {
        failed.push(scenario);
        console.log(`✗ ${pairing.name}: ${name}\n${indented((error as Error).stack ?? String(error))}`);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, playNext));
  waiting.push(...chosen.filter(({ isAlone }) => isAlone));
  await playNext();
  return { passed: chosen.length - failed.length, failed };
}

const indented = (text: string) => text.replace(/^/gm, "    ");

function chosenFor(pairing: Pairing, filter: string): Scenario[] {
  return scenarios.filter(({ name, notIn }) => {
    if (!new RegExp(filter).test(name)) return false;
    const reason = notIn?.[pairing.name];
    if (reason !== undefined) console.log(`- ${pairing.name}: ${name}: not played, ${reason}`);
    return reason === undefined;
  });
}

/** On a server of their own. */
async function run(pairing: Pairing, chosen: readonly Scenario[]): Promise<Played> {
  const folder = mkdtempSync(join(tmpdir(), "kubefacade-controllers-"));
  const authority = newAuthority(folder);
  const server = await pairing.startServer(authority);
  let manager: Running | undefined;
  try {
    const as = opener({ ...server, folder });
    const client = await as({ token: server.token });
    const world: World = { client, url: server.url, ca: server.ca, folder, as };
    await Promise.all(chosen.map(({ before }) => before?.(world)));
    manager = pairing.startManager?.(server, authority);
    return await playAll(pairing, world, chosen);
  } finally {
    await manager?.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { pairing: { type: "string" }, filter: { type: "string", default: "" } },
  });
  mkdirSync(OUT, { recursive: true });
  const total = { passed: 0, failed: 0 };
  const isBuilt = builtProgram("kube-controller-manager") !== undefined;
  if (!isBuilt) console.log("kube-controller-manager is not built: upstream's controllers are left out");
  for (const pairing of pairings) {
    if (values.pairing !== undefined && pairing.name !== values.pairing) continue;
    if (!isBuilt && withUpstreamControllers.includes(pairing)) continue;
    const first = await run(pairing, chosenFor(pairing, values.filter));
    total.passed += first.passed;
    if (first.failed.length === 0) continue;
    // These runs depend on the machine's load.
    console.log(`${pairing.name}: what has failed once more, on a new server`);
    const second = await run(pairing, first.failed);
    total.passed += second.passed;
    total.failed += second.failed.length;
  }
  const compared = compareOutcomes("upstream's on upstream's");
  total.passed += compared.passed;
  total.failed += compared.failed;
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
}

await main();
