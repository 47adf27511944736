import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Cluster, createCluster } from "./cluster.ts";
import { type ControllerManagerOptions, runControllerManager } from "./controller-manager.ts";
import { wantedControllers } from "./controllers.ts";

const core = { group: "", version: "v1" };
const leases = { group: "coordination.k8s.io", version: "v1", resource: "leases", namespace: "kube-system" };
const election = { namespace: "kube-system", name: "kube-controller-manager" };
const times = { leaseDuration: 15_000, renewDeadline: 10_000, retryPeriod: 2000 };

let folder: string;
let cluster: Cluster;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "kubefacade-manager-"));
  cluster = await createCluster({ controllers: [] });
  await writeFile(join(folder, "kubeconfig"), cluster.kubeconfig());
});
afterEach(async () => {
  await cluster.close();
  await rm(folder, { recursive: true });
});

/** Runs the controllers of a manager until the end of what is done with it. */
async function managing(options: Partial<ControllerManagerOptions>, work: () => Promise<void>) {
  const ending = new AbortController();
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  const kubeconfig = join(folder, "kubeconfig");
  const running = runControllerManager({ kubeconfig, signal: ending.signal, log, ...options });
  try {
    await work();
  } finally {
    ending.abort();
  }
  return { ended: await running, lines };
}

const account = (name: string) =>
  vi.waitFor(
    () => cluster.client.get({ ...core, resource: "serviceaccounts", namespace: name }, "default"),
    10_000,
  );

test("controllers work over HTTP while they lead, and let others lead at the end", async () => {
  const { client } = cluster;
  const options = { controllers: ["serviceaccount"], leaderElection: { ...election, ...times } };
  const { ended, lines } = await managing(options, async () => {
    await account("default");
    expect(await client.get(leases, "kube-controller-manager")).toMatchObject({
      spec: { holderIdentity: expect.stringMatching(/_/), leaseDurationSeconds: 15 },
    });
  });
  expect(ended).toBe(true);
  expect(lines).toContain("the controllers run");
  const released = await client.get(leases, "kube-controller-manager");
  expect(released).toMatchObject({ spec: { holderIdentity: "" } });
});

test("each controller can act as its own service account, which is made for it", async () => {
  const options = { controllers: ["serviceaccount-controller"], useServiceAccountCredentials: true };
  await managing(options, async () => void (await account("default")));
  const { items } = await cluster.client.list({
    ...core,
    resource: "serviceaccounts",
    namespace: "kube-system",
  });
  expect(items.map(({ metadata }) => metadata.name)).toContain("service-account-controller");
});

test("controllers go on when the server was gone and is back", async () => {
  const dataDir = join(folder, "data");
  const options = { controllers: [], storage: "level", dataDir } as const;
  const first = await createCluster(options);
  const kubeconfig = join(folder, "other");
  await writeFile(kubeconfig, first.kubeconfig());
  const securePort = Number(new URL(first.url).port);
  const made = (client: Cluster["client"], namespace: string) =>
    vi.waitFor(() => client.get({ ...core, resource: "serviceaccounts", namespace }, "default"), 20_000);
  await managing({ controllers: ["serviceaccount"], kubeconfig }, async () => {
    await made(first.client, "default");
    await first.close();
    const second = await createCluster({ ...options, securePort });
    try {
      await second.client.create(
        { ...core, resource: "namespaces" },
        { kind: "Namespace", apiVersion: "v1", metadata: { name: "later" } },
      );
      await made(second.client, "later");
    } finally {
      await second.close();
    }
  });
}, 30_000);

test("older names are those of the controllers that have others now", () => {
  expect(wantedControllers(["ttl", "csrsigning"]).sort()).toEqual([
    ...["certificatesigningrequest-signing-controller", "ttl-controller"],
  ]);
  expect(wantedControllers(["*", "-namespace"])).not.toContain("namespace-controller");
  expect(() => wantedControllers(["-route"])).toThrow('"route" is not in the list of known controllers');
});
