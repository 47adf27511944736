import { type Answer, type Conversation, type RequestOptions, test } from "../../conversation.ts";
import type { JsonObject } from "../../json.ts";
import { named, pod } from "../../objects.ts";

export const flags = ["--authorization-mode=RBAC"];
export const isApart = true;

const ISSUER = "https://kubernetes.default.svc.cluster.local";
const AUTHENTICATION = "/apis/authentication.k8s.io/v1";
const GONE = { gracePeriodSeconds: 0 } as JsonObject;

const request = (spec: JsonObject, more: JsonObject = {}): JsonObject => ({
  apiVersion: "authentication.k8s.io/v1",
  kind: "TokenRequest",
  spec,
  ...more,
});

const boundTo = (kind: string, name: string, more: JsonObject = {}): JsonObject => ({
  boundObjectRef: { apiVersion: "v1", kind, name, ...more },
});

/** Makes an account, and returns where its tokens are asked for. */
async function robot(t: Conversation, more: Record<string, string> = {}): Promise<string> {
  await t.ask("POST", t.path("v1/serviceaccounts"), named("v1", "ServiceAccount", "robot", more));
  return t.path("v1/serviceaccounts/robot/token");
}

async function tokenFor(t: Conversation, path: string, spec: JsonObject = {}): Promise<string> {
  return (await t.ask("POST", path, request(spec))).string("status.token");
}

const review = (t: Conversation, token: string, remark: string, audiences?: string[]): Promise<Answer> =>
  t.post(
    `${AUTHENTICATION}/tokenreviews`,
    {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenReview",
      spec: { token, ...(audiences ? { audiences } : {}) },
    },
    { remark },
  );

