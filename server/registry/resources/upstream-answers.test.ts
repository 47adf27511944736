import { describe, expect, it } from "vitest";
import { defaultFeatureGates, parseFeatureGates } from "../../../api/feature-gates.ts";
import { parseJson } from "../../../api/json.ts";
import type { JsonValue, KubeObject } from "../../../api/object.ts";
import { enabledResources, parseRuntimeConfig } from "../../../api/runtime-config.ts";
import { loadTables } from "../../../api/schema/tables.ts";
import { beforeCreate, beforeUpdate } from "../before-write.ts";
import { builtinTypes } from "../builtin-types.ts";
import { MemoryAllocationObjects } from "../memory-allocation-objects.ts";
import type { ResourceType, VersionCodec } from "../resource-type.ts";
import { resourceDefinitions } from "../resources.ts";
import { ServiceAllocation } from "../service-allocation.ts";
import rows from "./upstream-answers.json" with { type: "json" };

/**
 * What was sent to kube-apiserver 1.36.3 (no admission plug-ins, StorageVersionMigrator on) and what it made of it:
 * defaults, dropped fields, conversions and warnings. Without managedFields and what differs each time.
 */
interface Row {
  group: string;
  version: string;
  resource: string;
  name: string;
  /** "" or absent with a change: the resource itself. Changes are of the row before that has none. */
  subresource?: string;
  sent: JsonValue;
  answer: JsonValue;
  warnings: string[];
}

const answers = rows as unknown as Row[];
const gates = parseFeatureGates("StorageVersionMigrator=true");
const infos = enabledResources(loadTables().resources, {
  runtimeConfig: parseRuntimeConfig("api/all=true"),
  gates,
});
const context = {
  gates: defaultFeatureGates(),
  clock: { now: () => Date.parse("2026-11-21T10:00:00Z"), monotonic: () => 0, setTimer: () => () => {} },
  random: { next: () => 0.5, uuid: () => "00000000-0000-4000-8000-000000000000" },
  namespace: "default",
  user: { name: "admin", uid: "", groups: [], extra: {} },
  requestVersion: "v1",
  warn: () => {},
};

function typeOf({ group, resource }: Row): ResourceType {
  const serviceHooks = new ServiceAllocation({
    objects: new MemoryAllocationObjects("10.0.0.0/24"),
    families: ["IPv4"],
  });
  const types = builtinTypes(infos, resourceDefinitions({ serviceHooks, eventTtlSeconds: 3600 }), gates);
  return types.find((type) => type.group === group && type.resource === resource)!;
}

function read(codec: VersionCodec, sent: JsonValue): KubeObject {
  const { object } = codec.decode(parseJson(JSON.stringify(sent)).value);
  codec.applyDefaults(object);
  return codec.toHub(object);
}

/** Equal as JSON, in whatever order the members stand. */
const plain = (codec: VersionCodec, object: KubeObject) => JSON.parse(JSON.stringify(codec.fromHub(object)));

const title = ({ group, version, resource, name, subresource }: Row) =>
  `${group === "" ? "" : `${group}/`}${version} ${resource}${subresource ? `/${subresource}` : ""} ${name}`;

const created = answers.filter(({ subresource }) => subresource === undefined);
const changed = answers.filter(({ subresource }) => subresource !== undefined);

describe("creates as upstream does", () => {
  it.each(created.map((row) => [title(row), row] as const))("%s", async (_, row) => {
    const type = typeOf(row);
    const codec = type.versions.get(row.version)!;
    const { strategy } = type.definition;
    const object = read(codec, row.sent);
    const warnings: string[] = [];
    const warn = (message: string) => warnings.push(message);
    const own = {
      ...context,
      warn,
      namespace: type.namespaced ? "default" : "",
      requestVersion: row.version,
    };
    await strategy.hooks?.beginCreate?.(object, { ...own, dryRun: false });
    await beforeCreate(type, strategy, object, { context: own, dryRun: false });
    strategy.defaultOnRead?.(object);
    expect(plain(codec, object)).toEqual(row.answer);
    expect(warnings).toEqual(row.warnings);
  });
});

describe("changes as upstream does", () => {
  it.each(changed.map((row) => [title(row), row] as const))("%s", async (_, row) => {
    const type = typeOf(row);
    const codec = type.versions.get(row.version)!;
    const before = created.find((one) => title(one) === title({ ...row, subresource: "" }))!;
    const old = read(codec, before.answer);
    const object = read(codec, row.sent);
    for (const { metadata } of [old, object]) metadata.resourceVersion = "1";
    const { strategy, subresources } = type.definition;
    const warnings: string[] = [];
    const warn = (message: string) => warnings.push(message);
    const own = {
      ...context,
      warn,
      namespace: type.namespaced ? "default" : "",
      requestVersion: row.version,
    };
    if (!row.subresource) await strategy.hooks?.beginUpdate?.(object, old, { ...own, dryRun: false });
    const used = row.subresource ? subresources![row.subresource]! : strategy;
    await beforeUpdate(type, used, object, old, { context: own, dryRun: false });
    const { resourceVersion: _version, ...metadata } = object.metadata;
    expect(plain(codec, { ...object, metadata })).toEqual(row.answer);
    expect(warnings).toEqual(row.warnings);
  });
});
