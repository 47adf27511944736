import { type Conversation, test } from "../../conversation.ts";
import type { JsonObject } from "../../json.ts";
import { named, pod } from "../../objects.ts";

/** Servers with the plug-in ServiceAccount; nobody makes accounts, but the cases. */
export const flags = [
  "--disable-admission-plugins=MutatingAdmissionPolicy,MutatingAdmissionWebhook,ValidatingAdmissionPolicy,ValidatingAdmissionWebhook",
];

export const isApart = true;

const MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
const LAG_MS = 400;

async function account(t: Conversation, name: string, more: JsonObject = {}, annotations: JsonObject = {}) {
  const object = { ...named("v1", "ServiceAccount", name, more as never), metadata: { name, annotations } };
  await t.ask("POST", t.path("v1/serviceaccounts"), object);
}

/** The names of token volumes are drawn: what matters is what they are like. */
async function shown(t: Conversation, name: string): Promise<void> {
  const made = await t.ask("GET", t.path(`v1/pods/${name}`));
  t.note(
    JSON.stringify(made.at("spec") ?? made.object).replaceAll(
      /kube-api-access-[a-z0-9]{5}\b/g,
      "kube-api-access-*",
    ),
  );
}

export const cases = [
  test("service accounts: tokens are mounted", async (t) => {
    const pods = t.path("v1/pods");
    await account(t, "default");
    await account(t, "silent", { automountServiceAccountToken: false });
    await account(t, "pulling", { imagePullSecrets: [{ name: "a" }, { name: "b" }] });
    await t.pause(LAG_MS);
    const mounted = (name: string, mountPath: string) => ({
      name: "c",
      image: "i",
      volumeMounts: [{ name, mountPath }],
    });
    const own = [{ name: "own", emptyDir: {} }];
    const specs: Record<string, JsonObject> = {
      plain: {},
      "not-wanted": { automountServiceAccountToken: false },
      silent: { serviceAccountName: "silent" },
      wanted: { serviceAccountName: "silent", automountServiceAccountToken: true },
      alias: { serviceAccount: "pulling" },
      "own-secrets": { serviceAccountName: "pulling", imagePullSecrets: [{ name: "c" }] },
      "own-mount": { volumes: own, containers: [mounted("own", MOUNT)] },
      "own-volume": { volumes: [{ name: "kube-api-access-mine", emptyDir: {} }] },
      several: {
        containers: [mounted("own", MOUNT), { name: "d", image: "i" }],
        initContainers: [{ name: "e", image: "i" }],
        volumes: own,
      },
    };
    for (const [name, spec] of Object.entries(specs)) {
      await t.post(pods, pod(name, spec), { compare: "head" });
      await shown(t, name);
    }
    await t.post(pods, pod("none", { serviceAccountName: "none" }));
    await t.post(pods, {
      ...pod(""),
      metadata: { generateName: "g-" },
      spec: { serviceAccountName: "none", containers: [{ name: "c", image: "i" }] },
    });
  }),
  test("service accounts: the default one is waited for", async (t) => {
    await t.post(t.path("v1/pods"), pod("p"));
  }),
  test("service accounts: mirror pods", async (t) => {
    await account(t, "default");
    const mirror = (spec: JsonObject = {}) =>
      pod("p", { nodeName: "n", ...spec }, { annotations: { "kubernetes.io/config.mirror": "x" } });
    const dry = (remark: string) => ({ remark, query: { dryRun: "All" } });
    const token = { projected: { sources: [{ serviceAccountToken: { path: "t" } }] } };
    await t.post(t.path("v1/pods"), mirror(), dry("plain"));
    await t.post(t.path("v1/pods"), mirror({ serviceAccountName: "default" }), dry("an account"));
    await t.post(
      t.path("v1/pods"),
      mirror({ volumes: [{ name: "v", secret: { secretName: "s" } }] }),
      dry("a secret"),
    );
    await t.post(t.path("v1/pods"), mirror({ imagePullSecrets: [{ name: "s" }] }), dry("a pull secret"));
    await t.post(t.path("v1/pods"), mirror({ volumes: [{ name: "v", ...token }] }), dry("a token"));
  }),
  test("service accounts: secrets that are not listed", async (t) => {
    const pods = t.path("v1/pods");
    const strict = { "kubernetes.io/enforce-mountable-secrets": "true" };
    await account(
      t,
      "strict",
      { secrets: [{ name: "s" }], imagePullSecrets: [{ name: "pull" }], automountServiceAccountToken: false },
      strict,
    );
    await t.pause(LAG_MS);
    const env = (name: string) => [{ name: "E", valueFrom: { secretKeyRef: { name, key: "k" } } }];
    const from = (name: string) => [{ secretRef: { name } }];
    const specs: Record<string, JsonObject> = {
      listed: {
        volumes: [{ name: "v", secret: { secretName: "s" } }],
        containers: [{ name: "c", image: "i", env: env("s"), envFrom: from("s") }],
      },
      volume: { volumes: [{ name: "v", secret: { secretName: "t" } }] },
      variable: { containers: [{ name: "c", image: "i", env: env("t") }] },
      variables: { containers: [{ name: "c", image: "i", envFrom: from("t") }] },
      "init variable": { initContainers: [{ name: "i", image: "i", env: env("t") }] },
      "init variables": { initContainers: [{ name: "i", image: "i", envFrom: from("t") }] },
      "pull secret": { imagePullSecrets: [{ name: "pull" }, { name: "t" }] },
    };
    for (const [remark, spec] of Object.entries(specs)) {
      await t.post(pods, pod("p", { serviceAccountName: "strict", ...spec }), {
        remark,
        query: { dryRun: "All" },
      });
    }
    await t.post(pods, pod("debugged", { serviceAccountName: "strict" }));
    const debug = (more: JsonObject) => ({
      spec: { ephemeralContainers: [{ name: "e", image: "i", ...more }] },
    });
    const path = `${pods}/debugged/ephemeralcontainers`;
    await t.patch(path, debug({ env: env("t") }), { type: "strategic" });
    await t.patch(path, debug({ envFrom: from("t") }), { type: "strategic" });
    await t.patch(path, debug({ env: env("s") }), { type: "strategic" });
  }),
];
