import { test } from "../../conversation.ts";
import type { JsonObject } from "../../json.ts";
import { named } from "../../objects.ts";

const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
const TIME = "2020-01-01T00:00:00Z";
const MICRO_TIME = "2020-01-01T00:00:00.000000Z";
const RBAC = "rbac.authorization.k8s.io";

export const cases = [
  test("access: bindings", async (t) => {
    const bindings = t.path(`${RBAC}/v1/rolebindings`);
    const binding = (name: string, roleRef: JsonObject, subjects: JsonObject[] = []) =>
      named(`${RBAC}/v1`, "RoleBinding", name, { roleRef, subjects });
    const view = { apiGroup: RBAC, kind: "ClusterRole", name: "view" };
    const refs: Record<string, JsonObject> = {
      "another group": { apiGroup: "x", kind: "Role", name: "r" },
      "another kind": { apiGroup: RBAC, kind: "Pod", name: "r" },
      "no name": { apiGroup: RBAC, kind: "Role", name: "" },
      "odd name": { apiGroup: RBAC, kind: "Role", name: "a/b" },
      "colon in the name": { apiGroup: RBAC, kind: "Role", name: "system:a:b" },
    };
    for (const [remark, roleRef] of Object.entries(refs)) {
      await t.post(bindings, binding("a", roleRef), { remark, query: { dryRun: "All" } });
    }
    const subjects: Record<string, JsonObject> = {
      "a user with a namespace": { kind: "User", name: "u", namespace: "n" },
      "a user of another group": { kind: "User", name: "u", apiGroup: "x" },
      "an account with a group": { kind: "ServiceAccount", name: "s", namespace: "n", apiGroup: RBAC },
      "an account without a namespace": { kind: "ServiceAccount", name: "s" },
      "an odd account": { kind: "ServiceAccount", name: "S_", namespace: "n" },
      "an unknown kind": { kind: "Robot", name: "r" },
      "no name": { kind: "Group", name: "" },
      "no kind": { name: "u" },
    };
    for (const [remark, subject] of Object.entries(subjects)) {
      await t.post(bindings, binding("a", view, [subject]), { remark, query: { dryRun: "All" } });
    }
    const created = await t.post(
      bindings,
      binding("system:odd:name", view, [
        { kind: "User", name: "u" },
        { kind: "User", name: "v" },
        { kind: "Group", name: "g" },
        { kind: "ServiceAccount", name: "s", namespace: "n" },
      ]),
    );
    const path = `${bindings}/system:odd:name`;
    await t.put(path, created.with({ "roleRef.name": "edit" }), { remark: "another role" });
    await t.put(path, created.with({ "roleRef.kind": "Role" }), { remark: "a Role" });
    await t.put(path, created.with({ subjects: [] }), { remark: "nobody" });
    await t.get(bindings, { accept: TABLE });
    await t.post(bindings, binding("a%b", view), { remark: "percent in the name" });
    await t.post(bindings, binding("..", view), { remark: "dots for a name" });
  }),
  test("access: roles", async (t) => {
    const roles = t.path(`${RBAC}/v1/roles`);
    const rules: Record<string, JsonObject> = {
      "no verbs": { apiGroups: [""], resources: ["pods"], verbs: [] },
      "no groups": { resources: ["pods"], verbs: ["get"] },
      "no resources": { apiGroups: [""], verbs: ["get"] },
      urls: { nonResourceURLs: ["/x"], verbs: ["get"] },
      "urls and resources": { apiGroups: [""], resources: ["pods"], nonResourceURLs: ["/x"], verbs: ["get"] },
      empty: {},
    };
    const wrap = (kind: string, rule: JsonObject) =>
      named(`${RBAC}/v1`, kind, "access-rules", { rules: [rule] });
    for (const [remark, rule] of Object.entries(rules)) {
      await t.post(roles, wrap("Role", rule), { remark, query: { dryRun: "All" } });
      await t.post(`/apis/${RBAC}/v1/clusterroles`, wrap("ClusterRole", rule), {
        remark,
        query: { dryRun: "All" },
      });
    }
    const aggregationRule = (rule: JsonObject) =>
      named(`${RBAC}/v1`, "ClusterRole", "access-aggregated", { aggregationRule: rule });
    const aggregations: JsonObject[] = [
      {},
      { clusterRoleSelectors: [] },
      { clusterRoleSelectors: [{}] },
      { clusterRoleSelectors: [{ matchLabels: { "a b": "c" } }] },
    ];
    for (const rule of aggregations) {
      await t.post(`/apis/${RBAC}/v1/clusterroles`, aggregationRule(rule), { query: { dryRun: "All" } });
    }
    await t.post(roles, named(`${RBAC}/v1`, "Role", "a"));
    await t.get(roles, { accept: TABLE });
  }),
  test("access: leases", async (t) => {
    const all = t.path("coordination.k8s.io/v1/leases");
    const lease = (spec: JsonObject) => named("coordination.k8s.io/v1", "Lease", "a", { spec });
    const specs: Record<string, JsonObject> = {
      "a duration of 0": { leaseDurationSeconds: 0 },
      "negative transitions": { leaseTransitions: -1 },
      "empty holder": { holderIdentity: "" },
      "seconds only": { renewTime: TIME },
      nanoseconds: { renewTime: "2020-01-01T00:00:00.123456789Z" },
      offset: { renewTime: "2020-01-01T02:00:00.5+02:00" },
      strategy: { strategy: "Unknown" },
      "preferred without strategy": { preferredHolder: "x" },
    };
    for (const [remark, spec] of Object.entries(specs)) {
      await t.post(all, lease(spec), { remark, query: { dryRun: "All" } });
    }
    await t.put(`${all}/a`, lease({ holderIdentity: "h" }), { remark: "PUT makes one" });
    await t.get(all, { accept: TABLE });
    await t.put(`${all}/a`, lease({ holderIdentity: "i" }), { remark: "without a version" });
  }),
  test("access: events of both kinds", async (t) => {
    const old = t.path("v1/events");
    const all = t.path("events.k8s.io/v1/events");
    const about = { kind: "Pod", name: "p", namespace: t.namespace, apiVersion: "v1", uid: "u" };
    await t.post(
      old,
      named("v1", "Event", "old.1", {
        involvedObject: about,
        reason: "Old",
        message: "an old event",
        type: "Normal",
        source: { component: "c", host: "h" },
        firstTimestamp: TIME,
        lastTimestamp: TIME,
        count: 3,
      }),
    );
    const event = (name: string, more: JsonObject = {}) =>
      named("events.k8s.io/v1", "Event", name, {
        eventTime: MICRO_TIME,
        reportingController: "example.com/c",
        reportingInstance: "i",
        action: "A",
        reason: "New",
        type: "Warning",
        note: "a new event",
        regarding: about,
        ...more,
      });
    const created = await t.post(all, event("new.1"));
    await t.get(`${all}/old.1`);
    await t.get(`${old}/new.1`);
    await t.get(old, { accept: TABLE });
    await t.get(all, { accept: TABLE });
    for (const fieldSelector of [
      "involvedObject.name=p",
      "reason=New",
      "type!=Normal",
      "source=c",
      "reportingComponent=example.com/c",
      "regarding.name=p",
    ]) {
      await t.get(old, { query: { fieldSelector } });
      await t.get(all, { query: { fieldSelector } });
    }
    const series = { count: 2, lastObservedTime: MICRO_TIME };
    await t.patch(`${all}/new.1`, { series }, { type: "merge" });
    await t.patch(`${all}/new.1`, { series: { ...series, count: 3 } }, { type: "strategic" });
    await t.put(`${all}/new.1`, created.with({ "metadata.resourceVersion": undefined, reason: "Other" }));
    await t.put(`${old}/new.1`, named("v1", "Event", "new.1", { involvedObject: about, reason: "Other" }));
    const wrong: Record<string, JsonObject> = {
      "no time": { eventTime: null },
      "no controller": { reportingController: "" },
      "odd controller": { reportingController: "a b" },
      "no instance": { reportingInstance: "" },
      "long instance": { reportingInstance: "x".repeat(129) },
      "no action": { action: "" },
      "no reason": { reason: "" },
      "long note": { note: "x".repeat(1025) },
      "another type": { type: "Odd" },
      "short series": { series: { count: 1, lastObservedTime: MICRO_TIME } },
      "series without time": { series: { count: 2, lastObservedTime: null } },
      "another namespace": { regarding: { ...about, namespace: "default" } },
      "nothing regarded": { regarding: {} },
      "old fields": { deprecatedCount: 3, deprecatedSource: { component: "c" } },
    };
    for (const [remark, change] of Object.entries(wrong)) {
      await t.post(all, event("new.2", change), { remark, query: { dryRun: "All" } });
    }
    await t.delete(old, undefined, { query: { fieldSelector: "reason=Other" } });
    await t.get(all);
  }),
  test("access: service accounts", async (t) => {
    const all = t.path("v1/serviceaccounts");
    const account = (name: string, more: JsonObject = {}) => named("v1", "ServiceAccount", name, more);
    await t.post(all, account("Bad_Name"));
    await t.post(
      all,
      account("a", {
        secrets: [{ name: "s" }, { name: "s" }, { kind: "Secret", name: "t" }],
        imagePullSecrets: [{ name: "p" }],
        automountServiceAccountToken: false,
      }),
    );
    await t.get(all, { accept: TABLE, query: { fieldSelector: "metadata.name=a" } });
    await t.patch(`${all}/a`, { secrets: [{ name: "u" }] }, { type: "strategic" });
    await t.patch(`${all}/a`, { secrets: [{ $patch: "delete", name: "s" }] }, { type: "strategic" });
    await t.patch(`${all}/a`, { imagePullSecrets: [{ name: "q" }] }, { type: "strategic" });
    const secrets = t.path("v1/secrets");
    const token = (annotations: JsonObject) => ({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "token", annotations },
      type: "kubernetes.io/service-account-token",
    });
    await t.post(secrets, token({}), { remark: "no account" });
    await t.post(secrets, token({ "kubernetes.io/service-account.name": "a" }));
    await t.get(secrets, { accept: TABLE });
  }),
];
