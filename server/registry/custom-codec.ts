import { customSchema, type StructuralSchema } from "../../api/apply/custom-schema.ts";
import { FieldManager } from "../../api/apply/field-manager.ts";
import { resetFieldSets } from "../../api/apply/reset-fields.ts";
import type { Schema } from "../../api/apply/schema.ts";
import { structSchema } from "../../api/apply/struct-schema.ts";
import { applyDefaults, pruneNulls } from "../../api/custom/defaults.ts";
import {
  type CustomResourceDefinition,
  type DefinitionVersion,
  deprecationOf,
  resourceInfo,
  schemaOf,
} from "../../api/custom/definition.ts";
import { isJsonObject, type JsonSchema } from "../../api/custom/json-schema.ts";
import {
  type CoerceOptions,
  coerceEmbedded,
  coerceObjectMeta,
  objectMetaStruct,
} from "../../api/custom/object-meta.ts";
import { pruneUnknown } from "../../api/custom/prune.ts";
import { customTable } from "../../api/custom/table.ts";
import { customFieldLabels } from "../../api/field-labels.ts";
import type { FieldTransform } from "../../api/field-selectors.ts";
import { cloneJson } from "../../api/json-clone.ts";
import { nestsTooDeep, tooDeepMessage } from "../../api/json-depth.ts";
import {
  apiVersionOf,
  type GroupVersionKind,
  type JsonObject,
  type JsonValue,
  type KubeObject,
} from "../../api/object.ts";
import type { DecodeOptions } from "../../api/schema/decode.ts";
import { DecodeError } from "../../api/schema/decode-error.ts";
import { type BodyText, cannotBeHandled, decodeUnstructured } from "../../api/schema/decode-object.ts";
import type { ResourceInfo } from "../../api/schema/types.ts";
import type { TableDefinition } from "../../api/tables/columns.ts";
import type { DecodedObject, VersionCodec } from "./resource-type.ts";
import type { ResourceDefinition } from "./strategy.ts";

/** What the codecs of one custom resource's versions share. */
export interface CustomCodecContext {
  definition: CustomResourceDefinition;
  /** All versions by apiVersion, also those that are only stored; filled while they are made. */
  versions: Map<string, CustomCodec>;
  hubApiVersion: string;
  /** The version's strategies, for the fields that its endpoints ignore. */
  strategies(version: string): ResourceDefinition;
}

/**
 * The codec of a custom resource's version: what its schema makes of an object. Versions differ in apiVersion only
 * (conversion strategy None). Source: unstructuredSchemaCoercer and its users in
 * k8s.io/apiextensions-apiserver/pkg/apiserver/customresource_handler.go.
 */
export class CustomCodec implements VersionCodec {
  readonly info: ResourceInfo;
  readonly apiVersion: string;
  readonly sameShape: boolean;
  readonly listStruct = undefined;
  readonly table: TableDefinition;
  readonly schema: Schema;
  readonly fieldLabels: FieldTransform;
  readonly deprecation: string | undefined;
  readonly #context: CustomCodecContext;
  readonly #schema: JsonSchema | undefined;
  /** Hub objects of this version's own making: what they hold besides the stored version's fields is not lost yet. */
  readonly #unstored = new WeakSet<KubeObject>();
  readonly #managers = new Map<string, FieldManager>();

  constructor(version: DefinitionVersion, context: CustomCodecContext) {
    const { definition } = context;
    this.info = resourceInfo(definition, version, "endpoint");
    this.apiVersion = apiVersionOf(this.info.group, this.info.version);
    // Only what was written by this very schema can be read without it.
    this.sameShape = definition.metadata.generation === 1 && definition.spec.versions.length === 1;
    this.table = customTable(version.additionalPrinterColumns);
    this.#schema = schemaOf(version);
    this.schema = customSchema(
      this.#schema as StructuralSchema | undefined,
      structSchema(objectMetaStruct()),
    );
    const selectable = (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath.replace(/^\./, ""));
    this.fieldLabels = customFieldLabels(this.info.namespaced, selectable);
    this.deprecation = deprecationOf(definition, version);
    this.#context = context;
    context.versions.set(this.apiVersion, this);
  }

  decode(value: JsonValue, options: DecodeOptions = {}): DecodedObject {
    const own = options.owned ? value : cloneJson(value);
    if (!isJsonObject(own)) throw new DecodeError("Object 'Kind' is missing");
    // What an apply has merged is of the schema's types, and taken as it is.
    if (options.unstructured) return { object: own as unknown as KubeObject, strictErrors: [] };
    own["metadata"] ??= {};
    const strictErrors = this.#coerce(own, { strict: options.strict ?? true, dropInvalid: false });
    return { object: own as unknown as KubeObject, strictErrors };
  }

