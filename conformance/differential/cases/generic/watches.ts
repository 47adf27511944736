import { type Conversation, test } from "../../conversation.ts";
import { configMap, deployment, pod } from "../../objects.ts";

const labelled = (name: string, label: string) => configMap(name, { metadata: { labels: { a: label } } });

async function twoMaps(t: Conversation): Promise<string> {
  await t.ask("POST", t.path("v1/configmaps"), labelled("one", "x"));
  await t.ask("POST", t.path("v1/configmaps"), labelled("two", "y"));
  return t.path("v1/configmaps");
}

const isBookmark = (event: { [key: string]: unknown }) => event["type"] === "BOOKMARK";

export const cases = [
  test("watches: from nothing, 0, a version and the past", async (t) => {
    const all = await twoMaps(t);
    const version = (await t.ask("GET", `${all}/one`)).resourceVersion;
    let round = 0;
    for (const query of [{}, { resourceVersion: "0" }, { resourceVersion: version }] as Record<
      string,
      string
    >[]) {
      const watch = await t.watch(all, { query });
      await watch.quiet(100);
      await t.ask(
        "PATCH",
        `${all}/one`,
        { data: { n: String(round++) } },
        { headers: { "content-type": "application/merge-patch+json" } },
      );
      watch.close();
    }
  }),
  test("watches: follow writes", async (t) => {
    const all = t.path("v1/configmaps");
    const start = await t.get(all);
    const watch = await t.watch(all, { query: { resourceVersion: start.resourceVersion } });
    await t.post(all, labelled("a", "x"));
    await t.patch(`${all}/a`, { data: { k: "v" } });
    await t.patch(`${all}/a`, { data: { k: "v" } }, { remark: "no change" });
    await t.delete(`${all}/a`);
    await watch.events(3);
    await watch.quiet();
  }),
  test("watches: objects come into and leave a selection", async (t) => {
    const all = await twoMaps(t);
    const watch = await t.watch(all, { query: { labelSelector: "a=x", resourceVersion: "0" } });
    await watch.events(1);
    await t.patch(`${all}/two`, { metadata: { labels: { a: "x" } } });
    await t.patch(`${all}/one`, { metadata: { labels: { a: "z" } } });
    await t.patch(`${all}/one`, { data: { still: "out" } });
    await t.patch(`${all}/two`, { data: { still: "in" } });
    await t.delete(`${all}/two`);
    await watch.events(4);
    await watch.quiet();
  }),
  test("watches: one object", async (t) => {
    const all = await twoMaps(t);
    const byField = await t.watch(all, {
      query: { fieldSelector: "metadata.name=one", resourceVersion: "0" },
    });
    await byField.events(1);
    const byOldPath = await t.watch(`/api/v1/watch/namespaces/${t.namespace}/configmaps/one`, {
      query: { resourceVersion: "0" },
    });
    await byOldPath.events(1);
    const byPath = await t.watch(`${all}/one`, { query: { resourceVersion: "0" } });
    await byPath.quiet();
    await t.patch(`${all}/two`, { data: { a: "b" } });
    await t.patch(`${all}/one`, { data: { a: "b" } });
    await byField.events(1);
    await byOldPath.events(1);
    await byField.quiet();
  }),
  test("watches: old paths", async (t) => {
    await twoMaps(t);
    const paths = [
      `/api/v1/watch/namespaces/${t.namespace}/configmaps`,
      `/apis/apps/v1/watch/namespaces/${t.namespace}/deployments`,
      `/api/v1/watch/namespaces/${t.namespace}/configmaps/one`,
      `/api/v1/watch/namespaces/${t.namespace}`,
      "/api/v1/watch/nothing",
    ];
    for (const path of paths) {
      const watch = await t.watch(path, { query: { resourceVersion: "0", timeoutSeconds: 1 } });
      await watch.quiet(100);
      watch.close();
    }
  }),
  test("watches: initial events", async (t) => {
    const all = await twoMaps(t);
    const query = {
      sendInitialEvents: true,
      allowWatchBookmarks: true,
      resourceVersionMatch: "NotOlderThan",
    };
    const watch = await t.watch(all, { query });
    await watch.eventsUntil(isBookmark);
    await t.post(all, labelled("three", "x"));
    await watch.events(1);
    const from = await t.watch(all, { query: { ...query, resourceVersion: "0", labelSelector: "a=y" } });
    await from.eventsUntil(isBookmark);
    const empty = await t.watch(t.path("v1/secrets"), { query });
    await empty.eventsUntil(isBookmark);
    const none = await t.watch(all, { query: { ...query, sendInitialEvents: false, resourceVersion: "0" } });
    await none.quiet();
    const silent = await t.watch(all, {
      query: { sendInitialEvents: true, resourceVersionMatch: "NotOlderThan" },
    });
    await silent.events(3);
    await silent.quiet();
    const tables = await t.watch(all, { query, accept: "application/json;as=Table;v=v1;g=meta.k8s.io" });
    await tables.eventsUntil(isBookmark);
    const metadata = await t.watch(all, {
      query,
      accept: "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
    });
    await metadata.eventsUntil(isBookmark);
  }),
  test("watches: parameters that do not go together", async (t) => {
    const all = await twoMaps(t);
    const combinations: Record<string, string>[] = [
      { sendInitialEvents: "true" },
      { sendInitialEvents: "true", resourceVersionMatch: "Exact" },
      { sendInitialEvents: "maybe" },
      { resourceVersionMatch: "NotOlderThan" },
      { resourceVersionMatch: "Exact", resourceVersion: "0" },
      { sendInitialEvents: "false", resourceVersionMatch: "NotOlderThan", resourceVersion: "x" },
      { resourceVersion: "x" },
      { resourceVersion: "-1" },
      { limit: "1" },
      { continue: "x" },
      { labelSelector: "a in b" },
      { fieldSelector: "data.a=b" },
      { timeoutSeconds: "x" },
      { allowWatchBookmarks: "maybe" },
    ];
    for (const query of combinations) {
      const watch = await t.watch(all, { query });
      await watch.quiet(100);
      watch.close();
    }
    // Whether the real server still says that the time is over is a race.
    const over = await t.watch(all, { query: { timeoutSeconds: "-5" } });
    over.close();
  }),
  test("watches: from a version that is too old", async (t) => {
    const all = await twoMaps(t);
    const watch = await t.watch(all, { query: { resourceVersion: "1" } });
    await watch.end();
  }),
  test("watches: from the future", async (t) => {
    const all = await twoMaps(t);
    const watch = await t.watch(all, { query: { resourceVersion: "99999999", timeoutSeconds: 1 } });
    await watch.end();
    const initial = await t.watch(all, {
      query: {
        resourceVersion: "99999999",
        sendInitialEvents: true,
        allowWatchBookmarks: true,
        resourceVersionMatch: "NotOlderThan",
      },
    });
    await initial.quiet(100);
  }),
  test("watches: end after their time", async (t) => {
    const all = await twoMaps(t);
    const watch = await t.watch(all, { query: { resourceVersion: "0", timeoutSeconds: 1 } });
    await watch.end();
    const bookmarks = await t.watch(all, {
      query: { resourceVersion: "0", timeoutSeconds: 1, allowWatchBookmarks: true },
    });
    await bookmarks.events(2);
  }),
  test("watches: several kinds of client", async (t) => {
    const all = await twoMaps(t);
    const query = { resourceVersion: "0", timeoutSeconds: 1, fieldSelector: "metadata.name=one" };
    for (const accept of [
      "application/json;stream=watch",
      "application/json",
      "*/*",
      "application/yaml",
      "text/html",
      "application/vnd.kubernetes.protobuf",
      "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
      "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
      "application/json;as=Nothing;v=v1;g=meta.k8s.io",
    ]) {
      const watch = await t.watch(all, { query, accept });
      if (accept.includes("json") || accept === "*/*") await watch.events(1);
      watch.close();
    }
  }),
  test("watches: of graceful deletion and finalizers", async (t) => {
    const all = t.path("v1/configmaps");
    await t.post(all, configMap("a", { metadata: { finalizers: ["example.com/x"] } }));
    const watch = await t.watch(all, { query: { resourceVersion: "0" } });
    await watch.events(1);
    await t.delete(`${all}/a`);
    await t.patch(`${all}/a`, { metadata: { finalizers: null } });
    await watch.events(2);
    await watch.quiet();
    const pods = t.path("v1/pods");
    await t.post(pods, pod("p", { nodeName: "n" }));
    const podWatch = await t.watch(pods, { query: { resourceVersion: "0" } });
    await podWatch.events(1);
    await t.delete(`${pods}/p`, { gracePeriodSeconds: 7 });
    await t.delete(`${pods}/p`, { gracePeriodSeconds: 3 });
    await t.delete(`${pods}/p`, { gracePeriodSeconds: 0 });
    await podWatch.events(3);
    await podWatch.quiet();
  }),
  test("watches: status and scale", async (t) => {
    const all = t.path("apps/v1/deployments");
    await t.post(all, deployment("d"));
    const watch = await t.watch(all, { query: { resourceVersion: "0" } });
    await watch.events(1);
    await t.patch(`${all}/d/scale`, { spec: { replicas: 4 } });
    await t.patch(`${all}/d/status`, { status: { replicas: 4, readyReplicas: 2 } });
    await watch.events(2);
    await t.delete(all);
    await watch.events(1);
  }),
];
