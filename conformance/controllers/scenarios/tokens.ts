import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import {
  type Any,
  core,
  eventually,
  gone,
  isThere,
  newNamespace,
  type Scenario,
  userOf,
  type World,
  warningFor,
} from "../world.ts";

const tokenSecret = (name: string, account: string, labels: Record<string, string> = {}): Any => ({
  ...{ kind: "Secret", apiVersion: "v1", type: "kubernetes.io/service-account-token" },
  metadata: { name, labels, annotations: { "kubernetes.io/service-account.name": account } },
});

const bootstrapToken = (id: string, more: Record<string, string>): Any => ({
  ...{ kind: "Secret", apiVersion: "v1", type: "bootstrap.kubernetes.io/token" },
  metadata: { name: `bootstrap-token-${id}`, namespace: "kube-system" },
  stringData: { "token-id": id, "token-secret": "0123456789abcdef", ...more },
});

const text = (data: string) => Buffer.from(data, "base64").toString();
const inSeconds = (seconds: number) =>
  new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+/, "");

const legacy = "legacy-tokens";
const invalidSince = "kubernetes.io/legacy-token-invalid-since";

/** Secrets that the cluster is said to have made, before the controllers run. */
async function oldTokens(world: World): Promise<void> {
  const { client } = world;
  await newNamespace(world, legacy);
  const [accounts, secrets] = [core("serviceaccounts", legacy), core("secrets", legacy)];
  await client.create(accounts, { metadata: { name: "old" } });
  const lastUsed = { "kubernetes.io/legacy-token-last-used": "2020-01-01" };
  await client.create(secrets, tokenSecret("unused", "old", lastUsed));
  await client.create(secrets, tokenSecret("invalid", "old", { ...lastUsed, [invalidSince]: "2020-02-02" }));
  await client.create(secrets, tokenSecret("made-by-hand", "old", lastUsed));
  const listed = { secrets: [{ name: "unused" }, { name: "invalid" }] };
  await client.patch(accounts, "old", listed, { type: "merge" });
  const name = "kube-apiserver-legacy-service-account-token-tracking";
  await eventually(() =>
    client.patch(
      core("configmaps", "kube-system"),
      name,
      { data: { since: "2020-01-01" } },
      { type: "merge" },
    ),
  );
  // Longer than --legacy-service-account-token-clean-up-period.
  await new Promise((resolve) => setTimeout(resolve, 3000));
}

