/** Source: pkg/registry/certificates/certificates. */
import { timestamp } from "../../../api/clock.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import type { Schemas } from "../../../api/types.ts";
import {
  validateCertificateSigningRequest,
  validateCertificateSigningRequestApprovalUpdate,
  validateCertificateSigningRequestStatusUpdate,
  validateCertificateSigningRequestUpdate,
} from "../../../api/validation/certificates/certificate-signing-request.ts";
import { defineResource } from "../strategy.ts";

type Request = ObjectOf<"io.k8s.api.certificates.v1.CertificateSigningRequest">;
type Condition = Schemas["io.k8s.api.certificates.v1.CertificateSigningRequestCondition"];

const version = "certificates.k8s.io/v1";

export const certificateSigningRequests = defineResource<Request>({
  group: "certificates.k8s.io",
  resource: "certificatesigningrequests",
  strategy: {
    resetFields: { [version]: ["spec", "status"] },
    prepareForCreate(request, { user }) {
      const { username: _, uid: __, groups: ___, extra: ____, ...spec } = request.spec;
      const extra = Object.fromEntries(Object.entries(user.extra ?? {}).map(([key, own]) => [key, [...own]]));
      request.spec = {
        ...spec,
        ...(user.name ? { username: user.name } : {}),
        ...(user.uid ? { uid: user.uid } : {}),
        ...(user.groups.length > 0 ? { groups: [...user.groups] } : {}),
        ...(Object.keys(extra).length > 0 ? { extra } : {}),
      };
      request.status = {};
    },
    validate: validateCertificateSigningRequest,
    prepareForUpdate(request, old) {
      request.spec = old.spec;
      request.status = old.status;
    },
    validateUpdate: validateCertificateSigningRequestUpdate,
  },
  subresources: {
    status: {
      resetFields: { [version]: ["spec", "status.conditions"] },
      prepareForUpdate(request, old, { clock }) {
        request.spec = old.spec;
        keepConditions(request, old, "Approved");
        keepConditions(request, old, "Denied");
        stampConditions(request, old, timestamp(clock));
      },
      validateUpdate: validateCertificateSigningRequestStatusUpdate,
    },
    approval: {
      resetFields: { [version]: ["spec", "status.certificate"] },
      prepareForUpdate(request, old, { clock }) {
        stampConditions(request, old, timestamp(clock));
        const { conditions } = request.status;
        request.spec = old.spec;
        const { conditions: _, ...status } = old.status;
        request.status = conditions ? { ...status, conditions } : status;
      },
      validateUpdate: validateCertificateSigningRequestApprovalUpdate,
    },
  },
  selectableFields: { "spec.signerName": ({ spec }) => spec.signerName },
});

/** Approvals are not the signer's to change; where it adds or removes some, validation refuses it. */
function keepConditions({ status }: Request, old: Request, type: string): void {
  const before = (old.status.conditions ?? []).filter((condition) => condition.type === type);
  const now = (status.conditions ?? []).filter((condition) => condition.type === type);
  if (before.length !== now.length) return;
  status.conditions = status.conditions?.map((condition) =>
    condition.type === type ? before[now.indexOf(condition)]! : condition,
  ) as Condition[];
}

function stampConditions({ status }: Request, old: Request, now: string): void {
  if (!status.conditions) return;
  status.conditions = status.conditions.map((condition) => {
    const { lastUpdateTime, lastTransitionTime } = condition;
    const before = (old.status.conditions ?? []).find(
      (other) =>
        other.type === condition.type && other.status === condition.status && other.lastTransitionTime,
    );
    return {
      ...condition,
      lastUpdateTime: lastUpdateTime ?? now,
      lastTransitionTime: lastTransitionTime ?? before?.lastTransitionTime ?? now,
    };
  });
}
