import { goQuote } from "../../../api/go-format.ts";
import type { KubeObject } from "../../../api/object.ts";
import type { Schemas } from "../../../api/types.ts";
import { isMirrorPod } from "../../auth/node/pod-references.ts";
import { objectOf } from "../attributes.ts";
import { core, nodes, pods } from "../objects.ts";
import { type NodeCheck, refuse, unclear } from "./node-request.ts";
import type { NodePod } from "./pods.ts";

type Request = KubeObject & {
  spec: Schemas["io.k8s.api.certificates.v1beta1.PodCertificateRequestSpec"];
};

/** A kubelet asks for certificates of the pods on its node, of which all must be said as it is. */
export const checkPodCertificateRequest: NodeCheck = async (request) => {
  const { attributes, node, objects } = request;
  const { operation, subresource, namespace } = attributes;
  if (operation !== "CREATE") throw refuse(request, `unexpected operation ${operation}`);
  if (subresource !== "") throw refuse(request, `unexpected subresource ${subresource}`);
  const { spec } = objectOf<Request>(attributes);
  if (spec.nodeName !== node) {
    throw refuse(
      request,
      `PodCertificateRequest.Spec.NodeName=${goQuote(spec.nodeName)}, which is not the requesting node ${goQuote(node)}`,
    );
  }
  const podName = goQuote(`${namespace}/${spec.podName}`);
  const own = await objects.get(nodes, "", node);
  if (!own) throw missing("node", goQuote(node), node);
  if (own.metadata.uid !== spec.nodeUID) {
    throw unclear(
      `PodCertificateRequest for pod ${podName} names node UID ${goQuote(spec.nodeUID)}, inconsistent with the running node (${goQuote(own.metadata.uid ?? "")})`,
    );
  }
  const pod = (await objects.get(pods, namespace, spec.podName)) as NodePod | undefined;
  if (!pod) throw missing("pod", podName, spec.podName);
  const { uid = "" } = pod.metadata;
  if (spec.podUID !== uid) {
    throw unclear(
      `PodCertificateRequest for pod ${podName} contains pod UID (${goQuote(spec.podUID)}) which differs from running pod ${goQuote(uid)}`,
    );
  }
  if (pod.spec.nodeName !== node) {
    throw refuse(
      request,
      `pod ${podName} is not running on node ${goQuote(node)} named in the PodCertificateRequest`,
    );
  }
  if (isMirrorPod(pod)) throw refuse(request, `pod ${podName} is a mirror pod`);
  const account = pod.spec.serviceAccountName ?? "";
  if (spec.serviceAccountName !== account) {
    throw refuse(
      request,
      `PodCertificateRequest for pod ${podName} contains serviceAccountName (${goQuote(spec.serviceAccountName)}) that differs from running pod (${goQuote(account)})`,
    );
  }
  const found = await objects.get(core("serviceaccounts"), namespace, account);
  if (!found) throw missing("service account", goQuote(`${namespace}/${account}`), account, "serviceaccount");
  if (spec.serviceAccountUID !== found.metadata.uid) {
    throw unclear(
      `PodCertificateRequest for pod ${podName} names service account UID ${goQuote(spec.serviceAccountUID)}, which differs from the running service account (${goQuote(found.metadata.uid ?? "")})`,
    );
  }
};

const missing = (what: string, shown: string, name: string, resource = what) =>
  unclear(
    `while retrieving ${what} ${shown} named in the PodCertificateRequest: ${resource} ${goQuote(name)} not found`,
  );
