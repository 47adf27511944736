import { FieldManager } from "../../api/apply/field-manager.ts";
import { resetFieldSets } from "../../api/apply/reset-fields.ts";
import type { Schema } from "../../api/apply/schema.ts";
import { structSchema } from "../../api/apply/struct-schema.ts";
import { conversionOf, fromHub, toHub } from "../../api/conversion/conversion.ts";
import { defaulterOf } from "../../api/defaults/defaults.ts";
import type { FeatureGates } from "../../api/feature-gates.ts";
import { apiVersionOf, type GroupVersionKind, type JsonValue, type KubeObject } from "../../api/object.ts";
import { type DecodeOptions, decodeStruct, normalizeStruct } from "../../api/schema/decode.ts";
import {
  type BodyText,
  type DecodeTarget,
  decodeObject,
  decodePatched,
} from "../../api/schema/decode-object.ts";
import { inGoOrder, jsonForm } from "../../api/schema/forms.ts";
import { loadTables } from "../../api/schema/tables.ts";
import type { ResourceInfo, StructType } from "../../api/schema/types.ts";
import type { TableDefinition } from "../../api/tables/columns.ts";
import { tableOf } from "../../api/tables/tables.ts";
import type { DecodedObject, VersionCodec } from "./resource-type.ts";
import type { ResourceDefinition } from "./strategy.ts";

/** What the codecs of one built-in resource's versions share. */
export interface BuiltinCodecContext {
  hubApiVersion: string;
  definition: ResourceDefinition;
  gates: FeatureGates;
  /** Other versions in which a body may come, in the same form. Source: rest.GroupVersionAcceptor. */
  acceptedVersions?: readonly string[];
  /** All codecs of the resource by apiVersion; filled while they are made. */
  versions: Map<string, BuiltinCodec>;
}

/** The codec of a built-in kind: everything about it is in the generated tables and the tables under api/. */
export class BuiltinCodec implements VersionCodec {
  readonly info: ResourceInfo;
  readonly apiVersion: string;
  readonly sameShape: boolean;
  readonly #struct: StructType;
  readonly #context: BuiltinCodecContext;
  readonly #target: DecodeTarget;
  readonly #managers = new Map<string, FieldManager>();

  constructor(info: ResourceInfo, context: BuiltinCodecContext) {
    if (!info.struct) throw new TypeError(`no type for ${info.kind}`);
    this.info = info;
    this.apiVersion = apiVersionOf(info.group, info.version);
    this.sameShape = conversionOf(this.apiVersion, info.kind)?.fromHub === undefined;
    this.#struct = info.struct;
    this.#context = context;
    const { group, version, kind } = info;
    const tables = loadTables();
    const accepted = context.acceptedVersions ?? [];
    this.#target = {
      group,
      version,
      kind,
      structOf: (gvk) => {
        const isOwn = gvk.kind === kind && accepted.includes(apiVersionOf(gvk.group, gvk.version));
        return isOwn ? this.#struct : tables.kind(gvk.group, gvk.version, gvk.kind);
      },
      acceptsVersion: (apiVersion) => accepted.includes(apiVersion),
    };
    context.versions.set(this.apiVersion, this);
  }

  get schema(): Schema {
    return structSchema(this.#struct);
  }

  get table(): TableDefinition {
    return tableOf(this.info.group, this.info.kind);
  }

  get listStruct(): StructType | undefined {
    return loadTables().kind(this.info.group, this.info.version, this.info.listKind);
  }

  decode(value: JsonValue, options?: DecodeOptions): DecodedObject {
    const { value: object, strictErrors } = decodeStruct(this.#struct, value, options);
    return { object: object as unknown as KubeObject, strictErrors };
  }

  decodePatched(value: JsonValue, options: DecodeOptions): DecodedObject {
    const { value: decoded, strictErrors, gvk } = decodePatched(value, this.#target, options);
    const object = decoded as unknown as KubeObject;
    const version = this.#context.versions.get(apiVersionOf(gvk.group, gvk.version));
    if (!version || version === this) return { object, strictErrors };
    version.applyDefaults(object);
    return { object: this.fromHub(version.toHub(object)), strictErrors };
  }

  decodeBody(body: BodyText, strict: boolean): DecodedObject & { gvk: GroupVersionKind } {
    const { value, strictErrors, gvk } = decodeObject(body, this.#target, strict);
    return { object: value as unknown as KubeObject, strictErrors, gvk };
  }

  async decodeProtobuf(bytes: Uint8Array): Promise<DecodedObject & { gvk: GroupVersionKind }> {
    const { decodeProtobufObject } = await import("../../api/schema/decode-protobuf.ts");
    const { value, strictErrors, gvk } = decodeProtobufObject(bytes, this.#target);
    return { object: value as unknown as KubeObject, strictErrors, gvk };
  }

  applyDefaults(object: KubeObject): void {
    defaulterOf(this.apiVersion, this.info.kind)?.(object, { gates: this.#context.gates });
  }

  toHub(object: KubeObject): KubeObject {
    return toHub(object, this.#context.hubApiVersion);
  }

  fromHub(object: KubeObject): KubeObject {
    const converted = fromHub(object, this.apiVersion);
    return this.sameShape ? converted : inGoOrder(this.#struct, converted);
  }

  toJson(object: KubeObject): KubeObject {
    return jsonForm(this.#struct, this.fromHub(object));
  }

  emptyObject(): KubeObject {
    const { kind } = this.info;
    return normalizeStruct(this.#struct, { kind, apiVersion: this.apiVersion }) as unknown as KubeObject;
  }

  fieldManager(subresource: string): FieldManager {
    let manager = this.#managers.get(subresource);
    if (!manager) {
      const { definition, versions } = this.#context;
      const strategy = subresource === "" ? definition.strategy : definition.subresources?.[subresource];
      manager = new FieldManager({
        kind: this.info.kind,
        version: this,
        versions: { find: (apiVersion) => versions.get(apiVersion) },
        subresource,
        resetFields: resetFieldSets(strategy?.resetFields ?? {}, versions.keys()),
      });
      this.#managers.set(subresource, manager);
    }
    return manager;
  }
}
