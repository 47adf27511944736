import { type Conversation, test } from "../../conversation.ts";
import type { JsonObject } from "../../json.ts";

/** A path, an object in which lists and maps are empty, and the same with something in them. */
const kinds: readonly [string, string, string, JsonObject, JsonObject][] = [
  [
    "rbac.authorization.k8s.io/v1",
    "roles",
    "Role",
    { rules: [] },
    { rules: [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }] },
  ],
  ["v1", "configmaps", "ConfigMap", { data: {}, binaryData: {} }, { data: { a: "b" } }],
  [
    "v1",
    "endpoints",
    "Endpoints",
    { subsets: [] },
    { subsets: [{ addresses: [{ ip: "10.1.1.1" }], ports: [] }] },
  ],
  [
    "networking.k8s.io/v1",
    "networkpolicies",
    "NetworkPolicy",
    { spec: { podSelector: { matchLabels: {} }, ingress: [], egress: [], policyTypes: [] } },
    {
      spec: {
        podSelector: { matchLabels: { a: "b" } },
        ingress: [{ from: [], ports: [] }],
        policyTypes: ["Ingress"],
      },
    },
  ],
  [
    "v1",
    "pods",
    "Pod",
    {
      spec: {
        containers: [
          { name: "c", image: "i", env: [], args: [], ports: [], resources: { limits: {}, requests: {} } },
        ],
        nodeSelector: {},
        volumes: [{ name: "v", emptyDir: {} }],
        tolerations: [],
        securityContext: { supplementalGroups: [], sysctls: [] },
      },
    },
    {
      spec: {
        containers: [{ name: "c", image: "i", env: [{ name: "a" }], args: ["x"] }],
        nodeSelector: { a: "b" },
        volumes: [{ name: "v", emptyDir: {} }],
      },
    },
  ],
  [
    "policy/v1",
    "poddisruptionbudgets",
    "PodDisruptionBudget",
    { spec: { maxUnavailable: 1, selector: { matchLabels: {}, matchExpressions: [] } } },
    {
      spec: {
        maxUnavailable: 1,
        selector: { matchExpressions: [{ key: "a", operator: "Exists", values: [] }] },
      },
    },
  ],
  [
    "discovery.k8s.io/v1",
    "endpointslices",
    "EndpointSlice",
    { addressType: "IPv4", endpoints: [], ports: [] },
    { addressType: "IPv4", endpoints: [{ addresses: ["10.1.1.1"], deprecatedTopology: {} }], ports: [] },
  ],
];

const emptyMeta: JsonObject = { labels: {}, annotations: {}, finalizers: [], ownerReferences: [] };

async function throughEveryVerb(
  t: Conversation,
  [apiVersion, resource, kind, empty, full]: (typeof kinds)[number],
): Promise<void> {
  const all = t.path(`${apiVersion}/${resource}`);
  const object = (name: string, content: JsonObject): JsonObject => ({
    apiVersion,
    kind,
    ...content,
    metadata: { ...emptyMeta, name },
  });
  await t.post(all, object("empty", empty));
  await t.post(all, object("dry", empty), { query: { dryRun: "All" } });
  await t.get(`${all}/empty`);
  await t.put(`${all}/empty`, object("empty", empty), { remark: "changes nothing" });
  await t.post(all, object("full", full));
  await t.put(`${all}/full`, object("full", empty));
  for (const type of ["merge", "strategic"] as const) {
    await t.patch(`${all}/full`, { ...full, metadata: { labels: { a: "b" } } }, { type });
    await t.patch(`${all}/full`, { ...empty, metadata: emptyMeta }, { type });
  }
  const field = Object.keys(empty)[0]!;
  await t.patch(`${all}/full`, [{ op: "add", path: `/${field}`, value: empty[field] ?? null }], {
    type: "json",
  });
  await t.apply(`${all}/applied`, object("applied", empty), "a");
  await t.apply(`${all}/applied`, object("applied", full), "a");
  await t.apply(`${all}/applied`, object("applied", empty), "a");
  await t.apply(`${all}/applied`, object("applied", empty), "b", { query: { force: "true" } });
}

export const cases = kinds.map((one) =>
  test(`empty values: ${one[1]} through every verb`, (t) => throughEveryVerb(t, one)),
);
