import type { KubeObject } from "../../api/object.ts";
import type { StructType } from "../../api/schema/types.ts";
import { presentDetails, type Status } from "../../api/status.ts";
import type { TableDefinition } from "../../api/tables/columns.ts";
import type { ListPage } from "../registry/listing.ts";
import type { ResourceRegistry } from "../registry/registry.ts";
import type { VersionCodec } from "../registry/resource-type.ts";
import type { Stored } from "../registry/store.ts";
import type { WatchNotice } from "../registry/watching.ts";

/** What a request is answered with, before it is written in any media type. */
export type Answer =
  | ObjectAnswer
  | SpokenAnswer
  | ListAnswer
  | WatchAnswer
  | StatusAnswer
  | TextAnswer
  | EmptyAnswer;

/** One object of a stored resource; codec says in which version it is spoken. */
export interface ObjectAnswer {
  kind: "object";
  code: number;
  stored: Stored;
  registry: ResourceRegistry;
  codec: VersionCodec;
  /** The object as another kind shows it (scale). */
  spoken?: Spoken;
}

/** An object of a kind other than a stored resource's. */
export interface Spoken {
  object: KubeObject;
  /** Its type, for protobuf. */
  struct: StructType;
  /** How it, or each of its items, shows in tables; absent where it does not. */
  table?: TableDefinition;
}

/** An object that no registry keeps, such as a review. */
export interface SpokenAnswer extends Spoken {
  kind: "spoken";
  code: number;
}

export interface ListAnswer {
  kind: "list";
  page: ListPage;
  registry: ResourceRegistry;
  codec: VersionCodec;
}

export interface WatchAnswer {
  kind: "watch";
  notices: AsyncGenerator<readonly WatchNotice[]>;
  registry: ResourceRegistry;
  codec: VersionCodec;
  /** Ends the watch; its notices stop. */
  end(): void;
}

export interface StatusAnswer {
  kind: "status";
  code: number;
  status: Status;
}

/** Plain text such as a container's log. */
export interface TextAnswer {
  kind: "text";
  code: number;
  contentType: string;
  body: AsyncIterable<Uint8Array> | Uint8Array;
}

/** 204. */
export interface EmptyAnswer {
  kind: "empty";
}

/** details: undefined where upstream says nothing but that it worked. */
export function successStatus(code: number, details: Status["details"]): StatusAnswer {
  return {
    kind: "status",
    code,
    status: {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Success",
      ...(details ? { details: presentDetails(details) } : {}),
      ...(code === 200 ? {} : { code }),
    },
  };
}
