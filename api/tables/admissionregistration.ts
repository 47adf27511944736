import type { ObjectOf } from "../object-of.ts";
import type { Schemas } from "../types.ts";
import { integer, text } from "./column-builders.ts";
import { ageColumn, defineTable, nameColumn, type TablesByKind } from "./columns.ts";
import { age } from "./human-duration.ts";

type Webhooks = ObjectOf<"io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration">;
type ValidatingPolicy = ObjectOf<"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy">;
type MutatingPolicy = ObjectOf<"io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicy">;
type Binding = ObjectOf<"io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBinding">;
type ParamKind = Schemas["io.k8s.api.admissionregistration.v1.ParamKind"];

const webhooks = defineTable<Webhooks>({
  columns: [
    nameColumn,
    integer("Webhooks", "Webhooks indicates the number of webhooks registered in this configuration"),
    ageColumn,
  ],
  row({ metadata, webhooks: own = [] }, { now }) {
    return [metadata.name ?? "", own.length, age(metadata.creationTimestamp, now)];
  },
});

const paramKindColumn = text(
  "ParamKind",
  "ParamKind specifies the kind of resources used to parameterize this policy",
);
const paramKindText = (kind: ParamKind | undefined): string =>
  kind ? `${kind.apiVersion ?? ""}/${kind.kind ?? ""}` : "<unset>";

const validatingPolicy = defineTable<ValidatingPolicy>({
  columns: [
    nameColumn,
    integer(
      "Validations",
      "Validations indicates the number of validation rules defined in this configuration",
    ),
    paramKindColumn,
    ageColumn,
  ],
  row({ metadata, spec }, { now }) {
    const { validations = [], paramKind } = spec;
    const shown = paramKindText(paramKind);
    return [metadata.name ?? "", validations.length, shown, age(metadata.creationTimestamp, now)];
  },
});

const mutatingPolicy = defineTable<MutatingPolicy>({
  columns: [
    nameColumn,
    integer("Mutations", "Mutation indicates the number of mutations rules defined in this configuration"),
    paramKindColumn,
    ageColumn,
  ],
  row({ metadata, spec }, { now }) {
    const { mutations = [], paramKind } = spec;
    const shown = paramKindText(paramKind);
    return [metadata.name ?? "", mutations.length, shown, age(metadata.creationTimestamp, now)];
  },
});

const binding = defineTable<Binding>({
  columns: [
    nameColumn,
    text("PolicyName", "PolicyName indicates the policy definition which the policy binding binded to"),
    text("ParamRef", "ParamRef indicates the param resource which sets the configuration param"),
    ageColumn,
  ],
  row({ metadata, spec }, { now }) {
    return [
      metadata.name ?? "",
      spec.policyName ?? "",
      paramRefText(spec.paramRef),
      age(metadata.creationTimestamp, now),
    ];
  },
});

function paramRefText(ref: Binding["spec"]["paramRef"]): string {
  if (!ref) return "<unset>";
  if (ref.name) return `${ref.namespace || "*"}/${ref.name}`;
  return ref.selector ? goSelectorText(ref.selector) : "<unset>";
}

/** LabelSelector.String of k8s.io/apimachinery's generated code. */
function goSelectorText({
  matchLabels = {},
  matchExpressions = [],
}: NonNullable<NonNullable<Binding["spec"]["paramRef"]>["selector"]>): string {
  const labels = Object.keys(matchLabels)
    .sort()
    .map((key) => `${key}: ${matchLabels[key]},`);
  const expressions = matchExpressions.map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(" ")}],},`,
  );
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join("")}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join("")}},}`;
}

export const admissionregistrationTables: TablesByKind = {
  MutatingWebhookConfiguration: webhooks,
  ValidatingWebhookConfiguration: webhooks,
  ValidatingAdmissionPolicy: validatingPolicy,
  MutatingAdmissionPolicy: mutatingPolicy,
  ValidatingAdmissionPolicyBinding: binding,
  MutatingAdmissionPolicyBinding: binding,
};
