/** What people do with @kubernetes/client-node. */

import { deepEqual, equal, match, notEqual, ok, rejects } from "node:assert/strict";
import {
  ApiException,
  ApiextensionsV1Api,
  ApisApi,
  AppsV1Api,
  AuthenticationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  KubernetesObjectApi,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  type V1ConfigMap,
  type V1CustomResourceDefinition,
  type V1Deployment,
  VersionApi,
  Watch,
} from "@kubernetes/client-node";
import { check, cutConnections, end, env, eventually } from "./check.ts";

const namespace = "node";

function login(context: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(env("KUBECONFIG"));
  config.setCurrentContext(context);
  return config;
}

const config = login("certificate");
const core = config.makeApiClient(CoreV1Api);
const apps = config.makeApiClient(AppsV1Api);

interface Refusal {
  code: number;
  reason: string;
  message: string;
  details?: { causes?: { reason?: string; field?: string }[] };
  metadata?: { continue?: string };
}

/** The Status with which the server refuses. */
async function refusal(asked: Promise<unknown>): Promise<Refusal> {
  try {
    await asked;
  } catch (error) {
    if (!(error instanceof ApiException)) throw error;
    const status = typeof error.body === "string" ? JSON.parse(error.body) : error.body;
    equal(status.code, error.code);
    return status;
  }
  throw new Error("it is not refused");
}

async function refuses(asked: Promise<unknown>, code: number, reason: string): Promise<Refusal> {
  const status = await refusal(asked);
  deepEqual([status.code, status.reason], [code, reason]);
  return status;
}

const configMap = (name: string, data: Record<string, string>, labels?: Record<string, string>) => ({
  metadata: { name, ...(labels && { labels }) },
  data,
});

const createMap = (name: string, data: Record<string, string> = {}, labels?: Record<string, string>) =>
  core.createNamespacedConfigMap({ namespace, body: configMap(name, data, labels) });

const deployment = (name: string): V1Deployment => ({
  metadata: { name },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "web", image: "nginx:1" }] },
    },
  },
});

async function logins() {
  await check("a certificate logs in", async () => {
    const review = await config.makeApiClient(AuthenticationV1Api).createSelfSubjectReview({ body: {} });
    ok(review.status?.userInfo?.groups?.includes("system:masters"));
  });
  await check("a token logs in", async () => {
    const api = login("token").makeApiClient(AuthenticationV1Api);
    const { status } = await api.createSelfSubjectReview({ body: {} });
    equal(status?.userInfo?.username, "admin");
    equal(status?.userInfo?.uid, "u-admin");
    deepEqual(status?.userInfo?.groups, ["system:masters", "system:authenticated"]);
  });
  await check("a wrong token does not", async () => {
    const asked = login("stranger").makeApiClient(CoreV1Api).listNamespace();
    // Of this answer the library keeps the code only.
    await rejects(asked, (error) => error instanceof ApiException && error.code === 401);
  });
}

async function discovery() {
  await check("the version is 1.36", async () => {
    const version = await config.makeApiClient(VersionApi).getCode();
    deepEqual([version.major, version.minor], ["1", "36"]);
  });
  await check("groups and resources are discovered", async () => {
    const { groups } = await config.makeApiClient(ApisApi).getAPIVersions();
    equal(groups.find(({ name }) => name === "apps")?.preferredVersion?.version, "v1");
    const { resources } = await apps.getAPIResources();
    const found = resources.find(({ name }) => name === "deployments");
    deepEqual([found?.kind, found?.namespaced, found?.shortNames], ["Deployment", true, ["deploy"]]);
    ok(resources.some(({ name }) => name === "deployments/scale"));
  });
}

