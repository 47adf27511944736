import type { FieldManager } from "../../api/apply/field-manager.ts";
import type { FieldTransform } from "../../api/field-selectors.ts";
import type { GroupVersionKind, JsonValue, KubeObject } from "../../api/object.ts";
import type { DecodeOptions } from "../../api/schema/decode.ts";
import type { BodyText } from "../../api/schema/decode-object.ts";
import type { ResourceInfo, StructType } from "../../api/schema/types.ts";
import type { TableDefinition } from "../../api/tables/columns.ts";
import type { ResourceDefinition } from "./strategy.ts";

export interface DecodedObject {
  object: KubeObject;
  /** Strict decoding errors: unknown and duplicate fields, in upstream's wording. */
  strictErrors: string[];
}

/**
 * Translates between one served version of a resource and the hub: the version kept in storage, in which
 * strategies and the registry work. Built-in kinds get it from the generated tables, custom resources from their
 * schema.
 */
export interface VersionCodec {
  readonly info: ResourceInfo;
  readonly apiVersion: string;
  /** Type-checked, pruned, normalised copy; throws DecodeError in Go's wording. Neither defaulted nor converted. */
  decode(value: JsonValue, options?: DecodeOptions): DecodedObject;
  /** What a JSON or merge patch has made of an object of this version: it may be of another one. Throws DecodeError. */
  decodePatched(value: JsonValue, options: DecodeOptions): DecodedObject;
  /** A request's body, JSON or YAML turned into JSON. Throws a 400 for what cannot be this version's object. */
  decodeBody(body: BodyText, strict: boolean): DecodedObject & { gvk: GroupVersionKind };
  /** The same of a protobuf body; absent where the kind has no protobuf form. */
  decodeProtobuf?(bytes: Uint8Array): Promise<DecodedObject & { gvk: GroupVersionKind }>;
  /** Fills defaults in place, as the version's defaulting functions do. */
  applyDefaults(object: KubeObject): void;
  /** The same object in the hub version; may reuse parts of what it is given. */
  toHub(object: KubeObject): KubeObject;
  /** A hub object in this version; never changes its argument, parts may be shared. */
  fromHub(object: KubeObject): KubeObject;
  /** The same as it is written: empty lists and maps are left out where Go does so. */
  toJson(object: KubeObject): KubeObject;
  /** fromHub changes nothing but apiVersion. */
  readonly sameShape: boolean;
  /** Go struct fields that are written even when empty, for synthetic objects such as bookmarks. */
  emptyObject(): KubeObject;
  /** The list's type, for protobuf; undefined for custom resources. */
  readonly listStruct: StructType | undefined;
  readonly table: TableDefinition;
  /** Which field-selector fields this version knows; undefined: as the built-in kind has them. */
  readonly fieldLabels?: FieldTransform;
  /** What clients of a deprecated version are told; of built-in kinds deprecated-kinds.ts knows. */
  readonly deprecation?: string | undefined;
  /** Managed fields and apply through this version of the resource ("") or of one of its subresources. */
  fieldManager(subresource: string): FieldManager;
}

/** One resource with everything that the registry needs to keep it, whatever the version of a request. */
export interface ResourceType {
  readonly group: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** apiVersion of stored objects. */
  readonly hubApiVersion: string;
  readonly hubKind: string;
  /** The type of stored objects; undefined for custom resources. */
  readonly hubStruct: StructType | undefined;
  /** "/registry/apps/deployments/". */
  readonly keyPrefix: string;
  /** Where a bare kube-apiserver keeps it in etcd: shows in a few error texts. */
  readonly upstreamPath: string;
  readonly definition: ResourceDefinition;
  readonly versions: ReadonlyMap<string, VersionCodec>;
}

/** What errors name where upstream's internal type speaks: events of any API are core events. */
export function hubGroupKind({ hubApiVersion, hubKind }: ResourceType): { group: string; kind: string } {
  const slash = hubApiVersion.indexOf("/");
  return { group: slash < 0 ? "" : hubApiVersion.slice(0, slash), kind: hubKind };
}
