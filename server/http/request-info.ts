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
  const grouped = parts[0] === "apis";
  if (parts.length < (grouped ? 4 : 3) || (!grouped && parts[0] !== "api")) {
    return { ...noResource, verb: method.toLowerCase(), path };
  }
  const group = grouped ? parts[1]! : "";
  const version = parts[grouped ? 2 : 1]!;
  let rest = parts.slice(grouped ? 3 : 2);
  let verb = methodVerbs[method] ?? "";
  let prefixVerb: RequestInfo["prefixVerb"] = "";
  if ((rest[0] === "watch" || rest[0] === "proxy") && rest.length > 1) {
    prefixVerb = rest[0];
    verb = prefixVerb;
    rest = rest.slice(1);
  }
  let namespace = "";
  if (rest[0] === "namespaces" && rest.length > 1) {
    namespace = rest[1]!;
    if (rest.length > 2 && !namespaceSubresources.has(rest[2]!)) rest = rest.slice(2);
  }
  const [resource = "", name = "", subresource = "", ...tail] = rest;
  const onCollection = name === "";
  const selects = onCollection && verb === "get";
  return {
    isResource: true,
    verb: onCollection ? collectionVerb(verb, query) : verb,
    path,
    group,
    version,
    resource,
    subresource,
    namespace,
    name: selects ? selectedName(query) : name,
    pathName: name,
    rest: tail,
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

function splitPath(path: string): string[] {
  const trimmed = path.replace(/^\/+|\/+$/g, "");
  return trimmed === "" ? [] : trimmed.split("/");
}
