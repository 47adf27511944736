import { hostname } from "node:os";
import { join } from "node:path";
import type { Clock, Random } from "../api/clock.ts";
import { defaultFeatureGates, parseFeatureGates } from "../api/feature-gates.ts";
import { enabledResources, parseRuntimeConfig } from "../api/runtime-config.ts";
import { loadTables } from "../api/schema/tables.ts";
import type { ResourceInfo } from "../api/schema/types.ts";
import type { Client } from "../client/client.ts";
import { follow, inOrder } from "../client/follow.ts";
import { ApiServiceControllers } from "../controllers/api-services/api-service-controllers.ts";
import {
  DefinitionControllers,
  definitionsResource,
} from "../controllers/custom-resource-definitions/definition-controllers.ts";
import { FlowSchemaController } from "../controllers/priority-and-fairness/flow-schema-controller.ts";
import { AdmissionChain } from "../server/admission/chain.ts";
import { alwaysAllow } from "../server/auth/authorizer.ts";
import { serverUser } from "../server/auth/user.ts";
import { preferredResources } from "../server/http/discovery.ts";
import { Discovery } from "../server/http/discovery-paths.ts";
import { FlowClassifier } from "../server/http/flow-control.ts";
import { RequestMetrics } from "../server/http/metrics.ts";
import { OpenApi } from "../server/http/openapi.ts";
import { generatedOpenApiFiles } from "../server/http/openapi-files.ts";
import { addOpenApiPaths } from "../server/http/openapi-paths.ts";
import { addOpenIdPaths } from "../server/http/openid-paths.ts";
import { PathRoutes } from "../server/http/path-routes.ts";
import { ResourceHandler } from "../server/http/resource-handler.ts";
import { HttpServer } from "../server/http/server.ts";
import { addServerPaths } from "../server/http/server-paths.ts";
import { kubernetesVersion } from "../server/http/version.ts";
import type { PipelineContext } from "../server/pipeline/call.ts";
import { CustomResources } from "../server/pipeline/custom-resources.ts";
import { EndpointTable } from "../server/pipeline/endpoint-table.ts";
import { addResourceEndpoints } from "../server/pipeline/endpoints.ts";
import { InProcessClient } from "../server/pipeline/in-process-client.ts";
import { Pipeline } from "../server/pipeline/pipeline.ts";
import { objectViews, specialEndpoints } from "../server/pipeline/special-endpoints.ts";
import { builtinTypes } from "../server/registry/builtin-types.ts";
import { Registry } from "../server/registry/registry.ts";
import { resourceDefinitions } from "../server/registry/resources.ts";
import { ServiceAllocation } from "../server/registry/service-allocation.ts";
import { compactAtIntervals } from "../server/storage/compactor.ts";
import type { Storage } from "../server/storage/contract.ts";
import { openMemoryStorage } from "../server/storage/memory-storage.ts";
import { accessOf } from "./access.ts";
import { admissionChain } from "./admission-chain.ts";
import { advertiseAddress } from "./advertise-address.ts";
import { allocationObjects } from "./allocation-objects.ts";
import { authenticatorsOf, tokenIssuers } from "./authentication.ts";
import { loginSettings } from "./authentication-file.ts";
import { Authorization } from "./authorization.ts";
import { authorizersOfFile, wantedAuthorizers } from "./authorization-file.ts";
import { bootstrap, keepFlowControl } from "./bootstrap.ts";
import { checkOptions } from "./check-options.ts";
import { type ClusterOptions, readOption, UsageError } from "./cluster-options.ts";
import { openConfiguration } from "./configuration-file.ts";
import { startClusterControllers, wantedControllers } from "./controllers.ts";
import { flagsOf } from "./flags.ts";
import { kubeconfig } from "./kubeconfig.ts";
import { certificateAuthority } from "./pki/certificate-authority.ts";
import { type ClusterPki, persistentPki, temporaryPki } from "./pki/cluster-pki.ts";
import { parsePortRange, parseServiceRanges } from "./service-ranges.ts";
import { systemClock, systemRandom } from "./system-clock.ts";
import { serviceAccountTokens, tokenSettings } from "./tokens.ts";

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

