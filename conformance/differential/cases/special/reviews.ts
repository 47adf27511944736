import { test } from "../../conversation.ts";
import { CERTIFICATE_REQUEST } from "../../csr.ts";
import type { JsonObject } from "../../json.ts";
import { named } from "../../objects.ts";

const AUTHORIZATION = "/apis/authorization.k8s.io/v1";
const review = (kind: string, spec: JsonObject) => ({ apiVersion: "authorization.k8s.io/v1", kind, spec });
const pods = { verb: "get", resource: "pods", namespace: "default" };

export const cases = [
  test("reviews: access", async (t) => {
    const specs: Record<string, JsonObject> = {
      resource: { user: "alice", resourceAttributes: pods },
      "non resource": { user: "alice", nonResourceAttributes: { path: "/healthz", verb: "get" } },
      both: { user: "alice", resourceAttributes: pods, nonResourceAttributes: { path: "/x", verb: "get" } },
      neither: { user: "alice" },
      "no user": { resourceAttributes: pods },
      group: { groups: ["developers"], resourceAttributes: { verb: "*", resource: "*", group: "*" } },
      extra: {
        user: "alice",
        uid: "u",
        extra: { a: ["b"] },
        resourceAttributes: { ...pods, subresource: "log", name: "p", version: "v1" },
      },
      "field selector": {
        user: "a",
        resourceAttributes: { ...pods, fieldSelector: { rawSelector: "metadata.name=a" } },
      },
      "both selectors": {
        user: "a",
        resourceAttributes: {
          ...pods,
          labelSelector: { rawSelector: "a=b", requirements: [{ key: "a", operator: "In", values: ["b"] }] },
        },
      },
      "selector without operator": {
        user: "a",
        resourceAttributes: { ...pods, labelSelector: { requirements: [{ key: "a" }] } },
      },
      empty: {},
    };
    for (const [remark, spec] of Object.entries(specs)) {
      await t.post(`${AUTHORIZATION}/subjectaccessreviews`, review("SubjectAccessReview", spec), { remark });
      await t.post(
        t.path("authorization.k8s.io/v1/localsubjectaccessreviews"),
        review("LocalSubjectAccessReview", spec),
        { remark },
      );
      await t.post(`${AUTHORIZATION}/selfsubjectaccessreviews`, review("SelfSubjectAccessReview", spec), {
        remark,
      });
    }
    await t.post(
      t.path("authorization.k8s.io/v1/localsubjectaccessreviews"),
      review("LocalSubjectAccessReview", {
        user: "a",
        resourceAttributes: { ...pods, namespace: t.namespace },
      }),
    );
    await t.post(`${AUTHORIZATION}/subjectaccessreviews`, {
      ...review("SubjectAccessReview", { user: "a", resourceAttributes: pods }),
      metadata: { name: "named" },
    });
    await t.post(
      `${AUTHORIZATION}/subjectaccessreviews`,
      review("SubjectAccessReview", { user: "a", resourceAttributes: pods }),
      { query: { dryRun: "All" } },
    );
    await t.get(`${AUTHORIZATION}/subjectaccessreviews`);
    await t.post(
      `${AUTHORIZATION}/selfsubjectaccessreviews`,
      review("SelfSubjectAccessReview", { resourceAttributes: pods }),
      { accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json" },
    );
  }),
  test("reviews: rules", async (t) => {
    const path = `${AUTHORIZATION}/selfsubjectrulesreviews`;
    await t.post(path, review("SelfSubjectRulesReview", { namespace: "default" }));
    await t.post(path, review("SelfSubjectRulesReview", { namespace: "default" }), { token: "alice-token" });
    await t.post(path, review("SelfSubjectRulesReview", {}));
  }),
  test("reviews: tokens", async (t) => {
    const path = "/apis/authentication.k8s.io/v1/tokenreviews";
    const tokenReview = (spec: JsonObject) => ({
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenReview",
      spec,
    });
    await t.post(path, tokenReview({ token: "admin-token" }));
    await t.post(path, tokenReview({ token: "bob-token" }));
    await t.post(path, tokenReview({ token: "wrong" }));
    await t.post(path, tokenReview({}));
    await t.post(path, tokenReview({ token: "alice-token", audiences: ["other"] }));
    await t.post(
      path,
      tokenReview({ token: "alice-token", audiences: ["https://kubernetes.default.svc.cluster.local"] }),
    );
    await t.get(path);
  }),
  test("reviews: service account tokens", async (t) => {
    const accounts = t.path("v1/serviceaccounts");
    await t.post(accounts, named("v1", "ServiceAccount", "robot"));
    const request = (spec: JsonObject) => ({
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec,
    });
    const path = `${accounts}/robot/token`;
    await t.post(path, request({}));
    await t.post(path, request({ expirationSeconds: 5 }));
    await t.post(path, request({ expirationSeconds: 4_294_967_297 }));
    await t.post(path, request({ expirationSeconds: 3600, audiences: ["a", "b"] }));
    await t.post(path, request({ boundObjectRef: { kind: "Pod", name: "missing", apiVersion: "v1" } }));
    await t.post(path, request({ boundObjectRef: { kind: "ConfigMap", name: "missing", apiVersion: "v1" } }));
    await t.post(t.path("v1/secrets"), named("v1", "Secret", "bound"));
    await t.post(path, request({ boundObjectRef: { kind: "Secret", name: "bound", apiVersion: "v1" } }));
    await t.post(
      path,
      request({ boundObjectRef: { kind: "Secret", name: "bound", apiVersion: "v1", uid: "x" } }),
    );
    await t.post(path, {});
    await t.post(path, request({}), { query: { dryRun: "All" } });
    await t.post(path, { ...request({}), metadata: { name: "other" } });
    await t.post(`${accounts}/missing/token`, request({}));
    await t.get(path);
    const token = (await t.ask("POST", path, request({}))).string("status.token");
    await t.post("/apis/authentication.k8s.io/v1/tokenreviews", {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenReview",
      spec: { token },
    });
    await t.post(
      "/apis/authentication.k8s.io/v1/selfsubjectreviews",
      { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" },
      { token },
    );
    await t.get(accounts, { token });
    await t.delete(`${accounts}/robot`);
    await t.get(accounts, { token, remark: "account gone" });
    const claims = JSON.parse(
      Buffer.from(token.split(".")[1] ?? "", "base64url").toString() || "{}",
    ) as JsonObject;
    t.note(Object.keys(claims).sort().join());
  }),
  test("reviews: certificate requests", async (t) => {
    const all = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    const make = (name: string, spec: JsonObject) =>
      named("certificates.k8s.io/v1", "CertificateSigningRequest", name, {
        spec: { request: CERTIFICATE_REQUEST, signerName: "example.com/s", usages: ["client auth"], ...spec },
      });
    const created = await t.post(all, make("csr-a", {}));
    await t.post(all, make("csr-b", { request: "bm90aGluZw==" }));
    await t.post(all, make("csr-b", { signerName: "x" }));
    await t.post(all, make("csr-b", { usages: ["flying"] }));
    await t.post(all, make("csr-b", { expirationSeconds: 5 }));
    await t.post(all, make("csr-c", {}), { token: "alice-token" });
    const approved = { type: "Approved", status: "True", reason: "R", message: "m" };
    await t.put(
      `${all}/csr-a/approval`,
      created.with({ "status.conditions": [{ ...approved, type: "Nothing" }] }),
    );
    await t.put(
      `${all}/csr-a/approval`,
      created.with({ "status.conditions": [{ ...approved, status: "False" }] }),
    );
    await t.put(`${all}/csr-a/status`, created.with({ "status.conditions": [approved] }), {
      remark: "approval by status",
    });
    const granted = await t.put(`${all}/csr-a/approval`, created.with({ "status.conditions": [approved] }));
    await t.put(`${all}/csr-a/approval`, granted.with({ "status.conditions": [] }), { remark: "taken back" });
    await t.put(
      `${all}/csr-a/approval`,
      granted.with({ "/status/conditions/1": { ...approved, type: "Denied" } }),
    );
    await t.put(`${all}/csr-a/status`, granted.with({ "status.certificate": "bm90aGluZw==" }));
    await t.put(`${all}/csr-a/approval`, granted.with({ "spec.usages": ["server auth"] }), {
      remark: "spec",
    });
    await t.get(`${all}/csr-a/approval`);
    await t.get(`${all}/csr-a`, { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" });
  }),
];
