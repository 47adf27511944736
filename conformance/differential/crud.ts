/** The cases that every resource has, made from a valid object and a few changes to it. */

import { type Case, type Conversation, raw, test } from "./conversation.ts";
import { edited, type Json, type JsonObject } from "./json.ts";
import { mutations } from "./mutations.ts";

/** What an object holds besides apiVersion, kind and metadata.name. */
export type Shape = JsonObject | ((name: string, namespace: string) => JsonObject);

export interface Resource {
  /** "v1/configmaps", "apps/v1/deployments" */
  readonly resource: string;
  readonly kind: string;
  readonly clusterScoped?: boolean;
  /** Names that this kind accepts, where a plain word will not do. */
  readonly name?: (word: string) => string;
  readonly minimal: Shape;
  /** More valid objects: together they should set every field. */
  readonly variants?: Readonly<Record<string, Shape>>;
  /** A valid update. */
  readonly change: Readonly<Record<string, Json | undefined>>;
  /** A valid write of the status subresource. */
  readonly status?: Readonly<Record<string, Json | undefined>>;
  /** The object that can have such a status; default: the minimal one. */
  readonly statusOf?: Shape;
  readonly scale?: boolean;
  /** The server itself writes to the object soon after it was made. */
  readonly settles?: boolean;
}

export function crud(resource: Resource): Case[] {
  const cases = [life(resource), faults(resource), patches(resource), applies(resource), forms(resource)];
  if (resource.status !== undefined) cases.push(statuses(resource, resource.status));
  if (resource.scale) cases.push(scales(resource));
  const variants = Object.entries({ minimal: resource.minimal, ...resource.variants });
  for (const [variant, shape] of variants) cases.push(...wrongValues(resource, variant, shape));
  return cases;
}

const title = (resource: Resource, what: string) => `${resource.resource}: ${what}`;

/** Where the resource is, and how to build its objects, for one case. */
function setup(t: Conversation, resource: Resource, word: string) {
  t.settles = resource.settles ?? false;
  const [first = "", second] = resource.resource.split("/");
  const isCore = /^v\d/.test(first);
  const plural = resource.resource.split("/").pop() ?? "";
  const root = resource.clusterScoped
    ? `${isCore ? "/api/" : "/apis/"}${resource.resource}`
    : t.path(resource.resource);
  const apiVersion = isCore ? first : `${first}/${second}`;
  const nameOf = (suffix: string) => {
    const plain = resource.clusterScoped ? `${word}-${suffix}` : suffix;
    return resource.name?.(plain) ?? plain;
  };
  const at = (suffix: string) => `${root}/${encodeURIComponent(nameOf(suffix))}`;
  const build = (suffix: string, shape: Shape = resource.minimal): JsonObject => {
    if (resource.clusterScoped) t.leftovers.add(at(suffix));
    const name = nameOf(suffix);
    const rest = typeof shape === "function" ? shape(name, t.namespace) : shape;
    const base: JsonObject = { apiVersion, kind: resource.kind, metadata: { name } };
    const { metadata, ...others } = rest;
    return {
      ...edited(base, metadata === undefined ? {} : { metadata: { ...(metadata as JsonObject), name } }),
      ...others,
    };
  };
  return { root, at, build, nameOf, apiVersion, plural };
}

/** Lists only what the case made: cluster-scoped resources are shared. */
function selector(resource: Resource, name: string): Record<string, string> {
  return resource.clusterScoped ? { fieldSelector: `metadata.name=${name}` } : {};
}

