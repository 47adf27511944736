import type { FieldManagerWrite } from "../../api/apply/field-manager.ts";
import type { JsonValue, KubeObject } from "../../api/object.ts";
import type { ResourceInfo, SubresourceInfo } from "../../api/schema/types.ts";
import type { TableDefinition } from "../../api/tables/columns.ts";
import type { ResourceRegistry } from "../registry/registry.ts";
import type { VersionCodec } from "../registry/resource-type.ts";
import type { Selection } from "../registry/selection.ts";
import type { Stored } from "../registry/store.ts";
import type { WriteStrategy } from "../registry/strategy.ts";
import type { Answer, ObjectAnswer } from "./answer.ts";
import type { WriteCall } from "./call.ts";
import type { ApiRequest } from "./request.ts";

/** Where a request of one path pattern goes. */
export type Endpoint = ObjectEndpoint | SpecialEndpoint;

/**
 * Reads and writes stored objects: a resource, or a subresource that is another view of the same object (status,
 * scale, …). What is spoken is the form that the client sees; the registry keeps hub objects.
 */
export interface ObjectEndpoint {
  form: "object";
  info: ResourceInfo;
  subresource: SubresourceInfo | undefined;
  registry: ResourceRegistry;
  codec: VersionCodec;
  strategy: WriteStrategy;
  /** What every request is warned of. */
  deprecation?: string | undefined;
  /** Present where the spoken object is of another kind (scale). */
  view?: ObjectView;
}

/** What is answered with an object of the endpoint, as its view shows it. */
export function objectAnswer(
  { registry, codec, view }: ObjectEndpoint,
  code: number,
  stored: Stored,
): ObjectAnswer {
  const answer: ObjectAnswer = { kind: "object", code, stored, registry, codec };
  if (view) {
    const { codec: own, table } = view;
    answer.spoken = { object: view.fromHub(stored.object), struct: own.info.struct!, table };
  }
  return answer;
}

/** A view of another kind on a stored object. */
export interface ObjectView {
  codec: VersionCodec;
  table: TableDefinition;
  fromHub(hub: KubeObject): KubeObject;
  /** What a patch is applied to: with the managedFields of the view, and though the view may not be there to be read. */
  patchable(hub: KubeObject): KubeObject;
  /**
   * The hub object with the view's changes, managedFields included; live is not changed. Throws a StatusError if the view
   * is invalid.
   */
  update(spoken: KubeObject, live: KubeObject, write: FieldManagerWrite): KubeObject;
  /** The same by server-side apply of a configuration of the view's kind. */
  apply(
    live: KubeObject,
    configuration: JsonValue,
    write: FieldManagerWrite & { force: boolean },
  ): KubeObject;
}

/** Everything else: reviews, bindings, evictions, tokens, connections; verbs that are missing are not allowed. */
export interface SpecialEndpoint {
  form: "special";
  info: ResourceInfo;
  subresource: SubresourceInfo | undefined;
  handlers: SpecialHandlers;
  deprecation?: string | undefined;
}

export interface SpecialHandlers {
  /** How a create's body is decoded; required with create. */
  codec?: VersionCodec;
  create?(object: KubeObject, call: WriteCall<SpecialEndpoint>): Promise<Answer>;
  /** A create through a subresource keeps the metadata that only the server may set elsewhere: preconditions. */
  preservesMetadata?: boolean;
  get?(request: ApiRequest): Promise<Answer>;
  list?(selection: Selection): Promise<Answer>;
  /** Answers can be turned into tables. */
  hasTable?: boolean;
  /** Media types of answers to GET that are no objects. */
  produces?: readonly string[];
  connect?(request: ApiRequest): Promise<Answer>;
}