const self = (t: Conversation, token: string, remark: string): Promise<Answer> =>
  t.post(
    `${AUTHENTICATION}/selfsubjectreviews`,
    { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" },
    { token, remark },
  );

/** What a token says, but for what is random or told by the clock. */
function claims(t: Conversation, token: string): void {
  const part = (index: number) =>
    JSON.parse(Buffer.from(token.split(".")[index] ?? "", "base64url").toString() || "{}") as JsonObject;
  const { exp, iat, nbf, jti, "kubernetes.io": own, ...rest } = part(1);
  const { warnafter, ...bound } = own as JsonObject;
  const { kid, ...header } = part(0);
  t.note(
    JSON.stringify({
      header,
      kid: typeof kid,
      lasts: Number(exp) - Number(iat),
      early: Number(iat) - Number(nbf),
      jti: typeof jti,
      warns: warnafter === undefined ? "never" : Number(warnafter) - Number(iat),
      bound,
      rest,
    }),
  );
}

/** A token of each kind of binding, and what becomes of it when its object goes. */
function bound(kind: "Pod" | "Secret" | "Node"): ReturnType<typeof test> {
  return test(`tokens: bound to a ${kind}`, async (t) => {
    const path = await robot(t);
    const name = kind === "Node" ? "tokens-node" : "it";
    const all = kind === "Node" ? "/api/v1/nodes" : t.path(`v1/${kind.toLowerCase()}s`);
    const object = () =>
      kind === "Pod" ? pod(name, { serviceAccountName: "robot" }) : named("v1", kind, name);
    if (kind === "Node") t.leftovers.add(`${all}/${name}`);
    await t.post(path, request(boundTo(kind, name)), { remark: "absent" });
    const made = await t.ask("POST", all, object());
    await t.post(path, request(boundTo(kind, name, { uid: made.uid })), { remark: "with its uid" });
    await t.post(path, request(boundTo(kind, name, { uid: "another" })), { remark: "another uid" });
    await t.post(path, request(boundTo(kind, name, { apiVersion: "v2" })), { remark: "another version" });
    await t.post(path, request(boundTo(kind, name, { apiVersion: "apps/v1" })), { remark: "another group" });
    await t.post(path, request(boundTo(kind.toLowerCase(), name)), { remark: "small letters" });
    await t.post(path, request(boundTo(kind, "")), { remark: "no name" });
    const token = await tokenFor(t, path, boundTo(kind, name));
    claims(t, token);
    await review(t, token, "bound");
    await self(t, token, "bound");
    await t.ask("DELETE", `${all}/${name}`, GONE);
    await t.pause(400);
    // What was believed a moment ago may be believed for a while: a fresh token shows what is looked up.
    await t.post(path, request(boundTo(kind, name, { uid: made.uid })), { remark: "after deletion" });
    await t.ask("POST", all, object());
    await t.pause(400);
    await t.post(path, request(boundTo(kind, name, { uid: made.uid })), { remark: "its successor" });
  });
}

const times: readonly number[] = [
  -1, 0, 1, 599, 600, 3600, 3607, 86_400, 4_294_967_295, 4_294_967_296, 4_294_967_297,
];

export const cases = [
  bound("Pod"),
  bound("Secret"),
  bound("Node"),
  test("tokens: bound to what cannot be", async (t) => {
    const path = await robot(t);
    for (const kind of ["ConfigMap", "ServiceAccount", "Namespace", "", "Deployment"])
      await t.post(path, request(boundTo(kind, "x")), { remark: kind });
    await t.post(path, request({ boundObjectRef: {} }), { remark: "nothing" });
    await t.post(path, request({ boundObjectRef: { kind: "Pod" } }), { remark: "kind only" });
    await t.post(path, request({ boundObjectRef: { kind: "Pod", name: "x" } }), { remark: "no version" });
    await t.post(path, request({ boundObjectRef: { uid: "x" } }), { remark: "uid only" });
    await t.ask("POST", t.path("v1/pods"), pod("default"));
    await t.post(path, request(boundTo("Pod", "default")), { remark: "of another account" });
  }),
  test("tokens: bound to a pod on a node", async (t) => {
    const path = await robot(t);
    t.leftovers.add("/api/v1/nodes/tokens-of-pod");
    for (const there of [false, true]) {
      if (there) await t.ask("POST", "/api/v1/nodes", named("v1", "Node", "tokens-of-pod"));
      await t.ask(
        "POST",
        t.path("v1/pods"),
        pod(`p-${there}`, { serviceAccountName: "robot", nodeName: "tokens-of-pod" }),
      );
      await t.pause(300);
      const token = await tokenFor(t, path, boundTo("Pod", `p-${there}`));
      claims(t, token);
      await review(t, token, `node there: ${there}`);
      await self(t, token, `node there: ${there}`);
    }
  }),
  test("tokens: of pods that end or belong to somebody else", async (t) => {
    const path = await robot(t);
    const all = t.path("v1/pods");
    await t.ask(
      "POST",
      all,
      pod("ending", { serviceAccountName: "robot", nodeName: "n" }, { finalizers: ["example.com/f"] }),
    );
    const token = await tokenFor(t, path, boundTo("Pod", "ending"));
    await t.ask("DELETE", `${all}/ending`, GONE);
    await t.pause(300);
    await t.post(path, request(boundTo("Pod", "ending")), { remark: "while it ends" });
    await review(t, token, "while it ends");
    await t.ask(
      "PATCH",
      `${all}/ending`,
      { metadata: { finalizers: [] } },
      { headers: { "content-type": "application/merge-patch+json" } },
    );
  }),
  test("tokens: which pod an account has", async (t) => {
    const path = await robot(t);
    await t.ask("POST", t.path("v1/serviceaccounts"), named("v1", "ServiceAccount", "other"));
    await t.ask("POST", t.path("v1/pods"), pod("theirs", { serviceAccountName: "other" }));
    await t.post(path, request(boundTo("Pod", "theirs")));
    await t.post(t.path("v1/serviceaccounts/other/token"), request(boundTo("Pod", "theirs")));
  }),
  test("tokens: how long they last", async (t) => {
    const path = await robot(t);
    for (const expirationSeconds of times) {
      const remark = String(expirationSeconds);
      const answer = await t.ask("POST", path, request({ expirationSeconds }));
      if (answer.status === 201) {
        claims(t, answer.string("status.token"));
        t.note(`${remark}: ${answer.string("spec.expirationSeconds")}`);
      } else await t.post(path, request({ expirationSeconds }), { remark });
    }
    for (const wrong of ["600", 600.5, 1e30, null, true, [600]] as const)
      await t.post(path, request({ expirationSeconds: wrong as never }), { remark: JSON.stringify(wrong) });
    const pods = t.path("v1/pods");
    await t.ask("POST", pods, pod("p", { serviceAccountName: "robot" }));
    const token = await tokenFor(t, path, { expirationSeconds: 3607, ...boundTo("Pod", "p") });
    claims(t, token);
  }),
  test("tokens: whom they are for", async (t) => {
    const path = await robot(t);
    const lists: Record<string, string[]> = {
      none: [],
      one: ["a"],
      several: ["b", "a"],
      twice: ["a", "a"],
      server: [ISSUER],
      both: [ISSUER, "a"],
      empty: [""],
    };
    for (const [remark, audiences] of Object.entries(lists)) {
      const answer = await t.post(path, request({ audiences }), { remark });
      const token = answer.string("status.token");
      claims(t, token);
      await review(t, token, `${remark}, for nobody`);
      for (const asked of [["a"], [ISSUER], ["x", "b"], ["b", "a"], [""]])
        await review(t, token, `${remark}, for ${asked}`, asked);
      await self(t, token, remark);
    }
    await t.post(path, request({ audiences: "a" as never }), { remark: "no list" });
    await t.post(path, request({ audiences: [1 as never] }), { remark: "a number" });
  }),
  test("tokens: requests that are odd", async (t) => {
    const path = await robot(t);
    const odd: Record<string, JsonObject> = {
      empty: {},
      "no kind": { spec: {} },
      "no spec": { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest" },
      "another kind": { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec: {} },
      "another version": { apiVersion: "authentication.k8s.io/v1beta1", kind: "TokenRequest", spec: {} },
      "another name": request({}, { metadata: { name: "other" } }),
      "its name": request({}, { metadata: { name: "robot" } }),
      "another namespace": request({}, { metadata: { namespace: "default" } }),
      "its namespace": request({}, { metadata: { namespace: t.namespace, labels: { a: "b" } } }),
      "a status": request({}, { status: { token: "mine", expirationTimestamp: "2001-01-01T00:00:00Z" } }),
      "an unknown field": request({ color: "red" }),
      "a generated name": request({}, { metadata: { generateName: "g-" } }),
    };
    for (const [remark, body] of Object.entries(odd)) await t.post(path, body, { remark });
    await t.post(path, request({ color: "red" }), { query: { fieldValidation: "Strict" } });
    await t.post(path, request({}), { query: { dryRun: "All" } });
    await t.post(path, request({}), { query: { dryRun: "Some" } });
    await t.post(path, request({}), { query: { fieldManager: "me" } });
    await t.post(path, request({}), { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" });
    await t.post(path, request({}), {
      accept: "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
    });
    await t.post(path, request({}), { accept: "application/yaml", compare: "head" });
    for (const method of ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])
      await t.request(method, path, method === "GET" ? undefined : request({}), {
        headers: method === "PATCH" ? { "content-type": "application/merge-patch+json" } : {},
      });
  }),
  test("tokens: accounts that go and come back", async (t) => {
    const path = await robot(t);
    const accounts = t.path("v1/serviceaccounts");
    const token = await tokenFor(t, path);
    await t.delete(`${accounts}/robot`);
    await t.pause(400);
    await t.post(path, request({}), { remark: "gone" });
    await review(t, token, "gone");
    await self(t, token, "gone");
    await robot(t);
    await t.pause(400);
    await review(t, token, "its successor's");
    await self(t, await tokenFor(t, path), "of the successor");
    await t.patch(`${accounts}/robot`, { metadata: { finalizers: ["example.com/f"] } });
    const ending = await tokenFor(t, path);
    await t.delete(`${accounts}/robot`);
    await t.pause(400);
    await t.post(path, request({}), { remark: "ending" });
    await review(t, ending, "ending");
    await t.patch(`${accounts}/robot`, { metadata: { finalizers: [] } });
  }),
  test("tokens: that are none", async (t) => {
    const path = await robot(t);
    const token = await tokenFor(t, path);
    const [head = "", body = "", mark = ""] = token.split(".");
    const decoded = JSON.parse(Buffer.from(body, "base64url").toString()) as JsonObject;
    const changed = (claim: JsonObject) =>
      `${head}.${Buffer.from(JSON.stringify({ ...decoded, ...claim })).toString("base64url")}.${mark}`;
    const none = Buffer.from('{"alg":"none"}').toString("base64url");
    const wrong: Record<string, string> = {
      empty: "",
      word: "word",
      "two words": "two words",
      "no mark": `${head}.${body}`,
      "an empty mark": `${head}.${body}.`,
      "no algorithm": `${none}.${body}.`,
      "another name": changed({ sub: "system:serviceaccount:default:other" }),
      "another issuer": changed({ iss: "https://example.com" }),
      "four parts": `${token}.x`,
      dots: "..",
    };
    for (const [remark, value] of Object.entries(wrong)) {
      await review(t, value, remark);
      if (value !== "") await self(t, value, remark);
    }
    await t.post(`${AUTHENTICATION}/tokenreviews`, { spec: { token } }, { remark: "no kind" });
    await review(t, "alice-token", "of a file, for others", ["x", "y"]);
    await review(t, "alice-token", "of a file, for the server", ["x", ISSUER]);
    await review(t, "alice-token", "of a file, for nobody in particular", []);
  }),
  test("tokens: legacy secrets", async (t) => {
    await robot(t);
    const account = await t.ask("GET", t.path("v1/serviceaccounts/robot"));
    const secrets = t.path("v1/secrets");
    const legacy = (name: string, annotations: JsonObject, data: JsonObject = {}): JsonObject => ({
      ...named("v1", "Secret", name, { type: "kubernetes.io/service-account-token", data }),
      metadata: { name, annotations },
    });
    const of = "kubernetes.io/service-account.name";
    const uid = "kubernetes.io/service-account.uid";
    await t.post(secrets, legacy("plain", { [of]: "robot" }));
    await t.post(secrets, legacy("nobody", {}));
    await t.post(secrets, legacy("absent", { [of]: "absent" }));
    await t.post(secrets, legacy("with-uid", { [of]: "robot", [uid]: account.uid }));
    await t.post(secrets, legacy("another-uid", { [of]: "robot", [uid]: "x" }));
    await t.post(
      secrets,
      legacy("with-data", { [of]: "robot" }, { token: "dA==", "ca.crt": "dA==", namespace: "dA==" }),
    );
    await t.patch(`${secrets}/plain`, { metadata: { annotations: { [of]: null } } });
    await t.patch(`${secrets}/plain`, { metadata: { annotations: { [of]: "other" } } });
    await t.patch(`${secrets}/plain`, { type: "Opaque" });
    await t.patch(`${secrets}/plain`, {
      metadata: { labels: { "kubernetes.io/legacy-token-last-used": "2020-01-01" } },
    });
    await t.get(secrets, { query: { fieldSelector: "type=kubernetes.io/service-account-token" } });
    await t.get(
      "/api/v1/namespaces/kube-system/configmaps/kube-apiserver-legacy-service-account-token-tracking",
      { compare: "status" },
    );
  }),
  test("tokens: who may ask for them", async (t) => {
    const path = await robot(t);
    const api = "rbac.authorization.k8s.io";
    const role = named(`${api}/v1`, "Role", "asker", {
      rules: [
        {
          verbs: ["create"],
          apiGroups: [""],
          resources: ["serviceaccounts/token"],
          resourceNames: ["robot"],
        },
      ],
    });
    await t.post(path, request({}), { token: "bob-token" });
    await t.ask("POST", t.path(`${api}/v1/roles`), role);
    await t.ask(
      "POST",
      t.path(`${api}/v1/rolebindings`),
      named(`${api}/v1`, "RoleBinding", "asker", {
        roleRef: { apiGroup: api, kind: "Role", name: "asker" },
        subjects: [
          { kind: "User", name: "bob", apiGroup: api },
          { kind: "ServiceAccount", name: "robot", namespace: t.namespace },
        ],
      }),
    );
    await t.pause(300);
    const bob: RequestOptions = { token: "bob-token" };
    const first = await t.post(path, request({}), bob);
    await t.post(t.path("v1/serviceaccounts/other/token"), request({}), bob);
    await t.post(path, request({}), { token: first.string("status.token"), remark: "itself" });
    await t.get(t.path("v1/pods"), { token: first.string("status.token") });
    await t.get(t.path("v1/serviceaccounts/robot"), { token: first.string("status.token") });
    await t.post(path, request({}), { token: "", remark: "nobody" });
    await t.post(path, request({}), {
      headers: { "impersonate-user": `system:serviceaccount:${t.namespace}:robot` },
      remark: "as itself",
    });
  }),
];
