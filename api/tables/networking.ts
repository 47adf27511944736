import type { ObjectOf } from "../object-of.ts";
import { type LabelSelectorObject, labelSelectorOf, SelectorError } from "../selectors.ts";
import {
  ageColumn,
  type Column,
  defineTable,
  type FieldDoc,
  nameColumn,
  type TablesByKind,
} from "./columns.ts";
import { age } from "./human-duration.ts";
import { loadBalancerAddresses } from "./load-balancer-addresses.ts";

const doc = (kind: string, field: string): FieldDoc => ({
  struct: `io.k8s.api.networking.v1.${kind}`,
  field,
});
const text = (name: string, description: string | FieldDoc): Column => ({
  name,
  type: "string",
  description,
});

type Ingress = ObjectOf<"io.k8s.api.networking.v1.Ingress">;

const ingress = defineTable<Ingress>({
  columns: [
    nameColumn,
    text("Class", "The name of the IngressClass resource that should be used for additional configuration"),
    text("Hosts", "Hosts that incoming requests are matched against before the ingress rule"),
    text("Address", "Address is a list containing ingress points for the load-balancer"),
    text("Ports", "Ports of TLS configurations that open"),
    ageColumn,
  ],
  row: (object, { now }) => {
    const { metadata, spec, status } = object;
    return [
      metadata.name ?? "",
      spec?.ingressClassName ?? "<none>",
      hostsText(object),
      loadBalancerAddresses(status?.loadBalancer?.ingress).join(","),
      spec?.tls?.length ? "80, 443" : "80",
      age(metadata.creationTimestamp, now),
    ];
  },
});

const shownHosts = 3;

/** formatHosts: "more" counts rules, not hosts. */
function hostsText({ spec }: Ingress): string {
  const rules = spec?.rules ?? [];
  const hosts: string[] = [];
  let more = false;
  for (const { host } of rules) {
    if (hosts.length === shownHosts) more = true;
    else if (host) hosts.push(host);
  }
  if (hosts.length === 0) return "*";
  return more ? `${hosts.join(",")} + ${rules.length - shownHosts} more...` : hosts.join(",");
}

const ingressClass = defineTable<ObjectOf<"io.k8s.api.networking.v1.IngressClass">>({
  columns: [
    nameColumn,
    text("Controller", "Controller that is responsible for handling this class"),
    text("Parameters", "A reference to a resource with additional parameters"),
    ageColumn,
  ],
  row: ({ metadata, spec }, { now }) => {
    const isDefault = metadata.annotations?.["ingressclass.kubernetes.io/is-default-class"] === "true";
    const parameters = spec?.parameters;
    const kind =
      parameters?.apiGroup === undefined ? parameters?.kind : `${parameters.kind}.${parameters.apiGroup}`;
    return [
      isDefault ? `${metadata.name} (default)` : (metadata.name ?? ""),
      spec?.controller ?? "",
      parameters ? `${kind}/${parameters.name}` : "<none>",
      age(metadata.creationTimestamp, now),
    ];
  },
});

const networkPolicy = defineTable<ObjectOf<"io.k8s.api.networking.v1.NetworkPolicy">>({
  columns: [nameColumn, text("Pod-Selector", doc("NetworkPolicySpec", "podSelector")), ageColumn],
  row: ({ metadata, spec }, { now }) => [
    metadata.name ?? "",
    selectorText(spec?.podSelector ?? {}),
    age(metadata.creationTimestamp, now),
  ],
});

/** metav1.FormatLabelSelector. */
function selectorText(selector: LabelSelectorObject): string {
  try {
    return labelSelectorOf(selector).toString() || "<none>";
  } catch (error) {
    if (error instanceof SelectorError) return "<error>";
    throw error;
  }
}

const ipAddress = defineTable<ObjectOf<"io.k8s.api.networking.v1.IPAddress">>({
  columns: [nameColumn, text("ParentRef", doc("IPAddressSpec", "parentRef"))],
  row: ({ metadata, spec }, { now }) => {
    const { group, resource, namespace, name } = spec?.parentRef ?? { resource: "", name: "" };
    const kind = (group ? `${resource}.${group}` : resource).toLowerCase();
    const parent = namespace ? `${kind}/${namespace}/${name}` : `${kind}/${name}`;
    // Upstream has no column for the third cell.
    return [metadata.name ?? "", spec?.parentRef ? parent : "<none>", age(metadata.creationTimestamp, now)];
  },
});

const serviceCidr = defineTable<ObjectOf<"io.k8s.api.networking.v1.ServiceCIDR">>({
  columns: [nameColumn, text("CIDRs", doc("ServiceCIDRSpec", "cidrs")), ageColumn],
  row: ({ metadata, spec }, { now }) => [
    metadata.name ?? "",
    (spec?.cidrs ?? []).join(","),
    age(metadata.creationTimestamp, now),
  ],
});

export const networkingTables: TablesByKind = {
  Ingress: ingress,
  IngressClass: ingressClass,
  IPAddress: ipAddress,
  NetworkPolicy: networkPolicy,
  ServiceCIDR: serviceCidr,
};