  /** A patch may not make another kind of the object. */
  decodePatched(value: JsonValue, options: DecodeOptions): DecodedObject {
    const { kind, apiVersion } = isJsonObject(value) ? value : {};
    const { group, version, kind: own } = this.info;
    if (kind !== undefined && kind !== "" && kind !== own) {
      const [from = version] = typeof apiVersion === "string" ? apiVersion.split("/").slice(-1) : [];
      const to = `${group.split(".")[0]}.${own}`;
      throw new DecodeError(`converting (${from}.${String(kind)}) to (${to}): unknown conversion`);
    }
    return this.decode(value, options);
  }

  decodeBody(body: BodyText, strict: boolean): DecodedObject & { gvk: GroupVersionKind } {
    const { value, strictErrors, gvk, deep } = decodeUnstructured(body, this.info, strict);
    try {
      const own = gvk.kind === this.info.kind ? this.#coerce(value, { strict, dropInvalid: false }) : [];
      if (deep && nestsTooDeep(value)) throw new DecodeError(tooDeepMessage);
      return { object: value as unknown as KubeObject, strictErrors: [...strictErrors, ...own], gvk };
    } catch (error) {
      if (error instanceof DecodeError) throw cannotBeHandled(gvk, this.info, error.message);
      throw error;
    }
  }

  applyDefaults(object: KubeObject): void {
    applyDefaults(object as unknown as JsonObject, this.#schema);
  }

  toHub(object: KubeObject): KubeObject {
    const { hubApiVersion } = this.#context;
    if (hubApiVersion === this.apiVersion) return object;
    const hub = { ...object, apiVersion: hubApiVersion };
    this.#unstored.add(hub);
    return hub;
  }

  /** What the version that is stored does not know is not kept. */
  pruneForStorage(object: KubeObject): void {
    const hub = this.#hub;
    if (hub && hub !== this) hub.#prune(object as unknown as JsonObject);
  }

  /** What was stored is read by the schema of its version, with that one's defaults. */
  fromHub(object: KubeObject): KubeObject {
    const hub = this.#hub;
    if (this.sameShape && hub === this) return object;
    if (this.#unstored.has(object)) return { ...object, apiVersion: this.apiVersion };
    const own = cloneJson(object);
    if (hub) {
      hub.#coerce(own as unknown as JsonObject, { strict: false, dropInvalid: true });
      hub.applyDefaults(own);
    }
    own.metadata.generation ||= 1;
    if (hub === this) return own;
    own.apiVersion = this.apiVersion;
    this.#prune(own as unknown as JsonObject);
    return own;
  }

  get #hub(): CustomCodec | undefined {
    return this.#context.versions.get(this.#context.hubApiVersion);
  }

  toJson(object: KubeObject): KubeObject {
    return this.fromHub(object);
  }

  emptyObject(): KubeObject {
    return { kind: this.info.kind, apiVersion: this.apiVersion, metadata: {} };
  }

  fieldManager(subresource: string): FieldManager {
    let manager = this.#managers.get(subresource);
    if (!manager) {
      const { strategies, versions } = this.#context;
      const { strategy, subresources } = strategies(this.info.version);
      const { resetFields = {} } = subresource === "" ? strategy : (subresources?.[subresource] ?? {});
      manager = new FieldManager({
        kind: this.info.kind,
        version: this,
        versions: { find: (apiVersion) => versions.get(apiVersion) },
        subresource,
        // The scale subresource ignores nothing by itself.
        resetFields: resetFieldSets(subresource === "scale" ? {} : resetFields, versions.keys()),
        checkLive: true,
      });
      this.#managers.set(subresource, manager);
    }
    return manager;
  }

  /** Brings an object into the form of the schema, in place; returns strict errors. */
  #coerce(object: JsonObject, options: CoerceOptions): string[] {
    const unknown: string[] = [];
    const { metadata } = object;
    if (metadata !== undefined) {
      const coerced = coerceObjectMeta(metadata, "metadata", options);
      unknown.push(...coerced.unknown);
      object["metadata"] = coerced.metadata;
    }
    unknown.push(...this.#prune(object));
    unknown.push(...coerceEmbedded(object, this.#schema, options));
    return options.strict ? unknown.map((path) => `unknown field "${path}"`) : [];
  }

  #prune(object: JsonObject): string[] {
    if (this.#context.definition.spec.preserveUnknownFields) return [];
    const unknown = pruneUnknown(object, this.#schema);
    pruneNulls(object, this.#schema);
    return unknown;
  }
}
