import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KubeObject } from "../api/object.ts";
import type { Client, WatchedEvent } from "./client.ts";

/** A client of an API server whose user may do everything, and how to let go of both. */
export type OpenClient = () => Promise<{ client: Client; close(): Promise<void> }>;

const namespace = "default";
const configMaps = { group: "", version: "v1", resource: "configmaps", namespace };
const deployments = { group: "apps", version: "v1", resource: "deployments", namespace };
const serviceAccounts = { group: "", version: "v1", resource: "serviceaccounts", namespace };

type ConfigMap = KubeObject & { data?: Record<string, string> };

const configMap = (name: string, data: Record<string, string> = {}): ConfigMap => ({
  kind: "ConfigMap",
  apiVersion: "v1",
  metadata: { name, labels: { suite: "client" } },
  data,
});

const deployment = (name: string): KubeObject => {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name: "c", image: "i" }] } };
  const spec = { replicas: 1, selector: { matchLabels: labels }, template };
  return { kind: "Deployment", apiVersion: "apps/v1", metadata: { name }, spec } as KubeObject;
};

const namesOf = (objects: readonly KubeObject[]) => objects.map(({ metadata }) => metadata.name);

/** What every form of the client promises, on an API server with nothing else in its namespace default. */
export function clientContract(name: string, open: OpenClient): void {
  describe(`client contract: ${name}`, () => {
    let client: Client;
    let close: () => Promise<void>;
    beforeAll(async () => {
      ({ client, close } = await open());
    });
    afterAll(() => close());

    /** The first events of a watch, which is ended then. */
    async function take(events: AsyncIterable<WatchedEvent>, count: number): Promise<WatchedEvent[]> {
      const taken: WatchedEvent[] = [];
      for await (const event of events) {
        taken.push(event);
        if (taken.length === count) break;
      }
      return taken;
    }

    test("what is created can be read, changed and deleted, and is frozen", async () => {
      const created = await client.create(configMaps, configMap("one", { a: "1" }), { fieldManager: "me" });
      expect(created).toMatchObject({
        kind: "ConfigMap",
        apiVersion: "v1",
        metadata: { name: "one", namespace },
      });
      expect(created.metadata.managedFields?.[0]?.manager).toBe("me");
      expect(Object.isFrozen(created) && Object.isFrozen(created.metadata)).toBe(true);
      const changed = await client.update(configMaps, { ...created, data: { a: "2" } } as ConfigMap);
      const read = (await client.get(configMaps, "one")) as ConfigMap;
      expect(read).toEqual(changed);
      expect(read.data).toEqual({ a: "2" });
      const { uid = "" } = read.metadata;
      const deleted = await client.delete(configMaps, "one", { preconditions: { uid } });
      expect(deleted).toMatchObject({ kind: "Status", status: "Success" });
    });

    test("a dry run changes nothing", async () => {
      await client.create(configMaps, configMap("dry"), { dryRun: true });
      await expect(client.get(configMaps, "dry")).rejects.toMatchObject({ code: 404 });
    });

    test("errors are StatusErrors with the words of the server", async () => {
      await expect(client.get(configMaps, "missing")).rejects.toMatchObject({
        ...{ name: "StatusError", code: 404, reason: "NotFound" },
        ...{ message: 'configmaps "missing" not found', details: { name: "missing", kind: "configmaps" } },
      });
      const created = await client.create(configMaps, configMap("conflict"));
      await client.update(configMaps, { ...created, data: { a: "2" } } as ConfigMap);
      await expect(
        client.update(configMaps, { ...created, data: { a: "3" } } as ConfigMap),
      ).rejects.toMatchObject({ code: 409, reason: "Conflict" });
      await expect(client.create(configMaps, configMap("conflict"))).rejects.toMatchObject({
        ...{ code: 409, reason: "AlreadyExists" },
      });
      await expect(client.create(configMaps, configMap("No!"))).rejects.toMatchObject({
        ...{ code: 422, reason: "Invalid", details: { causes: [{ field: "metadata.name" }] } },
      });
      const unknown = { group: "example.com", version: "v1", resource: "things" };
      await expect(client.list(unknown)).rejects.toMatchObject({ name: "StatusError", code: 404 });
    });

    test("every type of patch is applied as it is meant", async () => {
      await client.create(deployments, deployment("patched"));
      const spec = (object: KubeObject) => (object as KubeObject & { spec: Record<string, unknown> }).spec;
      const patch = (value: unknown, options: Parameters<Client["patch"]>[3]) =>
        client.patch(deployments, "patched", value, options);
      const replace = [{ op: "replace", path: "/spec/replicas", value: 2 }];
      expect(spec(await patch(replace, { type: "json" }))).toMatchObject({ replicas: 2 });
      expect(spec(await patch({ spec: { replicas: 3 } }, { type: "merge" }))).toMatchObject({ replicas: 3 });
      const container = { name: "c", env: [{ name: "A", value: "1" }] };
      const merged = await patch(
        { spec: { template: { spec: { containers: [container] } } } },
        { type: "strategic" },
      );
      expect(spec(merged)).toMatchObject({
        template: { spec: { containers: [{ name: "c", image: "i", env: [{ name: "A" }] }] } },
      });
      const applied = {
        ...{ kind: "Deployment", apiVersion: "apps/v1", metadata: { name: "patched" } },
        spec: { replicas: 4 },
      };
      const forced = await patch(applied, { type: "apply", fieldManager: "applier", force: true });
      expect(spec(forced)).toMatchObject({ replicas: 4 });
      const again = { ...applied, spec: { replicas: 5 } };
      await expect(patch(again, { type: "apply", fieldManager: "other" })).rejects.toMatchObject({
        ...{ code: 409, reason: "Conflict", details: { causes: [{ field: ".spec.replicas" }] } },
      });
      const strict = patch({ spec: { nonsense: 1 } }, { type: "merge", fieldValidation: "Strict" });
      await expect(strict).rejects.toMatchObject({ code: 422 });
    });

    test("subresources are read and written as such", async () => {
      const created = await client.create(deployments, deployment("scaled"));
      const scale = await client.get(deployments, "scaled", { subresource: "scale" });
      expect(scale).toMatchObject({ kind: "Scale", spec: { replicas: 1 } });
      await client.update(deployments, { ...scale, spec: { replicas: 6 } } as KubeObject, {
        subresource: "scale",
      });
      const status = { ...created, spec: undefined, status: { replicas: 9 } } as KubeObject;
      const { resourceVersion: _, ...metadata } = status.metadata;
      const written = await client.patch(
        ...([
          deployments,
          "scaled",
          { metadata, status: { replicas: 9 } },
          { type: "merge", subresource: "status" },
        ] as const),
      );
      expect(written).toMatchObject({ spec: { replicas: 6 }, status: { replicas: 9 } });
      await client.create(serviceAccounts, { metadata: { name: "robot" } });
      const request = { metadata: {}, spec: { audiences: [] } } as KubeObject;
      const token = await client.create(serviceAccounts, request, { name: "robot", subresource: "token" });
      expect(token).toMatchObject({ kind: "TokenRequest", status: { token: expect.any(String) } });
    });

    test("lists are selected from, and read by pages", async () => {
      for (const at of ["a", "b", "c"]) await client.create(configMaps, configMap(`page-${at}`));
      const labelSelector = "suite=client";
      const first = await client.list(configMaps, { limit: 2, labelSelector });
      expect(first).toMatchObject({ kind: "ConfigMapList", apiVersion: "v1" });
      expect(first.items[0]).toMatchObject({ kind: "ConfigMap", apiVersion: "v1" });
      const names = namesOf(first.items);
      let { metadata } = first;
      expect(metadata.continue).toBeTruthy();
      while (metadata.continue) {
        const page = await client.list(configMaps, { limit: 2, labelSelector, continue: metadata.continue });
        names.push(...namesOf(page.items));
        ({ metadata } = page);
      }
      const all = await client.list(configMaps, { labelSelector });
      expect(names).toEqual(namesOf(all.items));
      expect(Object.isFrozen(all.items[0])).toBe(true);
      const one = await client.list(configMaps, { fieldSelector: "metadata.name=page-b" });
      expect(namesOf(one.items)).toEqual(["page-b"]);
      const none = await client.list({ ...configMaps, namespace: "nowhere" });
      expect(none.items).toEqual([]);
    });

    test("a watch tells what happens after a version, in order", async () => {
      const { metadata } = await client.list(configMaps);
      const watching = take(client.watch(configMaps, { resourceVersion: metadata.resourceVersion }), 3);
      const created = await client.create(configMaps, configMap("watched"));
      await client.update(configMaps, { ...created, data: { a: "1" } } as ConfigMap);
      await client.delete(configMaps, "watched");
      const events = await watching;
      expect(events.map(({ type }) => type)).toEqual(["ADDED", "MODIFIED", "DELETED"]);
      expect(events[0]!.object).toEqual(created);
      expect(Object.isFrozen(events[0]!.object)).toBe(true);
    });

    test("a watch can begin with what there is, ended by a bookmark", async () => {
      await client.create(configMaps, configMap("initial"));
      const options = {
        sendInitialEvents: true,
        resourceVersionMatch: "NotOlderThan",
        allowWatchBookmarks: true,
        metadataOnly: true,
      } as const;
      const events: WatchedEvent[] = [];
      for await (const event of client.watch(configMaps, options)) {
        events.push(event);
        if (event.type === "BOOKMARK") break;
      }
      const { object } = events.at(-1)!;
      expect(object.metadata.annotations).toEqual({ "k8s.io/initial-events-end": "true" });
      const initial = events.find((event) => event.object.metadata.name === "initial")!;
      expect(initial).toMatchObject({ type: "ADDED", object: { kind: "PartialObjectMetadata" } });
      expect(initial.object).not.toHaveProperty("data");
    });

    test("a watch ends with its signal, at its time, and at once where the signal has gone", async () => {
      const ending = new AbortController();
      const events: WatchedEvent[] = [];
      const watching = (async () => {
        for await (const event of client.watch(configMaps, { signal: ending.signal })) {
          events.push(event);
          ending.abort();
        }
      })();
      await watching;
      expect(events).not.toEqual([]);
      expect(await take(client.watch(configMaps, { signal: ending.signal }), 1)).toEqual([]);
      const { metadata } = await client.list(configMaps);
      const { resourceVersion } = metadata;
      expect(await take(client.watch(configMaps, { resourceVersion, timeoutSeconds: 1 }), 1)).toEqual([]);
    });

    test("a watch that the server refuses throws, before its first event", async () => {
      const future = { resourceVersion: "1", sendInitialEvents: true };
      await expect(take(client.watch(configMaps, future), 1)).rejects.toMatchObject({ code: 422 });
    });

    test("a collection is deleted as it is selected", async () => {
      const labels = { suite: "collection" };
      for (const at of ["a", "b"]) {
        const { metadata, ...rest } = configMap(`collected-${at}`);
        await client.create(configMaps, { ...rest, metadata: { ...metadata, labels } });
      }
      await client.deleteCollection(configMaps, { labelSelector: "suite=collection" });
      expect((await client.list(configMaps, { labelSelector: "suite=collection" })).items).toEqual([]);
      expect((await client.list(configMaps, { labelSelector: "suite=client" })).items).not.toEqual([]);
    });

    test("what is served is known in every version, and in the preferred ones", async () => {
      const isIt = (resource: string) => (one: { resource: string }) => one.resource === resource;
      const expected = { group: "apps", version: "v1", kind: "Deployment", namespaced: true };
      const { resources: preferred, failed } = await client.preferredResources();
      expect(failed).toEqual([]);
      expect(preferred.find(isIt("deployments"))).toMatchObject(expected);
      expect(preferred.find(isIt("deployments"))?.verbs).toContain("deletecollection");
      const versions = (await client.servedResources()).filter(isIt("horizontalpodautoscalers"));
      expect(versions.map(({ version }) => version).sort()).toEqual(["v1", "v2"]);
      expect(preferred.filter(isIt("horizontalpodautoscalers")).map(({ version }) => version)).toEqual([
        "v2",
      ]);
      // What it knows stays right when it changes.
      expect((await client.preferredResources()).resources).toEqual(preferred);
    });
  });
}
