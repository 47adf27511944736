import { parseFieldSelector } from "../../api/field-selectors.ts";
import { SelectorError } from "../../api/selectors.ts";
import { checkPathSegmentName } from "../../api/validation/names.ts";

/** What a path and method ask for. Source: k8s.io/apiserver/pkg/endpoints/request/requestinfo.go. */
export interface RequestInfo {
  isResource: boolean;
  /** As authorization sees it: get, list, watch, create, …; the lower-case method where no resource is named. */
  verb: string;
  path: string;
  group: string;
  version: string;
  resource: string;
  subresource: string;
  namespace: string;
  name: string;
  /** The name as the path has it: name may also come from a field selector. */
  pathName: string;
  /** Parts of the path after the subresource. */
  rest: readonly string[];
  /** The deprecated /watch/ or /proxy/ prefix. */
  prefixVerb: "" | "watch" | "proxy";
}

const methodVerbs: Readonly<Record<string, string>> = {
  POST: "create",
  GET: "get",
  HEAD: "get",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};

/** Subresources of a namespace; any other third part is a resource inside it. */
const namespaceSubresources = new Set(["status", "finalize"]);

const noParts: readonly string[] = [];

/** Of paths that name no resource. */
const noResource: RequestInfo = {
  isResource: false,
  verb: "",
  path: "",
  group: "",
  version: "",
  resource: "",
  subresource: "",
  namespace: "",
  name: "",
  pathName: "",
  rest: [],
  prefixVerb: "",
};

export function requestInfo(method: string, path: string, query: URLSearchParams): RequestInfo {
  const parts = splitPath(path);
  const count = parts.length;
  const grouped = parts[0] === "apis";
  if (count < (grouped ? 4 : 3) || (!grouped && parts[0] !== "api")) {
    return { ...noResource, verb: method.toLowerCase(), path };
  }
  const group = grouped ? parts[1]! : "";
  let at = grouped ? 2 : 1;
  const version = parts[at++]!;
  let verb = methodVerbs[method] ?? "";
  let prefixVerb: RequestInfo["prefixVerb"] = "";
  const first = parts[at];
  if ((first === "watch" || first === "proxy") && count > at + 1) {
    prefixVerb = first;
    verb = prefixVerb;
    at++;
  }
  let namespace = "";
  if (parts[at] === "namespaces" && count > at + 1) {
    namespace = parts[at + 1]!;
    if (count > at + 2 && !namespaceSubresources.has(parts[at + 2]!)) at += 2;
  }
  const name = parts[at + 1] ?? "";
  const onCollection = name === "";
  const selects = onCollection && verb === "get";
  return {
    isResource: true,
    verb: onCollection ? collectionVerb(verb, query) : verb,
    path,
    group,
    version,
    resource: parts[at] ?? "",
    subresource: parts[at + 2] ?? "",
    namespace,
    name: selects ? selectedName(query) : name,
    pathName: name,
    rest: count > at + 3 ? parts.slice(at + 3) : noParts,
    prefixVerb,
  };
}

/** A get without a name is a list or watch, a delete without one deletes the collection. */
function collectionVerb(verb: string, query: URLSearchParams): string {
  if (verb === "delete") return "deletecollection";
  if (verb !== "get") return verb;
  const watch = query.get("watch");
  return watch !== null && watch !== "0" && watch.toLowerCase() !== "false" ? "watch" : "list";
}

/** metadata.name of the field selector, which authorization takes for the name. */
function selectedName(query: URLSearchParams): string {
  const text = query.get("fieldSelector");
  if (!text) return "";
  try {
    const name = parseFieldSelector(text).exactMatch("metadata.name") ?? "";
    return checkPathSegmentName(name).length === 0 ? name : "";
  } catch (error) {
    if (error instanceof SelectorError) return "";
    throw error;
  }
}

/** Without empty parts at the ends. By hand, which takes half the time of split. */
function splitPath(path: string): string[] {
  let start = 0;
  let end = path.length;
  while (start < end && path[start] === "/") start++;
  while (start < end && path[end - 1] === "/") end--;
  const parts: string[] = [];
  if (start === end) return parts;
  for (let slash = path.indexOf("/", start); slash >= 0 && slash < end; slash = path.indexOf("/", start)) {
    parts.push(path.slice(start, slash));
    start = slash + 1;
  }
  parts.push(path.slice(start, end));
  return parts;
}
