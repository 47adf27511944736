import { crud } from "../../crud.ts";
import type { JsonObject } from "../../json.ts";

const webhook: JsonObject = {
  name: "hook.example.com",
  clientConfig: { url: "https://example.com/hook" },
  sideEffects: "None",
  admissionReviewVersions: ["v1"],
};

/** Matches nothing that another case does. */
const matchNothing: JsonObject = {
  failurePolicy: "Ignore",
  matchPolicy: "Exact",
  namespaceSelector: { matchLabels: { never: "matches" } },
  objectSelector: { matchExpressions: [{ key: "never", operator: "In", values: ["matches"] }] },
  rules: [
    {
      operations: ["CREATE", "UPDATE"],
      apiGroups: ["example.com"],
      apiVersions: ["v1"],
      resources: ["widgets/*"],
      scope: "Namespaced",
    },
  ],
  matchConditions: [{ name: "a", expression: "object.metadata.name == 'x'" }],
  timeoutSeconds: 5,
};

const fullWebhook: JsonObject = {
  ...webhook,
  ...matchNothing,
  clientConfig: { service: { namespace: "n", name: "s", path: "/p", port: 8443 }, caBundle: "eA==" },
};

const matchConstraints: JsonObject = {
  namespaceSelector: { matchLabels: { never: "matches" } },
  objectSelector: {},
  matchPolicy: "Equivalent",
  resourceRules: [
    {
      apiGroups: ["example.com"],
      apiVersions: ["v1"],
      operations: ["CREATE"],
      resources: ["widgets"],
      resourceNames: ["a"],
      scope: "*",
    },
  ],
  excludeResourceRules: [
    { apiGroups: ["example.com"], apiVersions: ["v1"], operations: ["*"], resources: ["gadgets"] },
  ],
};

