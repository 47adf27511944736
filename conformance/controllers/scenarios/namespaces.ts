import assert from "node:assert/strict";
import {
  type Any,
  configMap,
  core,
  eventually,
  gone,
  newNamespace,
  release,
  type Scenario,
} from "../world.ts";

export const namespaceScenarios: readonly Scenario[] = [
  {
    name: "a new namespace gets an account, and gets it again",
    async play(world) {
      const { client } = world;
      await newNamespace(world, "accounts");
      const accounts = core("serviceaccounts", "accounts");
      const first = await eventually(() => client.get(accounts, "default"));
      await client.delete(accounts, "default");
      await eventually(async () => {
        const { metadata } = await client.get(accounts, "default");
        assert.notEqual(metadata.uid, first.metadata.uid);
      });
    },
  },
  {
    name: "a new namespace gets the authority of the server, and keeps it",
    async play(world) {
      const { client, ca } = world;
      await newNamespace(world, "authority");
      const configMaps = core("configmaps", "authority");
      const isRight = () =>
        eventually(async () => {
          const { data, metadata } = (await client.get(configMaps, "kube-root-ca.crt")) as Any;
          assert.deepEqual(data, { "ca.crt": ca });
          assert.match(metadata.annotations["kubernetes.io/description"], /^Contains a CA bundle/);
        });
      await isRight();
      const broken = { data: { "ca.crt": "nonsense", more: "x" } };
      await client.patch(configMaps, "kube-root-ca.crt", broken, { type: "merge" });
      await isRight();
      await client.delete(configMaps, "kube-root-ca.crt");
      await isRight();
    },
  },
  {
    name: "a namespace that goes is emptied, and says what holds it",
    async play(world) {
      const { client } = world;
      await newNamespace(world, "going");
      await client.create(
        core("configmaps", "going"),
        configMap("held", { finalizers: ["example.com/hold"] }),
      );
      await client.create(core("secrets", "going"), { metadata: { name: "plain" } });
      await client.delete(core("namespaces"), "going");
      await eventually(async () => {
        const { status } = (await client.get(core("namespaces"), "going")) as Any;
        assert.equal(status.phase, "Terminating");
        const said = status.conditions.map((one: Any) => [one.type, one.status, one.reason, one.message]);
        assert.deepEqual(said, [
          [
            ...["NamespaceDeletionDiscoveryFailure", "False", "ResourcesDiscovered"],
            "All resources successfully discovered",
          ],
          [
            ...["NamespaceDeletionGroupVersionParsingFailure", "False", "ParsedGroupVersions"],
            "All legacy kube types successfully parsed",
          ],
          [
            ...["NamespaceDeletionContentFailure", "False", "ContentDeleted"],
            "All content successfully deleted, may be waiting on finalization",
          ],
          [
            ...["NamespaceContentRemaining", "True", "SomeResourcesRemain"],
            "Some resources are remaining: configmaps. has 1 resource instances",
          ],
          [
            ...["NamespaceFinalizersRemaining", "True", "SomeFinalizersRemain"],
            "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances",
          ],
        ]);
      });
      await gone(client, core("secrets", "going"), "plain");
      await release(client, core("configmaps", "going"), "held");
      await gone(client, core("namespaces"), "going");
    },
  },
];