const defaults = {
  name: "kubefacade",
  bindAddress: "127.0.0.1",
  serviceClusterIpRange: "10.0.0.0/24",
  serviceNodePortRange: "30000-32767",
  maxRequestsInflight: 400,
  maxMutatingRequestsInflight: 200,
  minRequestTimeout: 1800,
  eventTtl: 3600,
  etcdCompactionInterval: 300,
  controllers: ["*"] as readonly string[],
  defaultNotReadyTolerationSeconds: 300,
  defaultUnreachableTolerationSeconds: 300,
  serviceAccountIssuer: "https://kubernetes.default.svc.cluster.local" as string | readonly string[],
};

/** Largest request body that upstream takes, in bytes. */
const maxRequestBodyBytes = 3 * 1024 * 1024;

/** Starts a cluster; several live in one process. Rejects with a UsageError for options that cannot be meant. */
export async function createCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const clock = options.clock ?? systemClock;
  const random = options.random ?? systemRandom;
  const settings = settingsOf(options);
  const startTime = clock.now();
  const gates = readOption(() =>
    options.featureGates ? parseFeatureGates(options.featureGates) : defaultFeatureGates(),
  );
  checkOptions(settings, gates);
  const authorizationFile = await openConfiguration(options.authorizationConfig);
  const authorizers = await wantedAuthorizers(settings, authorizationFile);
  const authorization = new Authorization(authorizers, {
    ...{ gates, clock, random },
    ...(options.authorizationPolicyFile === undefined ? {} : { policyFile: options.authorizationPolicyFile }),
  });
  const { authorizer } = authorization;
  const tokenOptions = tokenSettings(settings, pkiDirectory(settings));
  const { issuers: ownIssuers } = tokenOptions;
  const logins = await loginSettings(options, { anonymousAuth: settings.anonymousAuth, ownIssuers });
  const controllers = wantedControllers(settings.controllers);
  const advertised = options.advertiseAddress ?? advertiseAddress(settings.bindAddress);
  const ranges = parseServiceRanges(settings.serviceClusterIpRange);
  const ports = parsePortRange(settings.serviceNodePortRange);
  const pki = await pkiOf(settings, clock, random);
  const clientCa = [pki.authority.certificate, options.clientCa ?? ""].join("\n");
  const { requestHeader } = options;
  const storage = await openStorage(options, clock);
  const ending = new AbortController();
  try {
    const registry = new Registry(storage, clock);
    const tables = loadTables();
    const runtimeConfig = readOption(() => parseRuntimeConfig(options.runtimeConfig ?? []));
    const infos = enabledResources(tables.resources, { runtimeConfig, gates });
    const endpoints = new EndpointTable();
    const context: PipelineContext = {
      clock,
      random,
      gates,
      authorizer,
      admission: admissionChain(settings, {
        ...{ registry, gates, clock, random, authorizer, endpoints },
        client: () => client,
      }),
      maxRequestBodyBytes,
      minRequestTimeoutSeconds: settings.minRequestTimeout,
    };
    const pipeline = new Pipeline(context, endpoints);
    const userAgent = `kube-apiserver/${kubernetesVersion}`;
    const discovery = new Discovery(infos);
    const connection = {
      pipeline,
      preferredResources: () => preferredResources(discovery.served),
      servedResources: () => discovery.served.flatMap(({ resources }) => resources),
    };
    const client = new InProcessClient({ ...connection, user: serverUser, userAgent });
    const onError = options.onError ?? ((error: unknown) => console.error(error));
    const { tokens, legacyTokens } = serviceAccountTokens({
      ...{ settings: tokenOptions, registry, client, clock, random, onError },
    });
    const following = { clock, random, signal: ending.signal, onError };
    const issuers = await tokenIssuers(logins, { ownIssuers, ...following });
    const authenticators = authenticatorsOf(settings, { tokens, legacyTokens, issuers, clock, random });
    const definitions = resourceDefinitions({
      eventTtlSeconds: settings.eventTtl,
      serviceHooks: new ServiceAllocation({
        objects: allocationObjects(client),
        families: ranges.families,
        nodePortRange: ports,
      }),
      access: accessOf(authorizer, client, endpoints),
    });
    const special = specialEndpoints({
      ...{ registry, context, authenticators, tokens, tokenLimits: tokenOptions.limits },
    });
    const views = objectViews(context);
    for (const type of builtinTypes(infos, definitions, gates)) {
      addResourceEndpoints(endpoints, registry.add(type), special, views);
    }
    const metrics = new RequestMetrics(clock, (info) =>
      info.isResource ? endpoints.find(info) !== undefined : paths.find(info.path) !== undefined,
    );
    const flows = new FlowClassifier(registry);
    const paths = new PathRoutes();
    const state = { started: false, failure: undefined as Error | undefined, address: "", advertised: "" };
    void storage.failed.then((failure) => {
      state.failure = failure;
    });
    addServerPaths(paths, {
      gates,
      metrics,
      discovery,
      address: () => state.advertised,
      status: { clock, startTime, flags: () => flagsOf(settings, { advertised, address: state.address }) },
      health: {
        storage() {
          if (state.failure) throw state.failure;
        },
        shuttingDown: () => ending.signal.aborted,
        started: () => state.started,
        rbac: authorizers.some(({ type }) => type === "RBAC"),
      },
    });
    const customResources = new CustomResources({
      registry,
      endpoints,
      context,
      builtIn: infos,
      publish: (resources) => discovery.setCustom(resources),
      onError,
    });
    compactAtIntervals({ storage, interval: settings.etcdCompactionInterval * 1000, ...following });
    // Past admission and authorization: they go with their definition.
    const stored = new Pipeline(
      { ...context, admission: new AdmissionChain([]), authorizer: alwaysAllow },
      customResources.storedEndpoints,
    );
    const definitionControllers = new DefinitionControllers({
      client,
      instances: new InProcessClient({ ...connection, pipeline: stored, user: serverUser, userAgent }),
      ...following,
    });
    const documents = { files: generatedOpenApiFiles(), resources: infos, gates };
    addOpenIdPaths(paths, tokens, {
      address: () => state.advertised,
      ...(options.serviceAccountJwksUri ? { jwksUri: options.serviceAccountJwksUri } : {}),
    });
    addOpenApiPaths(paths, new OpenApi({ ...documents, definitions: () => customResources.definitions }), {
      clock,
    });
    const server = new HttpServer({
      tls: {
        key: options.tls?.key ?? pki.server.key,
        cert: options.tls?.cert ?? pki.server.certificate,
      },
      authorities: { clients: clientCa, ...(requestHeader ? { proxies: requestHeader.clientCa } : {}) },
      authenticators,
      isAnonymous: logins.isAnonymous,
      authorizer,
      constrainedImpersonation: gates.enabled("ConstrainedImpersonation"),
      maxRequestsInFlight: settings.maxRequestsInflight,
      maxMutatingRequestsInFlight: settings.maxMutatingRequestsInflight,
      resources: new ResourceHandler(pipeline, { clock, gates }),
      paths,
      flows,
      metrics,
      clock,
      random,
      onUnexpectedError: onError,
    });
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
    await flows.start(ending.signal);
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
    state.started = true;
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

/** Where everything is allowed, requests without credentials are refused. Source: ApplyAuthorization. */
function settingsOf(options: ClusterOptions) {
  const settings = { ...defaults, ...options };
  const { authorizationMode = [], anonymousAuth = true } = settings;
  return { ...settings, anonymousAuth: anonymousAuth && !authorizationMode.includes("AlwaysAllow") };
}

/** undefined for a cluster that keeps nothing. */
const pkiDirectory = ({ storage, dataDir }: ClusterOptions): string | undefined =>
  storage === "memory" || dataDir === undefined ? undefined : join(dataDir, "pki");

function pkiOf(
  settings: typeof defaults & ClusterOptions,
  clock: Clock,
  random: Random,
): Promise<ClusterPki> | ClusterPki {
  const { bindAddress } = settings;
  const wildcard = bindAddress === "0.0.0.0" || bindAddress === "::";
  const names = {
    dnsNames: [
      "localhost",
      "kubernetes",
      "kubernetes.default",
      "kubernetes.default.svc",
      "kubernetes.default.svc.cluster.local",
    ],
    ipAddresses: [...new Set(["127.0.0.1", "::1", ...(wildcard ? [] : [bindAddress])])],
  };
  const directory = pkiDirectory(settings);
  return directory === undefined
    ? temporaryPki(clock, random, names)
    : persistentPki(directory, clock, random, names);
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
