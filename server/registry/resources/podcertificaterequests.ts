/** Source: pkg/registry/certificates/podcertificaterequest. */
import { goQuote } from "../../../api/go-format.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import { semanticEqual } from "../../../api/semantic-equal.ts";
import {
  validatePodCertificateRequest,
  validatePodCertificateRequestUpdate,
} from "../../../api/validation/certificates/pod-certificate-request.ts";
import { validatePodCertificateRequestStatusUpdate } from "../../../api/validation/certificates/pod-certificate-request-status.ts";
import { forbidden } from "../../../api/validation/field.ts";
import type { Access } from "../access.ts";
import { keepMetadata } from "../status-metadata.ts";
import { defineResource, type ResourceDefinition, type WriteContext } from "../strategy.ts";

type Request = ObjectOf<"io.k8s.api.certificates.v1beta1.PodCertificateRequest">;

export const podCertificateRequests = (access: Access | undefined): ResourceDefinition<Request> =>
  defineResource<Request>({
    group: "certificates.k8s.io",
    resource: "podcertificaterequests",
    strategy: {
      allowUnconditionalUpdate: false,
      prepareForCreate(request) {
        request.status = {};
      },
      validate: validatePodCertificateRequest,
      prepareForUpdate(request, old) {
        request.status = old.status;
      },
      validateUpdate: validatePodCertificateRequestUpdate,
    },
    subresources: {
      status: {
        resetFields: { "certificates.k8s.io/v1beta1": ["spec"] },
        prepareForUpdate(request, old) {
          request.spec = old.spec;
          keepMetadata(request, old);
        },
        validateUpdate: (request, old, { clock }) =>
          validatePodCertificateRequestStatusUpdate(request, old, clock),
        async validateAccess(request, old, { user }) {
          const { signerName } = request.spec;
          if (!access || !old || semanticEqual(request.status, old.status)) return [];
          if (await maySign(access, user, signerName)) return [];
          const detail = `User ${goQuote(user.name)} is not permitted to "sign" for signer ${goQuote(signerName)}`;
          return [forbidden("spec.signerName", detail)];
        },
      },
    },
    selectableFields: {
      "spec.signerName": ({ spec }) => spec.signerName,
      "spec.podName": ({ spec }) => spec.podName,
      "spec.nodeName": ({ spec }) => spec.nodeName,
    },
  });

/** For this signer, or all of its domain. Source: pkg/certauthorization. */
async function maySign(access: Access, user: WriteContext["user"], signerName: string): Promise<boolean> {
  const question = {
    verb: "sign",
    group: "certificates.k8s.io",
    version: "*",
    resource: "signers",
    namespace: "",
  };
  const [domain = ""] = signerName.split("/");
  return (
    (await access.isAllowed(user, { ...question, name: signerName })) ||
    access.isAllowed(user, { ...question, name: `${domain}/*` })
  );
}
