import assert from "node:assert/strict";
import {
  type Any,
  configMap,
  core,
  eventually,
  gone,
  inGroup,
  newNamespace,
  release,
  type Scenario,
} from "../world.ts";

const notNamed = "kubefacade does not pass requests on to other API servers, nor name their groups";

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
  {
    name: "a namespace does not go while the server of some group does not answer",
    notIn: { "ours on ours": notNamed, "ours on ours over HTTP": notNamed, "upstream's on ours": notNamed },
    isAlone: true,
    async play(world) {
      const { client } = world;
      const services = inGroup("apiregistration.k8s.io", "apiservices");
      const name = "v1.silent.example.com";
      const spec = {
        ...{ group: "silent.example.com", version: "v1", groupPriorityMinimum: 100, versionPriority: 10 },
        ...{ insecureSkipTLSVerify: true, service: { namespace: "default", name: "silent" } },
      };
      await client.create(services, { metadata: { name }, spec } as Any);
      await newNamespace(world, "undiscovered");
      await eventually(async () => {
        const { failed } = await client.preferredResources();
        assert.deepEqual(failed, ["silent.example.com/v1"]);
      });
      await client.delete(core("namespaces"), "undiscovered");
      await eventually(async () => {
        const { status } = (await client.get(core("namespaces"), "undiscovered")) as Any;
        const { status: is, reason, message } = status.conditions[0];
        assert.deepEqual([is, reason], ["True", "DiscoveryFailed"]);
        const problem = "silent.example.com/v1: stale GroupVersion discovery: silent.example.com/v1";
        assert.equal(
          message,
          `Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: ${problem}`,
        );
      });
      await client.delete(services, name);
      await gone(client, core("namespaces"), "undiscovered");
    },
  },
];
