import type { Container, PodSpec } from "../../../api/core-types.ts";
import type { ServiceAccount } from "../plugins/service-account.ts";

type Part = "pod" | "ephemeral";

/** The first secret of a pod that its account does not list, in upstream's words. Source: limitSecretReferences. */
export function unlistedSecret(account: ServiceAccount, spec: PodSpec, part: Part): string | undefined {
  const listed = new Set((account.secrets ?? []).map(({ name }) => name));
  const tail = `is not allowed because service account ${account.metadata.name} does not reference that`;
  const inContainers = (containers: readonly Container[] = [], what: string): string | undefined => {
    for (const { name, env = [], envFrom = [] } of containers) {
      const variable = env.find(({ valueFrom }) => isUnlisted(valueFrom?.secretKeyRef));
      if (variable) {
        const secret = variable.valueFrom?.secretKeyRef?.name ?? "";
        return `${what} ${name} with envVar ${variable.name} referencing secret.secretName="${secret}" ${tail} secret`;
      }
      const source = envFrom.find(({ secretRef }) => isUnlisted(secretRef));
      if (source) {
        const secret = source.secretRef?.name ?? "";
        return `${what} ${name} with envFrom referencing secret.secretName="${secret}" ${tail} secret`;
      }
    }
    return undefined;
  };
  const isUnlisted = (reference: { name?: string } | undefined): boolean =>
    reference !== undefined && !listed.has(reference.name ?? "");
  if (part === "ephemeral") {
    return inContainers(spec.ephemeralContainers as Container[] | undefined, "ephemeral container");
  }
  const volume = spec.volumes?.find(({ secret }) => secret && !listed.has(secret.secretName ?? ""));
  if (volume) return `volume with secret.secretName="${volume.secret?.secretName ?? ""}" ${tail} secret`;
  return (
    inContainers(spec.initContainers, "init container") ??
    inContainers(spec.containers, "container") ??
    unlistedPullSecret(account, spec, tail)
  );
}

function unlistedPullSecret(
  { imagePullSecrets = [] }: ServiceAccount,
  spec: PodSpec,
  tail: string,
): string | undefined {
  const own = spec.imagePullSecrets ?? [];
  const at = own.findIndex((one) => !imagePullSecrets.some(({ name }) => (name ?? "") === (one.name ?? "")));
  return at < 0 ? undefined : `imagePullSecrets[${at}].name="${own[at]!.name ?? ""}" ${tail} imagePullSecret`;
}
