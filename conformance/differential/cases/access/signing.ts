import { type Conversation, type RequestOptions, test } from "../../conversation.ts";
import { CERTIFICATE_REQUEST, MASTERS_REQUEST } from "../../csr.ts";
import type { Json, JsonObject } from "../../json.ts";
import { named } from "../../objects.ts";
import { account, as, clusterBinding, clusterRole, given, rule } from "../../rbac.ts";
import { flags as certificates } from "./certificates.ts";

/** On the servers of other cases. */
export const flags = certificates;
export const isApart = true;

const REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
const GROUP = "certificates.k8s.io";
const DRY = { query: { dryRun: "All" } };

/** Any certificate: what is in it matters only as far as it is one. */
const CERTIFICATE = `LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJmRENDQVNPZ0F3SUJBZ0lV`;

const csr = (name: string, spec: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  ...named(`${GROUP}/v1`, "CertificateSigningRequest", name, {
    spec: { request: CERTIFICATE_REQUEST, signerName: "example.com/s", usages: ["client auth"], ...spec },
  }),
  ...more,
});

const condition = (type: string, more: JsonObject = {}): JsonObject => ({
  type,
  status: "True",
  reason: "R",
  message: "m",
  ...more,
});

/** A request of the case's own. */
async function made(t: Conversation, name: string, spec: JsonObject = {}) {
  t.leftovers.add(`${REQUESTS}/${name}`);
  return t.ask("POST", REQUESTS, csr(name, spec));
}

/** A robot of the case's namespace with rights in the whole cluster. */
async function robot(t: Conversation, name: string, ...rules: JsonObject[]): Promise<RequestOptions> {
  await given(t, clusterRole(name, ...rules), clusterBinding(name, name, account("robot", t.namespace)));
  return as(`system:serviceaccount:${t.namespace}:robot`, "system:serviceaccounts", "system:authenticated");
}

const requests = (verbs: string, what = "") => rule(verbs, GROUP, `certificatesigningrequests${what}`);
const signers = (verbs: string, names: string) => rule(verbs, GROUP, "signers", names);

const SIGNERS: Readonly<Record<string, string>> = {
  "": "nothing",
  plain: "no slash",
  "example.com/": "no path",
  "/x": "no domain",
  "example.com/a/b": "two paths",
  "Example.com/a": "a capital domain",
  "example.com/A b": "a space",
  "example.com/a_b": "an underscore",
  "a/b": "no dot",
  [`${"a".repeat(60)}.${"b".repeat(60)}.${"c".repeat(60)}/x`]: "a long domain",
  [`example.com/${"x".repeat(600)}`]: "a long path",
  "kubernetes.io/kube-apiserver-client": "the client signer",
  "kubernetes.io/kube-apiserver-client-kubelet": "the kubelet client signer",
  "kubernetes.io/kubelet-serving": "the kubelet serving signer",
  "kubernetes.io/legacy-unknown": "the legacy signer",
  "kubernetes.io/other": "another of Kubernetes",
};

const USAGES: Readonly<Record<string, Json>> = {
  none: [],
  absent: null,
  twice: ["client auth", "client auth"],
  unknown: ["client auth", "flying"],
  empty: [""],
  all: [
    "signing",
    "digital signature",
    "content commitment",
    "key encipherment",
    "key agreement",
    "data encipherment",
    "cert sign",
    "crl sign",
    "encipher only",
    "decipher only",
    "any",
    "server auth",
    "client auth",
    "code signing",
    "email protection",
    "s/mime",
    "ipsec end system",
    "ipsec tunnel",
    "ipsec user",
    "timestamping",
    "ocsp signing",
    "microsoft sgc",
    "netscape sgc",
  ],
  text: "client auth",
};

const CONDITIONS: Readonly<Record<string, readonly JsonObject[]>> = {
  approved: [condition("Approved")],
  denied: [condition("Denied")],
  both: [condition("Approved"), condition("Denied")],
  failed: [condition("Failed")],
  "failed and approved": [condition("Failed"), condition("Approved")],
  another: [condition("Other")],
  twice: [condition("Other"), condition("Other")],
  "approved twice": [condition("Approved"), condition("Approved")],
  false: [condition("Approved", { status: "False" })],
  "denied false": [condition("Denied", { status: "False" })],
  "other false": [condition("Other", { status: "False" })],
  unknown: [condition("Other", { status: "Unknown" })],
  "odd status": [condition("Other", { status: "Odd" })],
  "no status": [condition("Other", { status: "" })],
  "no type": [condition("")],
  "no reason": [condition("Approved", { reason: "" })],
  times: [
    condition("Approved", {
      lastUpdateTime: "2001-01-01T00:00:00Z",
      lastTransitionTime: "2001-01-01T00:00:00Z",
    }),
  ],
  none: [],
};