function life(resource: Resource): Case {
  return test(title(resource, "life"), async (t) => {
    const { root, at, build, nameOf } = setup(t, resource, "life");
    await t.post(root, build("dry"), { query: { dryRun: "All" } });
    const created = await t.post(root, build("a"));
    await t.post(root, build("a"));
    await t.get(at("a"));
    await t.get(root, { query: selector(resource, nameOf("a")) });
    const same = await t.put(at("a"), created.object, { remark: "no change" });
    await t.put(at("a"), same.with(resource.change), { query: { dryRun: "All" } });
    const updated = await t.put(at("a"), same.with(resource.change));
    await t.put(at("a"), created.object, { remark: "stale" });
    await t.put(at("a"), updated.with({ ...resource.change, "metadata.resourceVersion": undefined }), {
      remark: "no resourceVersion",
    });
    await t.put(at("b"), build("b"), { remark: "missing" });
    await t.put(at("a"), build("b"), { remark: "another name" });
    await t.put(at("a"), updated.with({ "metadata.uid": "11111111-1111-1111-1111-111111111111" }));
    const watch = await t.watch(root, {
      query: { resourceVersion: updated.resourceVersion, ...selector(resource, nameOf("a")) },
    });
    await t.delete(at("a"), { preconditions: { uid: "11111111-1111-1111-1111-111111111111" } });
    await t.delete(at("a"), undefined, { query: { dryRun: "All" } });
    await t.delete(at("a"), { propagationPolicy: "Background", gracePeriodSeconds: 0 });
    await watch.events(1);
    watch.close();
    if (resource.settles) await t.until(at("a"), (answer) => answer.status === 404);
    await t.get(at("a"));
    await t.delete(at("a"));
  });
}

function faults(resource: Resource): Case {
  return test(title(resource, "faults"), async (t) => {
    const { root, at, build } = setup(t, resource, "faults");
    const object = build("a");
    await t.post(root, {}, { remark: "empty object" });
    await t.post(root, raw("application/json", ""), { remark: "no body" });
    await t.post(root, edited(object, { kind: undefined }), { remark: "no kind" });
    await t.post(root, edited(object, { apiVersion: undefined }), { remark: "no apiVersion" });
    await t.post(root, edited(object, { kind: "Nothing" }), { remark: "wrong kind" });
    await t.post(root, edited(object, { apiVersion: "example.com/v1" }), { remark: "wrong apiVersion" });
    await t.post(root, edited(object, { metadata: undefined }), { remark: "no metadata" });
    await t.post(root, edited(object, { "metadata.name": "Bad_Name!" }), { remark: "bad name" });
    await t.post(
      root,
      { apiVersion: object["apiVersion"] ?? "", kind: resource.kind, metadata: object["metadata"] ?? {} },
      {
        remark: "only metadata",
      },
    );
    await t.post(
      root,
      { ...object, nonsense: 1, spec: object["spec"] ?? "x" },
      {
        query: { fieldValidation: "Strict" },
        remark: "unknown field",
      },
    );
    await t.post(root, { ...object, nonsense: 1 }, { query: { dryRun: "All", fieldValidation: "Warn" } });
    await t.post(`${root}/a`, object, { remark: "POST to a name" });
    await t.request("PUT", root, object, { remark: "PUT to the collection" });
    await t.get(at("missing"));
    await t.patch(at("missing"), { metadata: { labels: { a: "b" } } });
    await t.get(root, { query: { fieldSelector: "nonsense=1" } });
    await t.get(root, { query: { labelSelector: "a in b" } });
  });
}

function patches(resource: Resource): Case {
  return test(title(resource, "patches"), async (t) => {
    const { root, at, build } = setup(t, resource, "patches");
    const created = await t.post(root, build("a"));
    const labels = { metadata: { labels: { a: "b", c: "d" }, annotations: { "example.com/x": "1" } } };
    await t.patch(at("a"), labels, { type: "merge", query: { dryRun: "All" } });
    await t.patch(at("a"), labels, { type: "merge" });
    await t.patch(at("a"), labels, { type: "merge", remark: "no change" });
    await t.patch(at("a"), { metadata: { labels: { a: null } } }, { type: "strategic" });
    await t.patch(at("a"), [
      { op: "test", path: "/metadata/labels/c", value: "d" },
      { op: "replace", path: "/metadata/labels/c", value: "e" },
    ]);
    await t.patch(at("a"), [{ op: "test", path: "/metadata/labels/c", value: "wrong" }]);
    await t.patch(at("a"), [{ op: "remove", path: "/metadata/labels/none" }]);
    await t.patch(at("a"), changeOf(created.object, resource.change), { type: "merge", remark: "a change" });
    await t.patch(
      at("a"),
      { metadata: { resourceVersion: created.resourceVersion } },
      { type: "merge", remark: "stale" },
    );
    await t.patch(at("a"), { metadata: { name: "other" } }, { type: "merge" });
    await t.patch(at("a"), { metadata: { labels: { "bad key!": "x" } } }, { type: "strategic" });
    await t.patch(
      at("a"),
      { spec: 5, nonsense: true },
      { type: "strategic", query: { fieldValidation: "Strict" } },
    );
    await t.patch(at("a"), { nonsense: true }, { type: "merge", query: { fieldValidation: "Warn" } });
    await t.get(at("a"));
  });
}

