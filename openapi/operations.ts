/** The operations of the specification: the client's methods and the watch paths that follow from them. */

import { groupVersionOfPath, type Operation, type Parameter } from "../api/openapi/operation.ts";
import { type GroupVersionKind, names, shortName } from "../api/openapi/schema.ts";
import { packageOf } from "./client/names.ts";
import type { ClientOperation, ClientQueryParameter } from "./client/operations.ts";
import { restoreLineBreaks } from "./line-breaks.ts";

export function buildOperations(
  clientOperations: readonly ClientOperation[],
  modelNames: ReadonlyMap<string, string>,
): Operation[] {
  const groups = groupsByPackage(clientOperations);
  const operations = clientOperations.map((operation) => operationOf(operation, modelNames, groups));
  return [...operations, ...watchOperations(operations)].sort(
    (a, b) => METHODS.indexOf(a.method) - METHODS.indexOf(b.method),
  );
}

/** In the order in which upstream writes the operations of a path. */
const METHODS = ["get", "put", "post", "delete", "options", "head", "patch"];

function groupsByPackage(operations: readonly ClientOperation[]): Map<string, string> {
  const groups = new Map<string, string>();
  for (const { path } of operations) {
    const place = groupVersionOfPath(path);
    if (place) groups.set(packageOf(place.group), place.group);
  }
  return groups;
}

const ACTIONS: Readonly<Record<string, string>> = {
  read: "get",
  list: "list",
  create: "post",
  replace: "put",
  patch: "patch",
  delete: "delete",
  connect: "connect",
};

function operationOf(
  source: ClientOperation,
  modelNames: ReadonlyMap<string, string>,
  groups: ReadonlyMap<string, string>,
): Operation {
  const { api, name, path, method, description } = source;
  const action = name.startsWith("deleteCollection")
    ? "deletecollection"
    : ACTIONS[/^[a-z]+/.exec(name)?.[0] ?? ""];
  const body = source.body && {
    definition: definitionOf(source.body.type, modelNames),
    required: source.body.required,
  };
  const responses = Object.fromEntries(
    [...source.responses].map(([code, type]) => [
      code,
      type === undefined ? null : definitionOf(type, modelNames),
    ]),
  );
  return {
    path,
    method,
    ...(action === undefined
      ? {}
      : { action, kind: kindOf(source, [body?.definition, responses["200"]], groups) }),
    operationId: operationIdOf(api, name),
    tag: tagOf(api),
    ...(description === "" ? {} : { description }),
    parameters: parametersOf(source),
    ...(body ? { body } : {}),
    responses,
    ...mediaTypes(path, method, action),
  };
}

function definitionOf(type: string, modelNames: ReadonlyMap<string, string>): string {
  if (type === "string") return type;
  if (type === "any") return names.patch;
  const definition = modelNames.get(type);
  if (definition === undefined) throw new Error(`client model ${type} is not known`);
  return definition;
}

/** The kind an operation speaks: its group is that of the body, which a subresource may take from another group. */
function kindOf(
  source: ClientOperation,
  bodies: readonly (string | null | undefined)[],
  groups: ReadonlyMap<string, string>,
): GroupVersionKind {
  const place = groupVersionOfPath(source.path);
  const kind = kindNameOf(source, bodies);
  if (!place || !kind) throw new Error(`${source.name}: kind unknown`);
  const definition = bodies.find((body) => body && shortName(body) === kind);
  const [goPackage = "", version = place.version] = definition?.split(".").slice(-3) ?? [];
  return { group: groups.get(goPackage) ?? place.group, version, kind };
}

function kindNameOf(
  source: ClientOperation,
  bodies: readonly (string | null | undefined)[],
): string | null | undefined {
  const described = source.pathParameters.find(({ name }) => name === "name")?.description;
  if (described) return /^name of the (\w+)$/.exec(described)?.[1];
  const [body, response] = bodies;
  if (source.name.startsWith("list")) return response && shortName(response).replace(/List$/, "");
  if (source.name.startsWith("deleteCollection")) return /(\w+)$/.exec(source.description)?.[1];
  return body && shortName(body);
}

/** Classes whose methods keep their name as operation id. */
const WITHOUT_GROUP = new Set(["Apis", "Logs", "Openid", "Version", "WellKnown"]);

function operationIdOf(api: string, name: string): string {
  if (api === "Version") return `${name}Version`;
  return WITHOUT_GROUP.has(api) ? name : name.replace(/^[a-z]+/, (verb) => verb + api);
}