export const cases = [
  ...crud({
    resource: "admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
    kind: "ValidatingWebhookConfiguration",
    clusterScoped: true,
    minimal: { webhooks: [webhook] },
    variants: { full: { webhooks: [fullWebhook] } },
    change: { "/webhooks/0/timeoutSeconds": 7 },
  }),
  ...crud({
    resource: "admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
    kind: "MutatingWebhookConfiguration",
    clusterScoped: true,
    minimal: { webhooks: [webhook] },
    variants: { full: { webhooks: [{ ...fullWebhook, reinvocationPolicy: "IfNeeded" }] } },
    change: { "/webhooks/0/timeoutSeconds": 7 },
  }),
  ...crud({
    resource: "admissionregistration.k8s.io/v1/validatingadmissionpolicies",
    kind: "ValidatingAdmissionPolicy",
    settles: true,
    clusterScoped: true,
    minimal: { spec: { matchConstraints, validations: [{ expression: "true" }] } },
    variants: {
      full: {
        spec: {
          paramKind: { apiVersion: "v1", kind: "ConfigMap" },
          matchConstraints,
          failurePolicy: "Ignore",
          matchConditions: [{ name: "c", expression: "request.operation == 'CREATE'" }],
          variables: [{ name: "v", expression: "object.metadata.name" }],
          validations: [
            {
              expression: "variables.v == 'a'",
              message: "m",
              reason: "Forbidden",
              messageExpression: "'x' + variables.v",
            },
          ],
          auditAnnotations: [{ key: "k", valueExpression: "'v'" }],
        },
      },
    },
    change: { "spec.failurePolicy": "Ignore" },
    status: {
      "status.observedGeneration": 1,
      "status.typeChecking": {
        expressionWarnings: [{ fieldRef: "spec.validations[0].expression", warning: "w" }],
      },
      "status.conditions": [
        {
          type: "A",
          status: "True",
          reason: "R",
          message: "m",
          observedGeneration: 1,
          lastTransitionTime: "2020-01-01T00:00:00Z",
        },
      ],
    },
  }),
  ...crud({
    resource: "admissionregistration.k8s.io/v1/validatingadmissionpolicybindings",
    kind: "ValidatingAdmissionPolicyBinding",
    clusterScoped: true,
    minimal: { spec: { policyName: "p", validationActions: ["Audit"] } },
    variants: {
      full: {
        spec: {
          policyName: "p",
          paramRef: { name: "n", namespace: "ns", parameterNotFoundAction: "Deny" },
          matchResources: matchConstraints,
          validationActions: ["Warn", "Audit"],
        },
      },
      selector: {
        spec: {
          policyName: "p",
          paramRef: { selector: { matchLabels: { a: "b" } }, parameterNotFoundAction: "Allow" },
          validationActions: ["Audit"],
        },
      },
    },
    change: { "spec.validationActions": ["Warn", "Audit"] },
  }),
  ...crud({
    resource: "admissionregistration.k8s.io/v1/mutatingadmissionpolicies",
    kind: "MutatingAdmissionPolicy",
    clusterScoped: true,
    minimal: {
      spec: {
        matchConstraints,
        reinvocationPolicy: "Never",
        mutations: [{ patchType: "ApplyConfiguration", applyConfiguration: { expression: "Object{}" } }],
      },
    },
    variants: {
      full: {
        spec: {
          paramKind: { apiVersion: "v1", kind: "ConfigMap" },
          matchConstraints,
          failurePolicy: "Ignore",
          matchConditions: [{ name: "c", expression: "request.operation == 'CREATE'" }],
          variables: [{ name: "v", expression: "object.metadata.name" }],
          reinvocationPolicy: "IfNeeded",
          mutations: [
            {
              patchType: "JSONPatch",
              jsonPatch: { expression: '[JSONPatch{op: "add", path: "/metadata/labels", value: {}}]' },
            },
          ],
        },
      },
    },
    change: { "spec.failurePolicy": "Ignore" },
  }),
  ...crud({
    resource: "admissionregistration.k8s.io/v1/mutatingadmissionpolicybindings",
    kind: "MutatingAdmissionPolicyBinding",
    clusterScoped: true,
    minimal: { spec: { policyName: "p" } },
    variants: {
      full: {
        spec: {
          policyName: "p",
          paramRef: { name: "n", namespace: "ns", parameterNotFoundAction: "Deny" },
          matchResources: matchConstraints,
        },
      },
    },
    change: { "spec.policyName": "q" },
  }),
  ...crud({
    resource: "scheduling.k8s.io/v1/priorityclasses",
    kind: "PriorityClass",
    clusterScoped: true,
    minimal: { value: 10 },
    variants: { full: { value: 100, globalDefault: false, description: "d", preemptionPolicy: "Never" } },
    change: { description: "changed" },
  }),
  ...crud({
    resource: "node.k8s.io/v1/runtimeclasses",
    kind: "RuntimeClass",
    clusterScoped: true,
    minimal: { handler: "h" },
    variants: {
      full: {
        handler: "h",
        overhead: { podFixed: { cpu: "10m" } },
        scheduling: {
          nodeSelector: { a: "b" },
          tolerations: [{ key: "k", operator: "Exists", effect: "NoSchedule" }],
        },
      },
    },
    change: { "metadata.labels": { changed: "yes" } },
  }),
  ...crud({
    resource: "flowcontrol.apiserver.k8s.io/v1/flowschemas",
    kind: "FlowSchema",
    settles: true,
    clusterScoped: true,
    minimal: { spec: { priorityLevelConfiguration: { name: "p" } } },
    variants: {
      full: {
        spec: {
          priorityLevelConfiguration: { name: "p" },
          matchingPrecedence: 9000,
          distinguisherMethod: { type: "ByUser" },
          rules: [
            {
              subjects: [
                { kind: "User", user: { name: "nobody" } },
                { kind: "Group", group: { name: "nobodies" } },
                { kind: "ServiceAccount", serviceAccount: { name: "s", namespace: "n" } },
              ],
              resourceRules: [
                {
                  verbs: ["get"],
                  apiGroups: ["example.com"],
                  resources: ["widgets"],
                  clusterScope: true,
                  namespaces: ["n"],
                },
              ],
              nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["/nowhere/*"] }],
            },
          ],
        },
      },
    },
    change: { "spec.matchingPrecedence": 8000 },
    status: {
      "status.conditions": [
        {
          type: "Dangling",
          status: "False",
          reason: "R",
          message: "m",
          lastTransitionTime: "2020-01-01T00:00:00Z",
        },
      ],
    },
  }),
  ...crud({
    resource: "flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations",
    kind: "PriorityLevelConfiguration",
    settles: true,
    clusterScoped: true,
    minimal: { spec: { type: "Limited", limited: { limitResponse: { type: "Reject" } } } },
    variants: {
      full: {
        spec: {
          type: "Limited",
          limited: {
            nominalConcurrencyShares: 5,
            lendablePercent: 10,
            borrowingLimitPercent: 20,
            limitResponse: { type: "Queue", queuing: { queues: 8, handSize: 3, queueLengthLimit: 5 } },
          },
        },
      },
    },
    change: { "spec.limited.lendablePercent": 5 },
    status: {
      "status.conditions": [
        {
          type: "Any",
          status: "False",
          reason: "R",
          message: "m",
          lastTransitionTime: "2020-01-01T00:00:00Z",
        },
      ],
    },
  }),
];
