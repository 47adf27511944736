import type { JsonValue } from "../../api/object.ts";
import type { UserInfo } from "../auth/user.ts";

export type ResourceVerb =
  | "get"
  | "list"
  | "watch"
  | "create"
  | "update"
  | "patch"
  | "delete"
  | "deletecollection"
  | "connect";

/** A body as it came, or already as a value (from within the process). */
export type RequestBody =
  | { bytes: Uint8Array; contentType: string }
  | { value: JsonValue; patchType?: string };

/** One request to a resource as a plain value, whichever door it came through. */
export interface ApiRequest {
  verb: ResourceVerb;
  group: string;
  version: string;
  resource: string;
  subresource: string;
  namespace: string;
  name: string;
  /** What follows the subresource in the path, for proxies. */
  subpath: string;
  method: string;
  /** By a deprecated path (/api/v1/watch/…), where authorization does not count selectors. */
  byVerbPath?: boolean;
  query: URLSearchParams;
  body: RequestBody | undefined;
  user: UserInfo;
  userAgent: string;
  /** Aborts when the client is gone. */
  signal: AbortSignal;
  /** Collects Warning headers. */
  warn(message: string): void;
}
