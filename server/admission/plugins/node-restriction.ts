import type { FeatureGates } from "../../../api/feature-gates.ts";
import { goDiff } from "../../../api/go-diff.ts";
import { goQuote } from "../../../api/go-format.ts";
import { goMetaValue, goValue } from "../../../api/go-value.ts";
import type { JsonValue, KubeObject } from "../../../api/object.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import { semanticEqual } from "../../../api/semantic-equal.ts";
import {
  goPersistentVolumeClaimSpec,
  goPersistentVolumeClaimStatus,
} from "../../../api/validation/core/persistent-volume-layout.ts";
import {
  CertificateRequestError,
  parsePemCertificateRequest,
} from "../../../api/x509/certificate-request.ts";
import type { Authorizer } from "../../auth/authorizer.ts";
import { nodeOf } from "../../auth/node/node-authorizer.ts";
import { type AdmissionAttributes, type Operation, objectOf, oldObjectOf } from "../attributes.ts";
import type { AdmissionPlugin, AdmissionRule } from "../chain.ts";
import { type NodeCheck, type NodeRequest, refuse } from "../node-restriction/node-request.ts";
import { checkNode } from "../node-restriction/nodes.ts";
import { checkPodCertificateRequest } from "../node-restriction/pod-certificate-requests.ts";
import { checkEviction, checkPod, checkPodStatus, refusePodSubresource } from "../node-restriction/pods.ts";
import { checkTokenRequest } from "../node-restriction/tokens.ts";
import type { AdmissionObjects } from "../objects.ts";

type Claim = ObjectOf<"io.k8s.api.core.v1.PersistentVolumeClaim">;
type SigningRequest = ObjectOf<"io.k8s.api.certificates.v1.CertificateSigningRequest">;
interface ResourceSlice extends KubeObject {
  spec: { nodeName?: string };
}

interface Dependencies {
  objects: AdmissionObjects;
  gates: FeatureGates;
  authorizer: Authorizer;
}

const writes: readonly Operation[] = ["CREATE", "UPDATE", "DELETE"];

/** Kubelets write nothing but what is of their node. Source: plugin/pkg/admission/noderestriction. */
export function nodeRestriction({ objects, gates, authorizer }: Dependencies): AdmissionPlugin {
  const rule = (
    operations: readonly Operation[],
    resources: AdmissionRule["resources"],
    check: NodeCheck,
  ): AdmissionRule => ({
    operations,
    resources,
    admit(attributes) {
      const node = nodeOf(attributes.user);
      if (node !== undefined) return check({ node, attributes, objects });
    },
  });
  const restrictsAudiences = gates.enabled("ServiceAccountNodeAudienceRestriction");
  return {
    name: "NodeRestriction",
    rules: [
      rule(writes, "*", requireNode),
      rule(writes, ["pods"], checkPod),
      rule(["UPDATE"], ["pods/status"], checkPodStatus),
      rule(["CREATE"], ["pods/eviction"], checkEviction),
      rule(writes, ["pods/binding", "pods/ephemeralcontainers", "pods/resize"], refusePodSubresource),
      rule(writes, ["nodes", "nodes/status"], checkNode),
      rule(writes, ["persistentvolumeclaims"], refuseClaim),
      rule(["UPDATE"], ["persistentvolumeclaims/status"], checkClaimStatus(gates)),
      rule(
        ["CREATE"],
        ["serviceaccounts/token"],
        checkTokenRequest(restrictsAudiences ? authorizer : undefined),
      ),
      rule(
        writes,
        ["podcertificaterequests.certificates.k8s.io", "podcertificaterequests.certificates.k8s.io/status"],
        gates.enabled("PodCertificateRequest") ? checkPodCertificateRequest : refusePodCertificates,
      ),
      rule(writes, ["leases.coordination.k8s.io"], checkLease),
      rule(writes, ["csinodes.storage.k8s.io"], checkOwn("CSINode")),
      rule(["CREATE", "DELETE"], ["resourceslices.resource.k8s.io"], checkSlice),
      ...(gates.enabled("AllowInsecureKubeletCertificateSigningRequests")
        ? []
        : [rule(["CREATE"], ["certificatesigningrequests.certificates.k8s.io"], checkSigningRequest)]),
    ],
  };
}

