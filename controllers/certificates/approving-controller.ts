import type { KubeObject } from "../../api/object.ts";
import { again, WorkQueue } from "../../client/work-queue.ts";
import type { ControllerContext } from "../controller.ts";
import {
  hasCondition,
  kubeletClientProblem,
  parseRequest,
  type SigningRequest,
  signers,
  signingRequestsResource,
  withCondition,
} from "./certificate-requests.ts";

const workers = 5;
const reviews = { group: "authorization.k8s.io", version: "v1", resource: "subjectaccessreviews" } as const;

const messages = {
  selfnodeclient: "Auto approving self kubelet client certificate after SubjectAccessReview.",
  nodeclient: "Auto approving kubelet client certificate after SubjectAccessReview.",
} as const;

/** Approves what kubelets ask for, if they may. Source: pkg/controller/certificates/approver/sarapprove.go. */
export function makeCertificateApprovingController(context: ControllerContext): void {
  const { client, clock, signal, onError, informers, ready } = context;
  const requests = informers.of<SigningRequest>(signingRequestsResource);
  const queue = new WorkQueue({
    ...{ clock, signal, onError, ready, workers },
    async work(name) {
      const request = requests.objects.get(name);
      if (!request || request.status?.certificate || hasCondition(request, "Approved", "Denied")) return;
      const rights = rightsFor(request);
      for (const subresource of rights) {
        if (!(await isAllowed(context, request, subresource))) continue;
        const approved = withCondition(request, {
          ...{ type: "Approved", status: "True", reason: "AutoApproved", message: messages[subresource] },
        });
        await client.update(signingRequestsResource, approved, { subresource: "approval" });
        return;
      }
      // It may get the right later.
      if (rights.length > 0) return again;
    },
  });
  requests.onChange((now) => {
    if (now) queue.add(now.metadata.name ?? "");
  });
}

/** Each of which suffices; none: it is not a kubelet's request. */
function rightsFor(request: SigningRequest): (keyof typeof messages)[] {
  const { signerName, usages = [], username } = request.spec;
  if (signerName !== signers.kubeletClient) return [];
  const parsed = parseRequest(request);
  if (kubeletClientProblem(parsed, usages) !== undefined) return [];
  return username === parsed.commonName ? ["selfnodeclient", "nodeclient"] : ["nodeclient"];
}

async function isAllowed(
  { client }: ControllerContext,
  { spec }: SigningRequest,
  subresource: string,
): Promise<boolean> {
  const { username, uid, groups, extra } = spec;
  const { group, resource } = signingRequestsResource;
  const review = {
    ...{ kind: "SubjectAccessReview", apiVersion: "authorization.k8s.io/v1", metadata: {} },
    spec: {
      ...{ user: username, uid, groups, extra },
      resourceAttributes: { group, resource, subresource, verb: "create", version: "*" },
    },
  };
  const answer = (await client.create(reviews, review)) as KubeObject & { status?: { allowed?: boolean } };
  return answer.status?.allowed ?? false;
}
