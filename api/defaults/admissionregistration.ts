/**
 * Defaults of admissionregistration.k8s.io. Sources: pkg/apis/admissionregistration/{v1,v1beta1,v1alpha1}/defaults.go.
 * Only policies are served in v1beta1 and v1alpha1.
 */
import type { ObjectOf } from "../object-of.ts";
import type { Schemas } from "../types.ts";
import type { DefaultsTable } from "./table.ts";

type Policy = ObjectOf<"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy">;
type Binding = ObjectOf<"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding">;
type MatchResources = Schemas["io.k8s.api.admissionregistration.v1.MatchResources"];
type Rule = Schemas["io.k8s.api.admissionregistration.v1.RuleWithOperations"];
type Webhook = Schemas["io.k8s.api.admissionregistration.v1.MutatingWebhook"];

function defaultRules(rules: readonly Rule[] | undefined): void {
  for (const rule of rules ?? []) rule.scope ??= "*";
}

function defaultMatchResources(match: MatchResources | undefined, withRules: boolean): void {
  if (!match) return;
  match.matchPolicy ??= "Equivalent";
  match.namespaceSelector ??= {};
  match.objectSelector ??= {};
  if (!withRules) return;
  defaultRules(match.resourceRules);
  defaultRules(match.excludeResourceRules);
}

function defaultPolicy({ spec }: Policy): void {
  spec.failurePolicy ??= "Fail";
  defaultMatchResources(spec.matchConstraints, true);
}

function defaultBinding({ spec }: Binding): void {
  defaultMatchResources(spec.matchResources, true);
}

function defaultAlphaBinding({ spec }: Binding): void {
  if (spec.paramRef) spec.paramRef.parameterNotFoundAction ??= "Deny";
  defaultMatchResources(spec.matchResources, true);
}

function defaultWebhook(webhook: Omit<Webhook, "reinvocationPolicy">): void {
  webhook.failurePolicy ??= "Fail";
  webhook.matchPolicy ??= "Equivalent";
  webhook.namespaceSelector ??= {};
  webhook.objectSelector ??= {};
  webhook.timeoutSeconds ??= 10;
  const { service } = webhook.clientConfig;
  if (service) service.port ??= 443;
  defaultRules(webhook.rules);
}

function defaultMutating({
  webhooks,
}: ObjectOf<"io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration">): void {
  for (const webhook of webhooks ?? []) {
    defaultWebhook(webhook);
    webhook.reinvocationPolicy ??= "Never";
  }
}

function defaultValidating({
  webhooks,
}: ObjectOf<"io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration">): void {
  for (const webhook of webhooks ?? []) defaultWebhook(webhook);
}

const policies = {
  MutatingAdmissionPolicy: defaultPolicy,
  MutatingAdmissionPolicyBinding: defaultBinding,
  ValidatingAdmissionPolicy: defaultPolicy,
  ValidatingAdmissionPolicyBinding: defaultBinding,
};

export const admissionregistrationDefaults: DefaultsTable = {
  "admissionregistration.k8s.io/v1": {
    ...policies,
    MutatingWebhookConfiguration: defaultMutating,
    ValidatingWebhookConfiguration: defaultValidating,
  },
  "admissionregistration.k8s.io/v1beta1": policies,
  "admissionregistration.k8s.io/v1alpha1": {
    ...policies,
    MutatingAdmissionPolicyBinding: defaultAlphaBinding,
    ValidatingAdmissionPolicyBinding: defaultAlphaBinding,
  },
};