/** The change as a merge patch: lists whole. */
function changeOf(object: JsonObject, change: Resource["change"]): JsonObject {
  const changed = edited(object, change);
  const keys = Object.keys(change).map((path) => path.split(/[./]/).find((part) => part !== "") ?? "");
  if (keys.includes("metadata")) return edited({}, change);
  return Object.fromEntries(keys.map((key) => [key, changed[key] ?? null]));
}

function applies(resource: Resource): Case {
  return test(title(resource, "apply"), async (t) => {
    const { root, at, build } = setup(t, resource, "apply");
    const object = build("a");
    const labelled = (value: string) => edited(object, { "metadata.labels": { a: value } });
    await t.apply(at("a"), labelled("1"), "one", { query: { dryRun: "All" } });
    await t.apply(at("a"), labelled("1"), "one");
    await t.apply(at("a"), labelled("1"), "one", { remark: "no change" });
    await t.apply(at("a"), labelled("2"), "two", { remark: "conflict" });
    await t.apply(at("a"), labelled("2"), "two", { query: { force: true } });
    await t.apply(at("a"), object, "two", { remark: "label left out" });
    await t.apply(at("a"), edited(object, resource.change), "one", { remark: "a change" });
    await t.apply(at("a"), edited(object, { nonsense: 1 }), "one");
    const full = Object.values(resource.variants ?? {})[0];
    if (full !== undefined) await t.apply(at("full"), build("full", full), "one");
    await t.get(root, { query: selector(resource, "none") });
  });
}

const PROTOBUF = "application/vnd.kubernetes.protobuf";
const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
const METADATA = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json";
const METADATA_LIST = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json";

function forms(resource: Resource): Case {
  return test(title(resource, "forms"), async (t) => {
    const { root, at, build, nameOf } = setup(t, resource, "forms");
    const label = { "metadata.labels": { "differential/forms": "yes" } };
    const query = { labelSelector: "differential/forms=yes" };
    await t.post(root, edited(build("a"), label));
    for (const [number, shape] of Object.values(resource.variants ?? {}).entries()) {
      await t.post(root, edited(build(`v${number}`, shape), label));
    }
    await t.get(root, { query, accept: TABLE });
    await t.get(at("a"), { accept: TABLE, query: { includeObject: "None" } });
    await t.get(root, { query, accept: METADATA_LIST });
    await t.get(at("a"), { accept: METADATA });
    await t.get(at("a"), { accept: "application/yaml" });
    for (const suffix of ["a", ...Object.keys(resource.variants ?? {}).map((_, number) => `v${number}`)]) {
      const encoded = await t.get(at(suffix), { accept: PROTOBUF });
      // What the server wrote it must read: nothing changes.
      await t.put(at(suffix), raw(PROTOBUF, encoded.bytes), { remark: "protobuf as it was" });
      await t.delete(at(suffix), raw(PROTOBUF, encoded.bytes), { remark: "an object for options" });
    }
    await t.get(root, { query: { fieldSelector: `metadata.name=${nameOf("a")}`, ...query } });
    const watch = await t.watch(root, {
      accept: TABLE,
      query: { resourceVersion: "0", ...query, timeoutSeconds: 30 },
    });
    await watch.events(1);
    watch.close();
    await t.delete(root, undefined, { query: { ...query, dryRun: "All" } });
    await t.delete(root, undefined, { query });
    await t.get(root, { query });
  });
}

