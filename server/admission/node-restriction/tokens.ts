import type { Volume } from "../../../api/core-types.ts";
import { goQuote } from "../../../api/go-format.ts";
import type { KubeObject } from "../../../api/object.ts";
import type { Schemas } from "../../../api/types.ts";
import type { Authorizer } from "../../auth/authorizer.ts";
import { objectOf } from "../attributes.ts";
import { core } from "../objects.ts";
import { type NodeCheck, type NodeRequest, refuse } from "./node-request.ts";
import { type NodePod, podOf } from "./pods.ts";

type TokenRequest = KubeObject & { spec: Schemas["io.k8s.api.authentication.v1.TokenRequestSpec"] };
type CsiDriver = Schemas["io.k8s.api.storage.v1.CSIDriver"];
type VolumeClaim = Schemas["io.k8s.api.core.v1.PersistentVolumeClaim"];
type PersistentVolume = Schemas["io.k8s.api.core.v1.PersistentVolume"];

const csiDrivers = { group: "storage.k8s.io", resource: "csidrivers" };

/** A kubelet gets tokens only for the pods on its node; authorizer: and for audiences that these name. */
export function checkTokenRequest(authorizer: Authorizer | undefined): NodeCheck {
  return async (request) => {
    const { spec } = objectOf<TokenRequest>(request.attributes);
    const { apiVersion, kind, name, uid } = spec.boundObjectRef ?? {};
    if (apiVersion !== "v1" || kind !== "Pod" || !name)
      throw refuse(request, "node requested token not bound to a pod");
    if (!uid) throw refuse(request, "node requested token with a pod binding without a uid");
    const pod = await podOf(request, name);
    if (uid !== pod.metadata.uid) {
      throw refuse(
        request,
        `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
      );
    }
    if (pod.spec.nodeName !== request.node)
      throw refuse(request, "node requested token bound to a pod scheduled on a different node");
    if (authorizer) await checkAudience(request, authorizer, spec.audiences ?? [], pod);
  };
}

async function checkAudience(
  request: NodeRequest,
  authorizer: Authorizer,
  audiences: readonly string[],
  pod: NodePod,
): Promise<void> {
  if (audiences.length > 1) throw refuse(request, "node may only request 0 or 1 audiences");
  const [audience = ""] = audiences;
  const problems: string[] = [];
  for (const volume of pod.spec.volumes ?? []) {
    const found = await namesAudience(request, pod, volume, audience);
    if (found === true) return;
    if (found !== false) problems.push(found.problem);
  }
  if (problems.length > 0) {
    const text = problems.length === 1 ? problems[0]! : `[${[...new Set(problems)].join(", ")}]`;
    throw refuse(request, `error validating audience ${goQuote(audience)}: ${text}`);
  }
  const { user, namespace, name } = request.attributes;
  const { allowed } = await authorizer.authorize({
    user,
    verb: "request-serviceaccounts-token-audience",
    path: "",
    resource: { group: "", version: "v1", resource: audience, subresource: "", namespace, name },
  });
  if (allowed) return;
  throw refuse(
    request,
    `audience ${goQuote(audience)} not found in pod spec volume, ${user.name} is not authorized to request tokens for this audience`,
  );
}

type Answer = boolean | { problem: string };

/** Whether the volume brings tokens of that audience, by itself or through its CSI driver. */
async function namesAudience(
  request: NodeRequest,
  pod: NodePod,
  volume: Volume,
  audience: string,
): Promise<Answer> {
  const sources = volume.projected?.sources ?? [];
  const isAsked = ({ serviceAccountToken }: (typeof sources)[number]) =>
    serviceAccountToken && (serviceAccountToken.audience ?? "") === audience;
  if (sources.some(isAsked)) return true;
  const driver = await driverOf(request, pod, volume);
  if (typeof driver === "object") return driver;
  if (driver === "") return false;
  const found = (await request.objects.get(csiDrivers, "", driver)) as CsiDriver | undefined;
  if (!found) return missing("csidriver.storage.k8s.io", driver);
  return (found.spec.tokenRequests ?? []).some((one) => (one.audience ?? "") === audience);
}

const missing = (kind: string, name: string) => ({ problem: `${kind} ${goQuote(name)} not found` });

async function driverOf(
  { objects, attributes }: NodeRequest,
  { metadata }: NodePod,
  { name, csi, ephemeral, persistentVolumeClaim }: Volume,
): Promise<string | { problem: string }> {
  const claimName = ephemeral?.volumeClaimTemplate
    ? `${metadata.name}-${name}`
    : persistentVolumeClaim?.claimName;
  if (claimName === undefined) return csi?.driver ?? "";
  const claim = await objects.get(core("persistentvolumeclaims"), attributes.namespace, claimName);
  if (!claim) return missing("persistentvolumeclaim", claimName);
  const volumeName = (claim as VolumeClaim).spec?.volumeName ?? "";
  const volume = await objects.get(core("persistentvolumes"), "", volumeName);
  if (!volume) return missing("persistentvolume", volumeName);
  return (volume as PersistentVolume).spec?.csi?.driver ?? "";
}