function tagOf(api: string): string {
  if (api === "WellKnown") return api;
  return (api.charAt(0).toLowerCase() + api.slice(1)).replace(/V(\d\w*)$/, "_v$1");
}

function parametersOf({ pathParameters, query }: ClientOperation): Parameter[] {
  const inPath = pathParameters.map(
    ({ name, description }): Parameter => ({
      in: "path",
      name,
      type: "string",
      required: true,
      ...described(name, description),
    }),
  );
  return [...inPath, ...query.map(queryParameter)];
}

function queryParameter({ name, type, description }: ClientQueryParameter): Parameter {
  return { in: "query", name, type: type === "number" ? "integer" : type, ...described(name, description) };
}

function described(name: string, description: string | undefined): { description?: string } {
  return description ? { description: restoreLineBreaks(name, description) } : {};
}

const OBJECTS = [
  "application/json",
  "application/yaml",
  "application/vnd.kubernetes.protobuf",
  "application/cbor",
];
const STREAMS = [
  "application/json;stream=watch",
  "application/vnd.kubernetes.protobuf;stream=watch",
  "application/cbor-seq",
];
const PATCHES = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
  "application/apply-patch+yaml",
  "application/apply-patch+cbor",
];

function mediaTypes(
  path: string,
  method: string,
  action: string | undefined,
): Pick<Operation, "consumes" | "produces"> {
  const any = ["*/*"];
  switch (action) {
    case undefined:
      return discoveryMediaTypes(path);
    case "connect":
      return { consumes: any, produces: any };
    case "list":
      return { consumes: any, produces: [...OBJECTS, ...STREAMS] };
    case "get":
      return { consumes: any, produces: path.endsWith("/log") ? ["text/plain", ...OBJECTS] : OBJECTS };
    default:
      return { consumes: method === "patch" ? PATCHES : any, produces: OBJECTS };
  }
}

function discoveryMediaTypes(path: string): Pick<Operation, "consumes" | "produces"> {
  if (path.startsWith("/logs")) return {};
  if (path.startsWith("/openid")) return { produces: ["application/jwk-set+json"] };
  if (path.startsWith("/.well-known")) return { produces: ["application/json"] };
  if (path === "/version/") return { consumes: ["application/json"], produces: ["application/json"] };
  // Lists of groups and versions are not served as CBOR, lists of resources are.
  const types = groupVersionOfPath(path) ? OBJECTS : OBJECTS.filter((type) => !type.endsWith("cbor"));
  return { consumes: types, produces: types };
}

/** The deprecated watch paths, which the client leaves out: one for every list, and for every get beside a list. */
function watchOperations(operations: readonly Operation[]): Operation[] {
  const lists = new Map(
    operations.filter(({ action }) => action === "list").map((operation) => [operation.path, operation]),
  );
  const options =
    lists.get("/api/v1/namespaces/{namespace}/pods")?.parameters.filter((one) => one.in === "query") ?? [];
  return operations.flatMap((operation) => {
    if (operation.path.includes("componentstatuses")) return [];
    if (operation.action === "list") return [watchOf(operation, options)];
    const isObject = operation.action === "get" && lists.has(operation.path.replace(/\/\{name\}$/, ""));
    return isObject && operation.path.endsWith("/{name}") ? [watchOf(operation, options)] : [];
  });
}

function watchOf(source: Operation, options: readonly Parameter[]): Operation {
  const isList = source.action === "list";
  const kind = source.kind?.kind;
  const deprecated = "deprecated: use the 'watch' parameter with a list operation instead";
  return {
    ...source,
    path: source.path.replace(/^(\/api\/v1|\/apis\/[^/]+\/[^/]+)\//, "$1/watch/"),
    action: isList ? "watchlist" : "watch",
    operationId: isList
      ? source.operationId.replace(/^list/, "watch").replace(/(ForAllNamespaces)?$/, "List$1")
      : source.operationId.replace(/^read/, "watch"),
    description: isList
      ? `watch individual changes to a list of ${kind}. ${deprecated}.`
      : `watch changes to an object of kind ${kind}. ${deprecated}, filtered to a single item with the 'fieldSelector' parameter.`,
    parameters: [...source.parameters.filter((one) => one.in === "path"), ...options],
    responses: { "200": names.watchEvent, "401": null },
    produces: [...OBJECTS, ...STREAMS],
  };
}