function statuses(resource: Resource, status: Readonly<Record<string, Json | undefined>>): Case {
  return test(title(resource, "status"), async (t) => {
    const { root, at, build } = setup(t, resource, "status");
    const early = await t.post(root, edited(build("a", resource.statusOf), status), {
      remark: "status on create",
    });
    await t.get(`${at("a")}/status`);
    const ignored = await t.put(at("a"), early.with(status), { remark: "status through the object" });
    const written = await t.put(`${at("a")}/status`, ignored.with({ ...status, ...resource.change }));
    await t.patch(`${at("a")}/status`, edited({}, status), { type: "merge", remark: "no change" });
    await t.patch(`${at("a")}/status`, { metadata: { labels: { a: "b" }, annotations: { a: "b" } } });
    await t.patch(`${at("a")}/status`, { status: null }, { type: "merge" });
    await t.put(`${at("a")}/status`, early.object, { remark: "stale" });
    const faulty = {
      apiVersion: early.at("apiVersion") ?? "",
      kind: resource.kind,
      metadata: early.at("metadata") ?? {},
    };
    for (const { remark, object } of mutations({ ...faulty, status: edited({}, status)["status"] ?? {} })) {
      const whole = edited(written.object, {
        status: object["status"],
        "metadata.resourceVersion": undefined,
      });
      await t.put(`${at("a")}/status`, whole, { remark, query: { dryRun: "All" } });
    }
    await t.apply(`${at("a")}/status`, {
      ...faulty,
      ...edited({}, { ...status, metadata: { name: early.at("metadata.name") ?? "" } }),
    });
    await t.post(`${at("a")}/status`, early.object);
    await t.delete(`${at("a")}/status`);
  });
}

function scales(resource: Resource): Case {
  return test(title(resource, "scale"), async (t) => {
    const { root, at, build } = setup(t, resource, "scale");
    await t.post(root, build("a"));
    const scale = await t.get(`${at("a")}/scale`);
    const scaled = await t.put(`${at("a")}/scale`, scale.with({ "spec.replicas": 3 }));
    await t.put(`${at("a")}/scale`, scale.with({ "spec.replicas": 4 }), { remark: "stale" });
    await t.put(`${at("a")}/scale`, scaled.with({ "spec.replicas": -1 }));
    await t.put(`${at("a")}/scale`, scaled.with({ "metadata.name": "b" }));
    await t.put(`${at("a")}/scale`, {}, { remark: "empty" });
    await t.patch(`${at("a")}/scale`, { spec: { replicas: 5 } }, { type: "merge" });
    await t.patch(`${at("a")}/scale`, [{ op: "replace", path: "/spec/replicas", value: 6 }]);
    await t.patch(`${at("a")}/scale`, { spec: { replicas: "x" } }, { type: "merge" });
    await t.apply(`${at("a")}/scale`, {
      apiVersion: "autoscaling/v1",
      kind: "Scale",
      metadata: { name: "a" },
      spec: { replicas: 7 },
    });
    await t.get(`${at("a")}/scale`, { accept: TABLE });
    await t.get(`${at("missing")}/scale`);
    await t.get(at("a"));
  });
}

const MUTATIONS_PER_CASE = 60;

/** Every single fault, once on create and once on update, as dry runs. */
function wrongValues(resource: Resource, variant: string, shape: Shape): Case[] {
  const probe = typeof shape === "function" ? shape(resource.name?.("probe") ?? "probe", "") : shape;
  const count = mutations(probe).length;
  const cases: Case[] = [];
  for (let first = 0; first < count; first += MUTATIONS_PER_CASE) {
    const part = count > MUTATIONS_PER_CASE ? ` ${first / MUTATIONS_PER_CASE + 1}` : "";
    cases.push(
      test(title(resource, `wrong values, ${variant}${part}`), async (t) => {
        const { root, at, build } = setup(
          t,
          resource,
          `wrong-${variant.toLowerCase().replaceAll(" ", "-")}${first}`,
        );
        const created = await t.post(root, build("a", shape));
        const version = created.at("metadata.resourceVersion");
        const faulty = mutations(build("a", shape)).slice(first, first + MUTATIONS_PER_CASE);
        const fresh = mutations(build("b", shape)).slice(first, first + MUTATIONS_PER_CASE);
        for (const [index, { remark, object }] of faulty.entries()) {
          await t.post(root, fresh[index]?.object ?? {}, { remark, query: { dryRun: "All" } });
          const update = edited(object, { "metadata.resourceVersion": version });
          await t.put(at("a"), update, { remark, query: { dryRun: "All" } });
        }
        await t.delete(at("a"), { gracePeriodSeconds: 0 });
      }),
    );
  }
  return cases;
}
