import { enabledResources, parseRuntimeConfig } from "../api/runtime-config.ts";
import { loadTables } from "../api/schema/tables.ts";
import { DefinitionControllers } from "../controllers/custom-resource-definitions/definition-controllers.ts";
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
import { accessOf } from "./access.ts";
import { admissionChain } from "./admission-chain.ts";
import { allocationObjects } from "./allocation-objects.ts";
import { authenticatorsOf, tokenIssuers } from "./authentication.ts";
import { readOption } from "./cluster-options.ts";
import type { ClusterPlan } from "./cluster-plan.ts";
import { flagsOf } from "./flags.ts";
import { serviceAccountTokens } from "./tokens.ts";

/** Largest request body that upstream takes, in bytes. */
const maxRequestBodyBytes = 3 * 1024 * 1024;

/** What a cluster consists of, put together but not serving yet. */
export type ClusterParts = Awaited<ReturnType<typeof assembleCluster>>;

/** signal aborts when the cluster ends. */
export async function assembleCluster(plan: ClusterPlan, storage: Storage, signal: AbortSignal) {
  const { options, settings, clock, random, gates, startTime, tokenOptions, logins, hasRbac } = plan;
  const { advertised, ranges, ports, pki, clientCa, onError } = plan;
  const { authorizer } = plan.authorization;
  const { issuers: ownIssuers } = tokenOptions;
  const { requestHeader } = options;
  const following = { clock, random, signal, onError };
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
  const { tokens, legacyTokens } = serviceAccountTokens({
    ...{ settings: tokenOptions, registry, client, clock, random, onError },
  });
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
      shuttingDown: () => signal.aborted,
      started: () => state.started,
      rbac: hasRbac,
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
  return {
    ...{ server, client, connection, infos, state, flows, legacyTokens, following },
    ...{ customResources, definitionControllers },
  };
}