async function objects() {
  let made: V1ConfigMap = {};
  await check("an object is created", async () => {
    made = await createMap("crud", { a: "1" });
    match(made.metadata?.uid ?? "", /^[0-9a-f-]{36}$/);
    match(made.metadata?.resourceVersion ?? "", /^\d+$/);
    ok(made.metadata?.creationTimestamp instanceof Date);
    deepEqual(made.data, { a: "1" });
  });
  await check("it is read as it was written", async () => {
    deepEqual(await core.readNamespacedConfigMap({ namespace, name: "crud" }), made);
  });
  await check("it cannot be created twice", async () => {
    const { message } = await refuses(createMap("crud"), 409, "AlreadyExists");
    equal(message, 'configmaps "crud" already exists');
  });
  await check("it is replaced", async () => {
    const body = { ...made, data: { b: "2" } };
    const now = await core.replaceNamespacedConfigMap({ namespace, name: "crud", body });
    deepEqual(now.data, { b: "2" });
    equal(now.metadata?.uid, made.metadata?.uid);
    notEqual(now.metadata?.resourceVersion, made.metadata?.resourceVersion);
  });
  await check("a stale replacement is refused", async () => {
    const replaced = core.replaceNamespacedConfigMap({ namespace, name: "crud", body: made });
    const { message } = await refuses(replaced, 409, "Conflict");
    match(message, /the object has been modified; please apply your changes to the latest version/);
  });
  await check("a dry run changes nothing", async () => {
    const body = configMap("dry", {});
    const made = await core.createNamespacedConfigMap({ namespace, body, dryRun: "All" });
    ok(made.metadata?.uid);
    await refuses(core.readNamespacedConfigMap({ namespace, name: "dry" }), 404, "NotFound");
  });
  await check("unknown fields are dropped, or refused where that is asked for", async () => {
    const custom = config.makeApiClient(CustomObjectsApi);
    const deployments = { group: "apps", version: "v1", plural: "deployments", namespace };
    const body = { ...deployment("loose"), apiVersion: "apps/v1", kind: "Deployment", nonsense: 1 };
    const made = await custom.createNamespacedCustomObject({ ...deployments, body, dryRun: "All" });
    equal("nonsense" in made, false);
    const strict = { ...deployments, body, dryRun: "All", fieldValidation: "Strict" };
    const { message } = await refuses(custom.createNamespacedCustomObject(strict), 400, "BadRequest");
    match(message, /strict decoding error: unknown field "nonsense"/);
  });
  await check("an invalid object is refused with its fields", async () => {
    const body = deployment("Bad_Name");
    const status = await refuses(apps.createNamespacedDeployment({ namespace, body }), 422, "Invalid");
    const causes = status.details?.causes ?? [];
    ok(causes.some(({ reason, field }) => reason === "FieldValueInvalid" && field === "metadata.name"));
  });
  await check("labels select", async () => {
    await createMap("red", {}, { colour: "red" });
    await createMap("blue", {}, { colour: "blue" });
    const some = await core.listNamespacedConfigMap({ namespace, labelSelector: "colour in (red, green)" });
    deepEqual(
      some.items.map(({ metadata }) => metadata?.name),
      ["red"],
    );
    const one = await core.listNamespacedConfigMap({ namespace, fieldSelector: "metadata.name=blue" });
    deepEqual(
      one.items.map(({ metadata }) => metadata?.name),
      ["blue"],
    );
  });
  await check("it is deleted", async () => {
    const status = await core.deleteNamespacedConfigMap({ namespace, name: "crud" });
    equal(status.status, "Success");
    await refuses(core.readNamespacedConfigMap({ namespace, name: "crud" }), 404, "NotFound");
  });
  await check("a deletion with another uid is refused", async () => {
    const body = { preconditions: { uid: "other" } };
    await refuses(core.deleteNamespacedConfigMap({ namespace, name: "red", body }), 409, "Conflict");
  });
  await check("a collection is deleted", async () => {
    await core.deleteCollectionNamespacedConfigMap({ namespace, labelSelector: "colour" });
    const left = await core.listNamespacedConfigMap({ namespace, labelSelector: "colour" });
    deepEqual(left.items, []);
  });
}

async function lists() {
  await check("a list comes in pages of one version", async () => {
    for (const name of ["p1", "p2", "p3", "p4", "p5"]) await createMap(name, {}, { page: "x" });
    const names: string[] = [];
    const versions = new Set<string>();
    const remaining: (number | undefined)[] = [];
    let token: string | undefined;
    do {
      const page = await core.listNamespacedConfigMap({ namespace, limit: 2, _continue: token });
      names.push(...page.items.map(({ metadata }) => metadata?.name ?? ""));
      versions.add(page.metadata?.resourceVersion ?? "");
      remaining.push(page.metadata?.remainingItemCount);
      token = page.metadata?._continue;
    } while (token);
    deepEqual(
      names.filter((name) => name.startsWith("p")),
      ["p1", "p2", "p3", "p4", "p5"],
    );
    equal(versions.size, 1);
    equal(remaining.at(-1), undefined);
    equal(remaining[0], names.length - 2);
  });
  await check("an expired token is refused with one to go on from", async () => {
    const list = core.listNamespacedSecret({
      namespace: env("PAST_NAMESPACE"),
      _continue: env("PAST_CONTINUE"),
    });
    const status = await refuses(list, 410, "Expired");
    const rest = await core.listNamespacedSecret({
      namespace: env("PAST_NAMESPACE"),
      _continue: status.metadata?.continue,
    });
    deepEqual(
      rest.items.map(({ metadata }) => metadata?.name),
      ["b", "c"],
    );
  });
}

