import type { Client } from "../client/client.ts";
import { Informers } from "../client/informer.ts";
import { makeBootstrapSigner } from "./bootstrap-tokens/bootstrap-signer.ts";
import { makeTokenCleaner } from "./bootstrap-tokens/token-cleaner.ts";
import { makeCertificateApprovingController } from "./certificates/approving-controller.ts";
import { makeCertificateCleaningController } from "./certificates/cleaning-controller.ts";
import { makeCertificateSigningController } from "./certificates/signing-controller.ts";
import { makeClusterRoleAggregationController } from "./cluster-role-aggregation/cluster-role-aggregation-controller.ts";
import type { ControllerContext, MakeController } from "./controller.ts";
import { makeCronJobController } from "./cron-job/cron-job-controller.ts";
import { makeDaemonSetController } from "./daemon-set/daemon-set-controller.ts";
import { makeDeploymentController } from "./deployment/deployment-controller.ts";
import { makeDisruptionController } from "./disruption/disruption-controller.ts";
import { makeEndpointSliceController } from "./endpoint-slice/endpoint-slice-controller.ts";
import { makeEndpointSliceMirroringController } from "./endpoint-slice-mirroring/endpoint-slice-mirroring-controller.ts";
import { makeEndpointsController } from "./endpoints/endpoints-controller.ts";
import { makeGarbageCollector } from "./garbage-collector/garbage-collector.ts";
import { makeJobController } from "./job/job-controller.ts";
import { makeNamespaceController } from "./namespace/namespace-controller.ts";
import { makeReplicaSetController, makeReplicationController } from "./replica-set/replica-set-controller.ts";
import { makeResourceQuotaController } from "./resource-quota/resource-quota-controller.ts";
import { makeRootCaCertificatePublisher } from "./root-ca-certificate-publisher/root-ca-certificate-publisher.ts";
import { makeServiceAccountController } from "./service-account/service-account-controller.ts";
import { makeLegacyTokenCleaner } from "./service-account-token/legacy-token-cleaner.ts";
import { makeServiceAccountTokenController } from "./service-account-token/service-account-token-controller.ts";
import { makeServiceCidrController } from "./service-cidr/service-cidr-controller.ts";
import { makeStatefulSetController } from "./stateful-set/stateful-set-controller.ts";
import { makeAttributesClassProtectionController } from "./storage-protection/attributes-class-protection-controller.ts";
import { makeClaimProtectionController } from "./storage-protection/claim-protection-controller.ts";
import { makeVolumeProtectionController } from "./storage-protection/volume-protection-controller.ts";
import { makeTtlController } from "./ttl/ttl-controller.ts";
import { makeTtlAfterFinishedController } from "./ttl-after-finished/ttl-after-finished-controller.ts";

interface ControllerEntry {
  make: MakeController;
  /** The service account in kube-system that it acts as, whose role the server brings along; none: the manager itself. */
  account?: string;
  /** It runs only when it is asked for by its name. */
  isOnDemand?: true;
}

/** By their names in kube-controller-manager's flag --controllers. Source: cmd/kube-controller-manager/names. */
const controllers: Readonly<Record<string, ControllerEntry>> = {
  "bootstrap-signer-controller": { make: makeBootstrapSigner, account: "bootstrap-signer", isOnDemand: true },
  "certificatesigningrequest-approving-controller": {
    make: makeCertificateApprovingController,
    account: "certificate-controller",
  },
  "certificatesigningrequest-cleaner-controller": {
    make: makeCertificateCleaningController,
    account: "certificate-controller",
  },
  "certificatesigningrequest-signing-controller": {
    make: makeCertificateSigningController,
    account: "certificate-controller",
  },
  "clusterrole-aggregation-controller": {
    make: makeClusterRoleAggregationController,
    account: "clusterrole-aggregation-controller",
  },
  "cronjob-controller": { make: makeCronJobController, account: "cronjob-controller" },
  "daemonset-controller": { make: makeDaemonSetController, account: "daemon-set-controller" },
  "deployment-controller": { make: makeDeploymentController, account: "deployment-controller" },
  "disruption-controller": { make: makeDisruptionController, account: "disruption-controller" },
  "endpoints-controller": { make: makeEndpointsController, account: "endpoint-controller" },
  "endpointslice-mirroring-controller": {
    make: makeEndpointSliceMirroringController,
    account: "endpointslicemirroring-controller",
  },
  "endpointslice-controller": { make: makeEndpointSliceController, account: "endpointslice-controller" },
  "garbage-collector-controller": { make: makeGarbageCollector, account: "generic-garbage-collector" },
  "job-controller": { make: makeJobController, account: "job-controller" },
  "legacy-serviceaccount-token-cleaner-controller": {
    make: makeLegacyTokenCleaner,
    account: "legacy-service-account-token-cleaner",
  },
  "namespace-controller": { make: makeNamespaceController, account: "namespace-controller" },
  "persistentvolume-protection-controller": {
    make: makeVolumeProtectionController,
    account: "pv-protection-controller",
  },
  "persistentvolumeclaim-protection-controller": {
    make: makeClaimProtectionController,
    account: "pvc-protection-controller",
  },
  "replicaset-controller": { make: makeReplicaSetController, account: "replicaset-controller" },
  "replicationcontroller-controller": { make: makeReplicationController, account: "replication-controller" },
  "resourcequota-controller": { make: makeResourceQuotaController, account: "resourcequota-controller" },
  "service-cidr-controller": { make: makeServiceCidrController, account: "service-cidrs-controller" },
  "serviceaccount-controller": { make: makeServiceAccountController, account: "service-account-controller" },
  "serviceaccount-token-controller": { make: makeServiceAccountTokenController },
  "root-ca-certificate-publisher-controller": {
    make: makeRootCaCertificatePublisher,
    account: "root-ca-cert-publisher",
  },
  "statefulset-controller": { make: makeStatefulSetController, account: "statefulset-controller" },
  "token-cleaner-controller": { make: makeTokenCleaner, account: "token-cleaner", isOnDemand: true },
  "ttl-after-finished-controller": {
    make: makeTtlAfterFinishedController,
    account: "ttl-after-finished-controller",
  },
  "ttl-controller": { make: makeTtlController, account: "ttl-controller" },
  "volumeattributesclass-protection-controller": {
    make: makeAttributesClassProtectionController,
    account: "volumeattributesclass-protection-controller",
  },
};

export const controllerNames: readonly string[] = Object.keys(controllers);

/** Those that "*" means. */
export const defaultControllerNames: readonly string[] = controllerNames.filter(
  (name) => !controllers[name]!.isOnDemand,
);

/** What controllers work with, and what is made for each of them. */
export interface ControllerManagerOptions
  extends Omit<ControllerContext, "client" | "reader" | "informers" | "ready"> {
  /** Names of those that are to run. */
  controllers: readonly string[];
  /** A client that acts as a service account in kube-system, or as kube-controller-manager. */
  clientOf(account: string | undefined): Client;
  /** Reads for all of them. */
  client: Client;
}

/** Runs the controllers until the signal aborts; resolves when they know what there is. */
export async function startControllers(options: ControllerManagerOptions): Promise<void> {
  const { clientOf, client, controllers: names, ...shared } = options;
  const { clock, random, signal, onError } = options;
  const informers = new Informers({ client, clock, random, signal, onError });
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  for (const name of names) {
    const { make, account } = controllers[name]!;
    make({ ...shared, client: clientOf(account), reader: client, informers, ready });
  }
  await informers.start();
  resolve();
}
