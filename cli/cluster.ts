import { hostname } from "node:os";
import type { Clock } from "../api/clock.ts";
import type { ResourceInfo } from "../api/schema/types.ts";
import type { Client } from "../client/client.ts";
import { follow, inOrder } from "../client/follow.ts";
import { ApiServiceControllers } from "../controllers/api-services/api-service-controllers.ts";
import { definitionsResource } from "../controllers/custom-resource-definitions/definition-controllers.ts";
import { FlowSchemaController } from "../controllers/priority-and-fairness/flow-schema-controller.ts";
import type { Storage } from "../server/storage/contract.ts";
import { openMemoryStorage } from "../server/storage/memory-storage.ts";
import { authorizersOfFile } from "./authorization-file.ts";
import { bootstrap, keepFlowControl } from "./bootstrap.ts";
import { type ClusterOptions, UsageError } from "./cluster-options.ts";
import { assembleCluster, type ClusterParts } from "./cluster-parts.ts";
import { type ClusterPlan, planCluster } from "./cluster-plan.ts";
import { startClusterControllers } from "./controllers.ts";
import { kubeconfig } from "./kubeconfig.ts";
import { certificateAuthority } from "./pki/certificate-authority.ts";

/** A running cluster. */
export interface Cluster {
  /** https://127.0.0.1:6443 */
  readonly url: string;
  /** Talks to the server without a socket, as its administrator. */
  readonly client: Client;
  /** A kubeconfig for the administrator. */
  kubeconfig(): string;
  /** Resolves when the store has failed: nothing can be written any more and the cluster must be closed. */
  readonly failed: Promise<Error>;
  /** Lets running requests end (signal: no longer than that), then lets go of everything. */
  close(signal?: AbortSignal): Promise<void>;
}

/** Starts a cluster; several live in one process. Rejects with a UsageError for options that cannot be meant. */
export async function createCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const plan = await planCluster(options);
  const { settings, pki } = plan;
  const storage = await openStorage(options, plan.clock);
  const ending = new AbortController();
  try {
    const parts = await assembleCluster(plan, storage, ending.signal);
    await startCluster(plan, parts);
    const { client, server, state } = parts;
    const url = `https://${state.address}`;
    return {
      url,
      client,
      failed: storage.failed,
      kubeconfig: () =>
        kubeconfig({
          name: settings.name,
          url,
          // A certificate of the user's own is trusted as it is.
          authority: options.tls?.cert ?? pki.authority.certificate,
          user: pki.admin,
        }),
      async close(signal = AbortSignal.timeout(0)) {
        ending.abort();
        await server.close(signal);
        await storage.close();
      },
    };
  } catch (error) {
    ending.abort();
    await storage.close();
    throw error;
  }
}

/** Listens, sees to what every cluster has, and lets the controllers run. */
async function startCluster(plan: ClusterPlan, parts: ClusterParts): Promise<void> {
  const { options, settings, clock, random, gates, controllers, authorization, authorizationFile } = plan;
  const { advertised, ranges, pki, clientCa } = plan;
  const { server, client, connection, infos, state, flows, legacyTokens, following } = parts;
  const { customResources, definitionControllers } = parts;
  const { requestHeader } = options;
  const port = await server.listen(settings.bindAddress, options.securePort ?? 0);
  const host = settings.bindAddress.includes(":") ? `[${settings.bindAddress}]` : settings.bindAddress;
  state.address = `${host}:${port}`;
  state.advertised = `${advertised.includes(":") ? `[${advertised}]` : advertised}:${port}`;
  await bootstrap(client, infos, {
    gates,
    now: clock.now(),
    uuid: random.uuid(),
    hostname: hostname(),
    serviceCidrs: ranges.cidrs,
    serviceIp: ranges.firstIp,
    advertiseAddress: advertised,
    securePort: port,
    trust: {
      clientCa,
      ...(requestHeader ? { requestHeader: { ca: requestHeader.clientCa, ...requestHeader } } : {}),
    },
    groupVersions: groupVersionsOf(infos),
    rbac: true,
  });
  await authorization.start(client, following);
  authorizationFile?.follow(
    "reloading authorization config",
    async (text) => authorization.replace(await authorizersOfFile(text, authorization.types)),
    following,
  );
  keepFlowControl(client, infos, following);
  await flows.start(following.signal);
  await new FlowSchemaController({ client, ...following }).start();
  const apiServices = new ApiServiceControllers({ client, ...following });
  // A resource is served before its definition is called established.
  await follow(
    client,
    definitionsResource,
    inOrder([customResources, definitionControllers.follower, apiServices.definitions]),
    following,
  );
  await customResources.ready();
  await apiServices.start();
  // The server is ready; its controllers are clients like others.
  state.started = true;
  await startClusterControllers({
    connection,
    controllers,
    client,
    ...following,
    gates,
    authority: certificateAuthority(pki.authority, random),
    legacyToken: (account, secret) => legacyTokens.issue(account, secret),
    rootCa: options.tls?.cert ?? pki.authority.certificate,
  });
}

async function openStorage({ storage = "memory", dataDir }: ClusterOptions, clock: Clock): Promise<Storage> {
  if (storage === "memory") return openMemoryStorage({ clock });
  if (storage !== "level")
    throw new UsageError(`storage ${JSON.stringify(storage)} is not one of: memory, level`);
  if (dataDir === undefined) throw new UsageError("storage level needs a data directory");
  const { openLevelStorage } = await import("../server/storage/level/level-storage.ts");
  return openLevelStorage({ path: dataDir, clock });
}

function groupVersionsOf(infos: readonly ResourceInfo[]): { group: string; version: string }[] {
  const unique = new Map(infos.map(({ group, version }) => [`${group}/${version}`, { group, version }]));
  return [...unique.values()];
}