export const tokenScenarios: readonly Scenario[] = [
  {
    name: "a secret for an account's token is filled, good to log in with, and goes with the account",
    async play(world) {
      const { client, ca } = world;
      await newNamespace(world, "token-secrets");
      const [accounts, secrets] = [
        core("serviceaccounts", "token-secrets"),
        core("secrets", "token-secrets"),
      ];
      const account = await client.create(accounts, { metadata: { name: "robot" } });
      await client.create(secrets, tokenSecret("robot-token", "robot"));
      const { data, metadata } = await eventually(async () => {
        const secret = (await client.get(secrets, "robot-token")) as Any;
        assert.ok(secret.data?.token);
        return secret;
      });
      assert.equal(metadata.annotations["kubernetes.io/service-account.uid"], account.metadata.uid);
      assert.equal(text(data.namespace), "token-secrets");
      assert.equal(text(data["ca.crt"]), ca);
      const robot = await world.as({ token: text(data.token) });
      assert.equal((await userOf(robot)).username, "system:serviceaccount:token-secrets:robot");
      robot.close();
      await client.delete(accounts, "robot");
      await gone(client, secrets, "robot-token");
    },
  },
  {
    name: "who uses a token that the cluster is said to have made is warned, and the day is written down",
    async play(world) {
      const { client } = world;
      await newNamespace(world, "token-use");
      const [accounts, secrets] = [core("serviceaccounts", "token-use"), core("secrets", "token-use")];
      await client.create(accounts, { metadata: { name: "old" } });
      for (const name of ["generated", "by-hand"]) await client.create(secrets, tokenSecret(name, "old"));
      await client.patch(accounts, "old", { secrets: [{ name: "generated" }] }, { type: "merge" });
      const warningOf = (name: string) =>
        eventually(async () => {
          const { data } = (await client.get(secrets, name)) as Any;
          assert.ok(data?.token);
          return warningFor(world, text(data.token));
        });
      const what = "manually created secret-based tokens instead of auto-generated secret-based tokens.";
      assert.equal(await warningOf("generated"), `299 - "Use tokens from the TokenRequest API or ${what}"`);
      assert.equal(await warningOf("by-hand"), undefined);
      for (const name of ["generated", "by-hand"]) {
        const { labels } = (await client.get(secrets, name)).metadata;
        assert.match(labels?.["kubernetes.io/legacy-token-last-used"] ?? "", /^\d{4}-\d\d-\d\d$/);
      }
    },
  },
  {
    name: "a secret for the token of an account that there is not goes",
    async play(world) {
      await newNamespace(world, "token-orphans");
      const secrets = core("secrets", "token-orphans");
      await world.client.create(secrets, tokenSecret("nobody-token", "nobody"));
      await gone(world.client, secrets, "nobody-token");
    },
  },
  {
    name: "tokens that the cluster has made and nobody has used are marked, and later deleted",
    notIn: { "ours on ours": "kubefacade up has no --legacy-service-account-token-clean-up-period" },
    before: oldTokens,
    async play({ client }) {
      const secrets = core("secrets", legacy);
      await gone(client, secrets, "invalid");
      await eventually(async () => {
        const { labels } = (await client.get(secrets, "unused")).metadata;
        assert.match(labels?.[invalidSince] ?? "", /^\d{4}-\d\d-\d\d$/);
      });
      const { labels } = (await client.get(secrets, "made-by-hand")).metadata;
      assert.equal(labels?.[invalidSince], undefined);
    },
  },
  {
    name: "the cluster's address is signed by each bootstrap token that may sign",
    async play({ client }) {
      const [configMaps, secrets] = [core("configmaps", "kube-public"), core("secrets", "kube-system")];
      const kubeconfig = "a kubeconfig\n";
      await client.create(configMaps, { metadata: { name: "cluster-info" }, data: { kubeconfig } } as Any);
      await client.create(secrets, bootstrapToken("signer", { "usage-bootstrap-signing": "true" }));
      await client.create(secrets, bootstrapToken("silent", { "usage-bootstrap-authentication": "true" }));
      const encode = (part: string) => Buffer.from(part).toString("base64url");
      const header = encode('{"alg":"HS256","kid":"signer"}');
      const signature = createHmac("sha256", "0123456789abcdef")
        .update(`${header}.${encode(kubeconfig)}`)
        .digest("base64url");
      const dataOf = async () => ((await client.get(configMaps, "cluster-info")) as Any).data;
      await eventually(async () => {
        assert.deepEqual(await dataOf(), { kubeconfig, "jws-kubeconfig-signer": `${header}..${signature}` });
      });
      await client.delete(secrets, "bootstrap-token-signer");
      await eventually(async () => assert.deepEqual(await dataOf(), { kubeconfig }));
    },
  },
  {
    name: "bootstrap tokens go when their time is over",
    async play({ client }) {
      const secrets = core("secrets", "kube-system");
      await client.create(secrets, bootstrapToken("before", { expiration: inSeconds(-60) }));
      await client.create(secrets, bootstrapToken("sooner", { expiration: inSeconds(4) }));
      await client.create(secrets, bootstrapToken("future", { expiration: inSeconds(3600) }));
      await client.create(secrets, bootstrapToken("always", {}));
      await gone(client, secrets, "bootstrap-token-before");
      await gone(client, secrets, "bootstrap-token-sooner");
      for (const id of ["future", "always"]) {
        assert.ok(await isThere(client, secrets, `bootstrap-token-${id}`));
      }
    },
  },
];