const rightsOf = (what: string, rules: readonly JsonObject[]) =>
  test(`signing: with ${what}`, async (t) => {
    const name = `signing-${what.replaceAll(/[^a-z]+/g, "-")}`;
    const who = await robot(t, name, ...rules);
    const one = await made(t, `${name}-one`);
    const other = await made(t, `${name}-other`, { signerName: "other.example.com/s" });
    for (const got of [one, other]) {
      const path = `${REQUESTS}/${got.string("metadata.name")}`;
      const fresh = { "metadata.resourceVersion": undefined };
      await t.put(`${path}/approval`, got.with({ ...fresh, "status.conditions": [condition("Approved")] }), {
        ...who,
        ...DRY,
      });
      await t.patch(
        `${path}/approval`,
        { status: { conditions: [condition("Denied")] } },
        { ...who, ...DRY },
      );
      await t.patch(`${path}/status`, { status: { conditions: [condition("Failed")] } }, { ...who, ...DRY });
      await t.patch(`${path}/status`, { metadata: { labels: { a: "b" } } }, { ...who, ...DRY });
      await t.patch(path, { metadata: { labels: { a: "b" } } }, { ...who, ...DRY });
      await t.get(`${path}/approval`, who);
    }
  });

export const cases = [
  rightsOf("nothing", [requests("get", "/approval")]),
  rightsOf("approval only", [requests("update,patch", "/approval")]),
  rightsOf("status only", [requests("update,patch", "/status")]),
  rightsOf("approval of one signer", [
    requests("update,patch", "/approval"),
    signers("approve", "example.com/s"),
  ]),
  rightsOf("approval of a domain", [
    requests("update,patch", "/approval"),
    signers("approve", "example.com/*"),
  ]),
  rightsOf("signing for all", [
    requests("*", "/approval,certificatesigningrequests/status"),
    signers("sign", ""),
  ]),
  rightsOf("approval for all", [
    requests("*", "/approval,certificatesigningrequests/status"),
    signers("approve", ""),
  ]),
  test("signing: names of signers", async (t) => {
    for (const [signerName, remark] of Object.entries(SIGNERS))
      await t.post(REQUESTS, csr("signing-names", { signerName }), { ...DRY, remark });
    await t.post(REQUESTS, csr("signing-names", { signerName: null }), { ...DRY, remark: "absent" });
  }),
  test("signing: usages", async (t) => {
    for (const [remark, usages] of Object.entries(USAGES)) {
      await t.post(REQUESTS, csr("signing-usages", { usages }), { ...DRY, remark });
      for (const signer of [
        "kube-apiserver-client",
        "kube-apiserver-client-kubelet",
        "kubelet-serving",
        "legacy-unknown",
      ])
        await t.post(REQUESTS, csr("signing-usages", { usages, signerName: `kubernetes.io/${signer}` }), {
          ...DRY,
          remark: `${remark} of ${signer}`,
        });
    }
  }),
  test("signing: requests", async (t) => {
    const specs: Record<string, JsonObject> = {
      "no request": { request: "" },
      absent: { request: null },
      "no base64": { request: "???" },
      "no PEM": { request: "bm90aGluZw==" },
      "another PEM": { request: CERTIFICATE },
      masters: { request: MASTERS_REQUEST },
      "masters as clients": { request: MASTERS_REQUEST, signerName: "kubernetes.io/kube-apiserver-client" },
      "masters as kubelets": {
        request: MASTERS_REQUEST,
        signerName: "kubernetes.io/kube-apiserver-client-kubelet",
      },
      "too short": { expirationSeconds: 599 },
      "short enough": { expirationSeconds: 600 },
      long: { expirationSeconds: 2_147_483_647 },
      "too long": { expirationSeconds: 2_147_483_648 },
      negative: { expirationSeconds: -1 },
      "somebody else": { username: "x", uid: "y", groups: ["z"], extra: { a: ["b"] } },
    };
    for (const [remark, spec] of Object.entries(specs))
      await t.post(REQUESTS, csr("signing-requests", spec), { ...DRY, remark });
    const status = { conditions: [condition("Approved")], certificate: CERTIFICATE };
    await t.post(REQUESTS, csr("signing-requests", {}, { status }), { ...DRY, remark: "a status" });
    const extra = {
      "impersonate-user": "carol",
      "impersonate-uid": "7",
      "impersonate-group": ["g"],
      "impersonate-extra-scopes": ["x"],
    };
    await t.post(REQUESTS, csr("signing-requests"), { ...DRY, headers: extra, remark: "by carol" });
    const master = {
      "impersonate-user": "carol",
      "impersonate-group": "system:masters",
      "impersonate-extra-scopes": ["x"],
    };
    await t.post(REQUESTS, csr("signing-requests"), {
      ...DRY,
      headers: master,
      remark: "by carol, a master",
    });
  }),
  ...["approval", "status"].map((subresource) =>
    test(`signing: conditions of ${subresource}`, async (t) => {
      const name = `signing-${subresource}`;
      const created = await made(t, name);
      const fresh = { "metadata.resourceVersion": undefined };
      for (const [remark, conditions] of Object.entries(CONDITIONS)) {
        const body = created.with({ ...fresh, "status.conditions": [...conditions] });
        await t.put(`${REQUESTS}/${name}/${subresource}`, body, { ...DRY, remark });
      }
      for (const first of ["Approved", "Denied", "Other"]) {
        const which = first === "Other" ? "status" : "approval";
        const own = `${name}-${first.toLowerCase()}`;
        const got = await made(t, own);
        await t.ask(
          "PUT",
          `${REQUESTS}/${own}/${which}`,
          got.with({ ...fresh, "status.conditions": [condition(first)] }),
        );
        for (const [remark, conditions] of Object.entries(CONDITIONS))
          await t.put(
            `${REQUESTS}/${own}/${subresource}`,
            got.with({ ...fresh, "status.conditions": [...conditions] }),
            { ...DRY, remark: `after ${first}: ${remark}` },
          );
      }
    }),
  ),
  test("signing: certificates", async (t) => {
    const created = await made(t, "signing-certificate");
    const path = `${REQUESTS}/signing-certificate`;
    const fresh = { "metadata.resourceVersion": undefined };
    const pem = (text: string) => Buffer.from(text).toString("base64");
    const certificates: Record<string, Json> = {
      none: "",
      "no base64": "???",
      "no PEM": pem("nothing"),
      "a request": CERTIFICATE_REQUEST,
      "a broken one": pem("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
      "with headers": pem("-----BEGIN CERTIFICATE-----\nA: b\n\nAAAA\n-----END CERTIFICATE-----\n"),
      "two, one broken": pem(
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n-----BEGIN X-----\nAAAA\n-----END X-----\n",
      ),
      "text around": pem("x\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\ny\n"),
    };
    for (const what of ["pending", "approved", "denied"]) {
      const conditions = what === "pending" ? [] : [condition(what === "approved" ? "Approved" : "Denied")];
      const name = `signing-certificate-${what}`;
      const got = await made(t, name);
      if (conditions.length > 0)
        await t.ask(
          "PUT",
          `${REQUESTS}/${name}/approval`,
          got.with({ ...fresh, "status.conditions": conditions }),
        );
      for (const [remark, certificate] of Object.entries(certificates)) {
        const body = got.with({
          ...fresh,
          "status.conditions": conditions,
          "status.certificate": certificate,
        });
        await t.put(`${REQUESTS}/${name}/status`, body, { ...DRY, remark: `${what}: ${remark}` });
        await t.put(`${REQUESTS}/${name}/approval`, body, {
          ...DRY,
          remark: `${what}, by approval: ${remark}`,
        });
        await t.put(`${REQUESTS}/${name}`, body, { ...DRY, remark: `${what}, by itself: ${remark}` });
      }
    }
    await t.patch(path, { spec: { usages: ["server auth"] } });
    await t.patch(`${path}/status`, { spec: { usages: ["server auth"] } });
    await t.patch(`${path}/approval`, {
      spec: { signerName: "example.com/t" },
      metadata: { labels: { a: "b" } },
    });
    await t.put(path, created.with({ "spec.username": "x" }));
    await t.get(REQUESTS, {
      query: { fieldSelector: "spec.signerName=example.com/s,metadata.name=signing-certificate" },
    });
    await t.delete(path);
  }),
];