const as = (strategy: string) => setHeaderOptions("Content-Type", strategy);

async function patches() {
  await apps.createNamespacedDeployment({ namespace, body: deployment("patched") });
  const target = { namespace, name: "patched" };
  await check("a JSON patch", async () => {
    const body = [
      { op: "test", path: "/spec/replicas", value: 1 },
      { op: "replace", path: "/spec/replicas", value: 2 },
    ];
    const now = await apps.patchNamespacedDeployment({ ...target, body }, as(PatchStrategy.JsonPatch));
    equal(now.spec?.replicas, 2);
    equal(now.metadata?.generation, 2);
  });
  await check("a JSON patch whose test fails", async () => {
    const body = [{ op: "test", path: "/spec/replicas", value: 7 }];
    const patched = apps.patchNamespacedDeployment({ ...target, body }, as(PatchStrategy.JsonPatch));
    await refuses(patched, 422, "Invalid");
  });
  await check("a merge patch replaces lists", async () => {
    const containers = [{ name: "other", image: "busybox:1" }];
    const body = { metadata: { annotations: { a: "1" } }, spec: { template: { spec: { containers } } } };
    const now = await apps.patchNamespacedDeployment({ ...target, body }, as(PatchStrategy.MergePatch));
    deepEqual(
      now.spec?.template.spec?.containers.map(({ name }) => name),
      ["other"],
    );
    equal(now.metadata?.annotations?.["a"], "1");
  });
  await check("a merge patch removes with null", async () => {
    const body = { metadata: { annotations: null } };
    const now = await apps.patchNamespacedDeployment({ ...target, body }, as(PatchStrategy.MergePatch));
    equal(now.metadata?.annotations, undefined);
  });
  await check("a strategic merge patch merges lists by name", async () => {
    const containers = [{ name: "web", image: "nginx:2" }];
    const body = { spec: { template: { spec: { containers } } } };
    const how = as(PatchStrategy.StrategicMergePatch);
    const now = await apps.patchNamespacedDeployment({ ...target, body }, how);
    deepEqual(
      now.spec?.template.spec?.containers.map(({ name, image }) => [name, image]),
      [
        ["web", "nginx:2"],
        ["other", "busybox:1"],
      ],
    );
  });
  await check("scale is a view of the deployment", async () => {
    const scale = await apps.readNamespacedDeploymentScale(target);
    equal(scale.spec?.replicas, 2);
    await apps.replaceNamespacedDeploymentScale({ ...target, body: { ...scale, spec: { replicas: 4 } } });
    equal((await apps.readNamespacedDeployment(target)).spec?.replicas, 4);
  });
  await check("status is written apart", async () => {
    const before = await apps.readNamespacedDeployment(target);
    const body = { ...before, spec: deployment("patched").spec, status: { readyReplicas: 3, replicas: 3 } };
    const now = await apps.replaceNamespacedDeploymentStatus({ ...target, body });
    equal(now.status?.readyReplicas, 3);
    deepEqual(now.spec, before.spec);
    equal(now.metadata?.generation, before.metadata?.generation);
  });
}

async function serverSideApply() {
  const target = { namespace, name: "applied" };
  const how = as(PatchStrategy.ServerSideApply);
  const apply = (fieldManager: string, data: Record<string, string>, force?: boolean) => {
    const body = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "applied" }, data };
    return core.patchNamespacedConfigMap({ ...target, body, fieldManager, ...(force && { force }) }, how);
  };
  await check("server-side apply creates, and knows the manager", async () => {
    const now = await apply("one", { a: "1", b: "1" });
    const [entry] = now.metadata?.managedFields ?? [];
    deepEqual([entry?.manager, entry?.operation, entry?.fieldsType], ["one", "Apply", "FieldsV1"]);
    deepEqual(entry?.fieldsV1, { "f:data": { "f:a": {}, "f:b": {} } });
  });
  await check("another manager conflicts", async () => {
    const { message, details } = await refuses(apply("two", { a: "2" }), 409, "Conflict");
    match(message, /^Apply failed with 1 conflict: conflict with "one": \.data\.a$/);
    deepEqual(
      details?.causes?.map(({ reason, field }) => [reason, field]),
      [["FieldManagerConflict", ".data.a"]],
    );
  });
  await check("force takes the field over", async () => {
    const now = await apply("two", { a: "2" }, true);
    deepEqual(now.data, { a: "2", b: "1" });
  });
  await check("what a manager no longer applies goes", async () => {
    const now = await apply("one", {});
    deepEqual(now.data, { a: "2" });
  });
}

