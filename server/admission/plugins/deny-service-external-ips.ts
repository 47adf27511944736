import type { ObjectOf } from "../../../api/object-of.ts";
import { type AdmissionAttributes, denied, objectOf, oldObjectOf } from "../attributes.ts";
import type { AdmissionPlugin } from "../chain.ts";

type Service = ObjectOf<"io.k8s.api.core.v1.Service">;

/** Nobody takes an address from outside for a Service. Source: plugin/pkg/admission/network/denyserviceexternalips. */
export const denyServiceExternalIps: AdmissionPlugin = {
  name: "DenyServiceExternalIPs",
  rules: [{ operations: ["CREATE", "UPDATE"], resources: ["services"], validate }],
};

function validate(attributes: AdmissionAttributes): void {
  const known = oldObjectOf<Service | undefined>(attributes)?.spec?.externalIPs ?? [];
  const wanted = objectOf<Service>(attributes).spec?.externalIPs ?? [];
  if (wanted.every((address) => known.includes(address))) return;
  throw denied(attributes, "Use of external IPs is denied by admission control");
}
