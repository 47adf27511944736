import { crud } from "../../crud.ts";
import { CERTIFICATE_REQUEST } from "../../csr.ts";

const rules = [
  {
    apiGroups: ["apps", ""],
    resources: ["deployments", "pods/log"],
    verbs: ["get", "list"],
    resourceNames: ["a"],
  },
];

export const cases = [
  ...crud({
    resource: "rbac.authorization.k8s.io/v1/roles",
    kind: "Role",
    minimal: {},
    variants: { full: { rules } },
    change: { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["*"] }] },
  }),
  ...crud({
    resource: "rbac.authorization.k8s.io/v1/clusterroles",
    kind: "ClusterRole",
    clusterScoped: true,
    minimal: {},
    variants: {
      full: { rules: [...rules, { nonResourceURLs: ["/healthz", "/x/*"], verbs: ["get"] }] },
      aggregated: {
        rules: [],
        aggregationRule: {
          clusterRoleSelectors: [
            { matchLabels: { a: "b" } },
            { matchExpressions: [{ key: "c", operator: "NotIn", values: ["d"] }] },
          ],
        },
      },
    },
    change: { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["*"] }] },
  }),
  ...crud({
    resource: "rbac.authorization.k8s.io/v1/rolebindings",
    kind: "RoleBinding",
    minimal: { roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "r" } },
    variants: {
      full: {
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
        subjects: [
          { kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "u" },
          { kind: "Group", name: "g" },
          { kind: "ServiceAccount", name: "s", namespace: "n" },
        ],
      },
    },
    change: { subjects: [{ kind: "User", name: "v" }] },
  }),
  ...crud({
    resource: "rbac.authorization.k8s.io/v1/clusterrolebindings",
    kind: "ClusterRoleBinding",
    clusterScoped: true,
    minimal: { roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "r" } },
    variants: {
      full: {
        roleRef: { kind: "ClusterRole", name: "view" },
        subjects: [
          { kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "u" },
          { kind: "ServiceAccount", apiGroup: "", name: "s", namespace: "n" },
        ],
      },
    },
    change: { subjects: [{ kind: "User", name: "v" }] },
  }),
  ...crud({
    resource: "certificates.k8s.io/v1/certificatesigningrequests",
    kind: "CertificateSigningRequest",
    clusterScoped: true,
    minimal: {
      spec: { request: CERTIFICATE_REQUEST, signerName: "example.com/signer", usages: ["digital signature"] },
    },
    variants: {
      full: {
        spec: {
          request: CERTIFICATE_REQUEST,
          signerName: "kubernetes.io/kube-apiserver-client",
          expirationSeconds: 3600,
          usages: ["client auth", "digital signature", "key encipherment"],
          username: "somebody",
          uid: "u",
          groups: ["g"],
          extra: { a: ["b"] },
        },
      },
    },
    change: { "metadata.labels": { changed: "yes" } },
    status: {
      "status.conditions": [
        {
          type: "Failed",
          status: "True",
          reason: "R",
          message: "m",
          lastUpdateTime: "2020-01-01T00:00:00Z",
          lastTransitionTime: "2020-01-01T00:00:00Z",
        },
      ],
    },
  }),
  ...crud({
    resource: "coordination.k8s.io/v1/leases",
    kind: "Lease",
    minimal: {},
    variants: {
      full: {
        spec: {
          holderIdentity: "h",
          leaseDurationSeconds: 10,
          acquireTime: "2020-01-01T00:00:00.000000Z",
          renewTime: "2020-01-01T00:00:00.123456Z",
          leaseTransitions: 2,
          strategy: "OldestEmulationVersion",
          preferredHolder: "dropped",
        },
      },
    },
    change: { "spec.holderIdentity": "other" },
  }),
  ...crud({
    resource: "events.k8s.io/v1/events",
    kind: "Event",
    name: (word) => `${word}.1`,
    minimal: (_name, namespace) => ({
      eventTime: "2020-01-01T00:00:00.000000Z",
      reportingController: "example.com/c",
      reportingInstance: "i",
      action: "A",
      reason: "R",
      type: "Normal",
      regarding: { namespace },
    }),
    variants: {
      full: (_name, namespace) => ({
        eventTime: "2020-01-01T00:00:00.000000Z",
        series: { count: 2, lastObservedTime: "2020-01-01T00:00:00.000000Z" },
        reportingController: "example.com/c",
        reportingInstance: "i",
        action: "A",
        reason: "R",
        type: "Warning",
        note: "note",
        regarding: { namespace, kind: "Pod", name: "p", uid: "u", apiVersion: "v1" },
        related: { kind: "Node", name: "n" },
      }),
    },
    change: { series: { count: 3, lastObservedTime: "2020-01-02T00:00:00.000000Z" } },
  }),
];