interface Seen {
  type: string;
  name: string;
  version: string;
}

/** Watches ConfigMaps until the event with this name and type. */
function watched(from: string, last: readonly [string, string]): Promise<Seen[]> {
  return new Promise((resolve, reject) => {
    const seen: Seen[] = [];
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    const query = { resourceVersion: from, labelSelector: "watched", timeoutSeconds: 20 };
    const controller = new Watch(config).watch(
      path,
      query,
      (type, { metadata }) => {
        seen.push({ type, name: metadata.name, version: metadata.resourceVersion });
        if (type !== last[0] || metadata.name !== last[1]) return;
        resolve(seen);
        controller.then((one) => one.abort());
      },
      (error) => reject(error ?? new Error(`the watch ended after ${JSON.stringify(seen)}`)),
    );
  });
}

const told = (events: readonly Seen[]) => events.map(({ type, name }) => `${type} ${name}`);

async function watches() {
  let events: Seen[] = [];
  await check("a watch tells of changes in their order", async () => {
    const { metadata } = await core.listNamespacedConfigMap({ namespace });
    const result = watched(metadata?.resourceVersion ?? "", ["DELETED", "w1"]);
    await createMap("w1", { a: "1" }, { watched: "x" });
    await createMap("w2", {}, { watched: "x" });
    await createMap("unseen", {});
    const body = { data: { a: "2" } };
    await core.patchNamespacedConfigMap({ namespace, name: "w1", body }, as(PatchStrategy.MergePatch));
    await core.deleteNamespacedConfigMap({ namespace, name: "w1" });
    events = await result;
    deepEqual(told(events), ["ADDED w1", "ADDED w2", "MODIFIED w1", "DELETED w1"]);
    const versions = events.map(({ version }) => Number(version));
    deepEqual(
      versions,
      versions.toSorted((a, b) => a - b),
    );
  });
  await check("a watch resumes after any event", async () => {
    deepEqual(told(await watched(events[0]?.version ?? "", ["DELETED", "w1"])), told(events.slice(1)));
    deepEqual(told(await watched(events[2]?.version ?? "", ["DELETED", "w1"])), ["DELETED w1"]);
  });
  await check("a watch from too old a version is told 410", async () => {
    const status = await new Promise<Refusal>((resolve, reject) => {
      new Watch(config).watch(
        `/api/v1/namespaces/${env("PAST_NAMESPACE")}/secrets`,
        { resourceVersion: env("PAST_VERSION"), timeoutSeconds: 5 },
        (type, object) => (type === "ERROR" ? resolve(object) : reject(new Error(type))),
        (error) => reject(error ?? new Error("it ended")),
      );
    });
    deepEqual([status.code, status.reason], [410, "Expired"]);
  });
  await check("a watch sends initial events and a bookmark", async () => {
    const seen = await new Promise<[string, string?][]>((resolve, reject) => {
      const all: [string, string?][] = [];
      const query = {
        labelSelector: "page",
        sendInitialEvents: true,
        allowWatchBookmarks: true,
        resourceVersionMatch: "NotOlderThan",
        timeoutSeconds: 10,
      };
      const controller = new Watch(config).watch(
        `/api/v1/namespaces/${namespace}/configmaps`,
        query,
        (type, { metadata }) => {
          all.push([type, metadata.annotations?.["k8s.io/initial-events-end"]]);
          if (type !== "BOOKMARK") return;
          resolve(all);
          controller.then((one) => one.abort());
        },
        reject,
      );
    });
    deepEqual(seen, [...Array.from({ length: 5 }, () => ["ADDED", undefined]), ["BOOKMARK", "true"]]);
  });
}