const requireNode: NodeCheck = (request) => {
  if (request.node !== "") return;
  throw refuse(request, `could not determine node from user ${goQuote(request.attributes.user.name)}`);
};

const refuseClaim: NodeCheck = (request) => {
  throw refuse(request, "may only update PVC status");
};

const refusePodCertificates: NodeCheck = (request) => {
  throw refuse(request, "PodCertificateRequest feature gate is disabled");
};

/** A kubelet may say how large a claim has become. */
const checkClaimStatus =
  (gates: FeatureGates): NodeCheck =>
  (request) => {
    const recovers = gates.enabled("RecoverVolumeExpansionFailure");
    const [old, claim] = [oldObjectOf<Claim>(request.attributes), objectOf<Claim>(request.attributes)].map(
      (one) => withoutSize(one, recovers),
    );
    if (semanticEqual(old, claim)) return;
    throw refuse(
      request,
      `node ${goQuote(request.node)} is not allowed to update fields other than status.quantity and status.conditions: ${goDiff(goClaim(old!), goClaim(claim!))}`,
    );
  };

function withoutSize({ metadata, status, ...claim }: Claim, recovers: boolean) {
  const { resourceVersion: _, managedFields: __, ...ownMetadata } = metadata;
  const { capacity: ___, conditions: ____, ...ownStatus } = status ?? {};
  if (recovers) {
    delete ownStatus.allocatedResources;
    delete ownStatus.allocatedResourceStatuses;
  }
  return { ...claim, metadata: ownMetadata, status: ownStatus };
}

/** As the internal type prints. */
const goClaim = ({ metadata, spec, status }: ReturnType<typeof withoutSize>): JsonValue =>
  ({
    ...goMetaValue("ObjectMeta", metadata),
    Spec: goValue(goPersistentVolumeClaimSpec, spec ?? {}),
    Status: goValue(goPersistentVolumeClaimStatus, status),
  }) as unknown as JsonValue;

const nameOf = ({ operation, name, object }: AdmissionAttributes): string | undefined =>
  operation === "CREATE" ? object?.metadata.name : name;

const checkOwn =
  (what: string): NodeCheck =>
  (request) => {
    if (nameOf(request.attributes) === request.node) return;
    throw refuse(request, `can only access ${what} with the same name as the requesting node`);
  };

const checkLeaseName = checkOwn("node lease");

const checkLease: NodeCheck = (request) => {
  const space = "kube-node-lease";
  if (request.attributes.namespace !== space)
    throw refuse(request, `can only access leases in the "${space}" system namespace`);
  return checkLeaseName(request);
};

const checkSlice: NodeCheck = (request) => {
  const { operation, object, oldObject } = request.attributes;
  const { spec } = (operation === "CREATE" ? object : oldObject) as ResourceSlice;
  if (spec.nodeName === request.node) return;
  const verb = operation === "CREATE" ? "create" : "delete";
  throw refuse(request, `can only ${verb} ResourceSlice with the same NodeName as the requesting node`);
};

const kubeletSigners: readonly string[] = [
  "kubernetes.io/kubelet-serving",
  "kubernetes.io/kube-apiserver-client-kubelet",
];

const checkSigningRequest: NodeCheck = (request) => {
  const { signerName, request: pem } = objectOf<SigningRequest>(request.attributes).spec;
  if (!kubeletSigners.includes(signerName)) return;
  const wanted = `system:node:${request.node}`;
  if (commonNameOf(request, pem) !== wanted)
    throw refuse(request, `can only create a node CSR with CN=${wanted}`);
};

function commonNameOf(request: NodeRequest, pem: string): string {
  try {
    return parsePemCertificateRequest(Buffer.from(pem ?? "", "base64").toString("latin1")).commonName;
  } catch (error) {
    if (!(error instanceof CertificateRequestError)) throw error;
    throw refuse(request, `unable to parse csr: ${error.message}`);
  }
}
