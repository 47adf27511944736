/** Writes objects as the registry does, but for storing them: for tests of what each kind's strategy makes of them. */
import { type FeatureGates, parseFeatureGates } from "../../../api/feature-gates.ts";
import { parseJson } from "../../../api/json.ts";
import type { JsonValue, KubeObject } from "../../../api/object.ts";
import { enabledResources, parseRuntimeConfig } from "../../../api/runtime-config.ts";
import { loadTables } from "../../../api/schema/tables.ts";
import { beforeCreate, beforeUpdate, fillSystemFields } from "../before-write.ts";
import { builtinTypes } from "../builtin-types.ts";
import { MemoryAllocationObjects } from "../memory-allocation-objects.ts";
import type { ResourceType, VersionCodec } from "../resource-type.ts";
import { type ResourceDependencies, resourceDefinitions } from "../resources.ts";
import { ServiceAllocation } from "../service-allocation.ts";
import type { WriteContext } from "../strategy.ts";

export interface Written {
  object: KubeObject;
  warnings: string[];
}

/** Resources of a server in which all APIs are on. */
export class TestRegistry {
  readonly #gates: FeatureGates;
  readonly #types: readonly ResourceType[];

  constructor(featureGates = "", dependencies: Partial<ResourceDependencies> = {}) {
    this.#gates = parseFeatureGates(featureGates);
    const runtimeConfig = parseRuntimeConfig("api/all=true");
    const infos = enabledResources(loadTables().resources, { runtimeConfig, gates: this.#gates });
    const objects = new MemoryAllocationObjects("10.0.0.0/24");
    const serviceHooks = new ServiceAllocation({ objects, families: ["IPv4"] });
    const definitions = resourceDefinitions({ serviceHooks, eventTtlSeconds: 3600, ...dependencies });
    this.#types = builtinTypes(infos, definitions, this.#gates);
  }

  /** "apps/v1/deployments" */
  resource(path: string): TestResource {
    const [plural = "", version = "", group = ""] = path.split("/").reverse();
    const type = this.#types.find((one) => one.group === group && one.resource === plural);
    const codec = type?.versions.get(version);
    if (!type || !codec) throw new Error(`no ${path}`);
    return new TestResource(type, codec, this.#gates);
  }
}

export class TestResource {
  readonly type: ResourceType;
  readonly #codec: VersionCodec;
  readonly #gates: FeatureGates;

  constructor(type: ResourceType, codec: VersionCodec, gates: FeatureGates) {
    this.type = type;
    this.#codec = codec;
    this.#gates = gates;
  }

  /** In the hub version, as a request's body becomes. */
  read(sent: JsonValue): KubeObject {
    const { object } = this.#codec.decode(parseJson(JSON.stringify(sent)).value);
    this.#codec.applyDefaults(object);
    return this.#codec.toHub(object);
  }

  /** In the version that the resource was asked for. */
  shown(object: KubeObject): JsonValue {
    return JSON.parse(JSON.stringify(this.#codec.fromHub(object))) as JsonValue;
  }

  /** The hub object as reading it back would give it. Throws a StatusError. */
  async create(sent: JsonValue, more: Partial<WriteContext> = {}): Promise<Written> {
    const { strategy } = this.type.definition;
    const warnings: string[] = [];
    const warn = (message: string) => warnings.push(message);
    const context = { ...this.context(), warn, requestVerb: "create", ...more };
    const object = this.read(sent);
    fillSystemFields(object, context);
    await strategy.hooks?.beginCreate?.(object, { ...context, dryRun: false });
    await beforeCreate(this.type, strategy, object, { context, dryRun: false });
    strategy.defaultOnRead?.(object);
    return { object, warnings };
  }

  /** The same for an update of an old hub object, of the resource ("") or one of its subresources. */
  async update(
    old: KubeObject,
    sent: JsonValue,
    subresource = "",
    more: Partial<WriteContext> = {},
  ): Promise<Written> {
    const { strategy, subresources } = this.type.definition;
    const used = subresource === "" ? strategy : subresources?.[subresource];
    if (!used) throw new Error(`no ${subresource}`);
    const warnings: string[] = [];
    const warn = (message: string) => warnings.push(message);
    const context = { ...this.context(), warn, requestVerb: "update", ...more };
    const object = this.read(sent);
    const before = structuredClone(old);
    for (const { metadata } of [object, before]) metadata.resourceVersion = "1";
    if (used === strategy) await strategy.hooks?.beginUpdate?.(object, before, { ...context, dryRun: false });
    await beforeUpdate(this.type, used, object, before, { context, dryRun: false });
    strategy.defaultOnRead?.(object);
    delete object.metadata.resourceVersion;
    return { object, warnings };
  }

  cells(object: KubeObject, now: number): { columns: string[]; cells: JsonValue[] } {
    const { columns, row } = this.#codec.table;
    const cells = JSON.parse(JSON.stringify(row(object, { now, gates: this.#gates }))) as JsonValue[];
    return { columns: columns.map(({ name }) => name), cells };
  }

  context(): WriteContext {
    return {
      gates: this.#gates,
      clock: {
        now: () => Date.parse("2026-11-21T10:00:00Z"),
        monotonic: () => 0,
        setTimer: () => () => {},
      },
      random: { next: () => 0.5, uuid: () => testUid },
      namespace: this.type.namespaced ? "default" : "",
      user: { name: "admin", uid: "u-admin", groups: ["system:masters", "system:authenticated"] },
      requestVersion: this.#codec.info.version,
      warn: () => {},
    };
  }
}

/** Of every new object. */
export const testUid = "00000000-0000-4000-8000-000000000000";
