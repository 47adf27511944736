/** Source: pkg/apis/networking/v1/defaults.go. */
import type { ObjectOf } from "../object-of.ts";
import type { DefaultsTable } from "./table.ts";

function defaultNetworkPolicy({ spec }: ObjectOf<"io.k8s.api.networking.v1.NetworkPolicy">): void {
  if (!spec) return;
  if (!spec.policyTypes?.length) {
    spec.policyTypes = spec.egress?.length ? ["Ingress", "Egress"] : ["Ingress"];
  }
  for (const rule of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) {
    for (const port of rule.ports ?? []) port.protocol ??= "TCP";
  }
}

function defaultIngressClass({ spec }: ObjectOf<"io.k8s.api.networking.v1.IngressClass">): void {
  if (spec?.parameters) spec.parameters.scope ??= "Cluster";
}

export const networkingDefaults: DefaultsTable = {
  "networking.k8s.io/v1": { NetworkPolicy: defaultNetworkPolicy, IngressClass: defaultIngressClass },
};
