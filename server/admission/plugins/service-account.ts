import type { Clock, Random } from "../../../api/clock.ts";
import type { Container, Pod, PodSpec, VolumeMount } from "../../../api/core-types.ts";
import { parseGoBool } from "../../../api/go-bool.ts";
import type { ObjectMeta } from "../../../api/object.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import { StatusError } from "../../../api/status.ts";
import { isMirrorPod, namedReferences } from "../../auth/node/pod-references.ts";
import { type AdmissionAttributes, denied, objectOf } from "../attributes.ts";
import type { AdmissionPlugin } from "../chain.ts";
import { type AdmissionObjects, core } from "../objects.ts";
import { tokenVolume } from "../service-account/token-volume.ts";
import { unlistedSecret } from "../service-account/unlisted-secret.ts";

export interface ServiceAccountDependencies {
  objects: AdmissionObjects;
  clock: Clock;
  random: Random;
  /** A name that nothing else has. */
  generateName(base: string): string;
}

export type ServiceAccount = ObjectOf<"io.k8s.api.core.v1.ServiceAccount">;
type AccountPod = Pod & { metadata: ObjectMeta; spec: PodSpec };

const serviceAccounts = core("serviceaccounts");
const defaultName = "default";
/** The default account comes soon after its namespace: so often it is looked for. */
const attempts = 10;

const mountPath = "/var/run/secrets/kubernetes.io/serviceaccount";
const volumePrefix = "kube-api-access-";

/** Pods run as an account of their namespace, and carry its token. Source: plugin/pkg/admission/serviceaccount. */
export function serviceAccount(dependencies: ServiceAccountDependencies): AdmissionPlugin {
  const accounts = new Accounts(dependencies);
  const admit = async (attributes: AdmissionAttributes): Promise<void> => {
    const pod = objectOf<AccountPod>(attributes);
    if (isMirrorPod(pod)) return checkMirrorPod(attributes, pod);
    pod.spec.serviceAccountName ||= defaultName;
    const account = await accounts.of(attributes);
    if (pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true) {
      mountToken(pod.spec, dependencies.generateName);
    }
    if (!pod.spec.imagePullSecrets?.length && account.imagePullSecrets?.length) {
      pod.spec.imagePullSecrets = account.imagePullSecrets.map(({ name }) => ({ ...(name ? { name } : {}) }));
    }
    checkSecrets(attributes, account);
  };
  const validate = async (attributes: AdmissionAttributes): Promise<void> => {
    const pod = objectOf<AccountPod>(attributes);
    if (isMirrorPod(pod)) return checkMirrorPod(attributes, pod);
    checkSecrets(attributes, await accounts.of(attributes));
  };
  const validateEphemeral = async (attributes: AdmissionAttributes): Promise<void> => {
    const account = await accounts.of(attributes);
    const problem = isStrict(account)
      ? unlistedSecret(account, objectOf<AccountPod>(attributes).spec, "ephemeral")
      : undefined;
    // Upstream says it in an error of no kind that the API knows.
    if (problem !== undefined) throw new StatusError(500, "", problem);
  };
  return {
    name: "ServiceAccount",
    rules: [
      { operations: ["CREATE"], resources: ["pods"], admit, validate },
      { operations: ["UPDATE"], resources: ["pods/ephemeralcontainers"], validate: validateEphemeral },
    ],
  };
}

class Accounts {
  readonly #dependencies: ServiceAccountDependencies;

  constructor(dependencies: ServiceAccountDependencies) {
    this.#dependencies = dependencies;
  }

  /** The account that the pod names; refuses the pod where there is none. */
  async of(attributes: AdmissionAttributes): Promise<ServiceAccount> {
    const { namespace } = attributes;
    const { metadata, spec } = objectOf<AccountPod>(attributes);
    const name = spec.serviceAccountName;
    if (!name) {
      throw denied(attributes, `no service account specified for pod ${namespace}/${metadata.name ?? ""}`);
    }
    const found = await this.#find(namespace, name);
    if (found) return found;
    throw denied(
      attributes,
      `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`,
    );
  }

  async #find(namespace: string, name: string): Promise<ServiceAccount | undefined> {
    const { objects, clock, random } = this.#dependencies;
    const get = () => objects.get(serviceAccounts, namespace, name) as Promise<ServiceAccount | undefined>;
    const known = await get();
    if (known || name !== defaultName) return known;
    const pause = 100 + Math.floor(random.next() * 100);
    for (let attempt = 1; attempt < attempts; attempt++) {
      await new Promise<void>((resolve) => void clock.setTimer(pause, resolve));
      const found = await get();
      if (found) return found;
    }
    return undefined;
  }
}

function checkMirrorPod(attributes: AdmissionAttributes, pod: AccountPod): void {
  const { serviceAccountName, volumes = [] } = pod.spec;
  if (serviceAccountName) throw denied(attributes, "a mirror pod may not reference service accounts");
  if (namedReferences(pod as Parameters<typeof namedReferences>[0]).secrets.length > 0) {
    throw denied(attributes, "a mirror pod may not reference secrets");
  }
  const hasToken = volumes.some(({ projected }) =>
    projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken),
  );
  if (hasToken) throw denied(attributes, "a mirror pod may not use ServiceAccountToken volume projections");
}

/** An account may say that its pods see the secrets only that it lists. */
const isStrict = ({ metadata }: ServiceAccount): boolean =>
  parseGoBool(metadata.annotations?.["kubernetes.io/enforce-mountable-secrets"] ?? "") ?? false;

function checkSecrets(attributes: AdmissionAttributes, account: ServiceAccount): void {
  if (!isStrict(account)) return;
  const problem = unlistedSecret(account, objectOf<AccountPod>(attributes).spec, "pod");
  if (problem !== undefined) throw denied(attributes, problem);
}

/** Mounts the account's token where a container has nothing in its place. */
function mountToken(spec: PodSpec, generateName: (base: string) => string): void {
  const existing = spec.volumes?.find(({ name }) => name.startsWith(volumePrefix));
  const name = existing?.name ?? generateName(volumePrefix);
  const mount: VolumeMount = { name, readOnly: true, mountPath };
  const without = (container: Container): boolean =>
    !container.volumeMounts?.some((one) => one.mountPath === mountPath);
  const bare = [...(spec.initContainers ?? []), ...(spec.containers ?? [])].filter(without);
  for (const container of bare) container.volumeMounts = [...(container.volumeMounts ?? []), { ...mount }];
  if (!existing && bare.length > 0) spec.volumes = [...(spec.volumes ?? []), tokenVolume(name)];
}