async function informers() {
  const labelSelector = "informed";
  const list = () => core.listNamespacedConfigMap({ namespace, labelSelector });
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const informer = makeInformer(config, path, list, labelSelector);
  const seen: string[] = [];
  for (const verb of ["add", "update", "delete"] as const) {
    informer.on(verb, ({ metadata, data }) => seen.push(`${verb} ${metadata?.name} ${data?.["a"]}`));
  }
  // Informers of this library stop at an error; their users start them again.
  let isWanted = true;
  const restart = () => isWanted && informer.start().catch(() => {});
  informer.on("error", () => setTimeout(restart, 50));
  const labels = { informed: "x" };
  const put = (name: string, a: string) =>
    core.replaceNamespacedConfigMap({ namespace, name, body: configMap(name, { a }, labels) });
  const sees = (...expected: string[]) =>
    eventually(
      () => seen,
      () => expected.every((one) => seen.includes(one)),
    );
  await check("an informer lists, then sees add, update and delete", async () => {
    await createMap("i1", { a: "1" }, labels);
    await informer.start();
    await sees("add i1 1");
    await createMap("i2", { a: "1" }, labels);
    await put("i2", "2");
    await core.deleteNamespacedConfigMap({ namespace, name: "i2" });
    await sees("delete i2 2");
    deepEqual(seen, ["add i1 1", "add i2 1", "update i2 2", "delete i2 2"]);
    deepEqual(
      informer.list().map(({ metadata }) => metadata?.name),
      ["i1"],
    );
  });
  await check("it goes on where its connection was cut", async () => {
    await cutConnections();
    await put("i1", "3").catch(() => put("i1", "3"));
    await createMap("i3", { a: "1" }, labels);
    await sees("update i1 3", "add i3 1");
    equal(seen.filter((one) => one === "update i1 3").length, 1);
    await core.deleteNamespacedConfigMap({ namespace, name: "i1" });
    await sees("delete i1 3");
    deepEqual(
      informer.list().map(({ metadata }) => metadata?.name),
      ["i3"],
    );
  });
  isWanted = false;
  await informer.stop();
}

const definition: V1CustomResourceDefinition = {
  metadata: { name: "greetings.node.example.com" },
  spec: {
    group: "node.example.com",
    scope: "Namespaced",
    names: { plural: "greetings", singular: "greeting", kind: "Greeting", listKind: "GreetingList" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: {
                type: "object",
                properties: { text: { type: "string" }, times: { type: "integer", _default: 1 } },
              },
            },
          },
        },
      },
    ],
  },
};

async function customResources() {
  const definitions = config.makeApiClient(ApiextensionsV1Api);
  const custom = config.makeApiClient(CustomObjectsApi);
  const kind = { group: "node.example.com", version: "v1", plural: "greetings", namespace };
  await check("a definition is established", async () => {
    await definitions.createCustomResourceDefinition({ body: definition });
    let established: string | undefined;
    const { name = "" } = definition.metadata!;
    const ask = async () => {
      const { status } = await definitions.readCustomResourceDefinition({ name });
      established = status?.conditions?.find(({ type }) => type === "Established")?.status;
    };
    for (let tries = 0; tries < 100 && established !== "True"; tries++) {
      await ask();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    equal(established, "True");
  });
  await check("custom objects are written, defaulted, patched and refused", async () => {
    const body = {
      apiVersion: "node.example.com/v1",
      kind: "Greeting",
      metadata: { name: "hello" },
      spec: { text: "hi" },
    };
    const made = await custom.createNamespacedCustomObject({ ...kind, body });
    deepEqual(made.spec, { text: "hi", times: 1 });
    const patch = { spec: { times: 2 } };
    const how = as(PatchStrategy.MergePatch);
    const now = await custom.patchNamespacedCustomObject({ ...kind, name: "hello", body: patch }, how);
    deepEqual(now.spec, { text: "hi", times: 2 });
    const wrong = { ...body, metadata: { name: "wrong" }, spec: { text: 1 } };
    await refuses(custom.createNamespacedCustomObject({ ...kind, body: wrong }), 422, "Invalid");
    const all = await custom.listNamespacedCustomObject(kind);
    equal(all.kind, "GreetingList");
    equal(all.items.length, 1);
  });
  await check("the object API finds any kind", async () => {
    const objects = KubernetesObjectApi.makeApiClient(config);
    const header = { apiVersion: "node.example.com/v1", kind: "Greeting" };
    const found = await objects.read({ ...header, metadata: { name: "hello", namespace } });
    equal(found.kind, "Greeting");
    const all = await objects.list("node.example.com/v1", "Greeting", namespace);
    equal(all.items.length, 1);
  });
}

await logins();
await core.createNamespace({ body: { metadata: { name: namespace } } });
await discovery();
await objects();
await lists();
await patches();
await serverSideApply();
await watches();
await informers();
await customResources();
end();
