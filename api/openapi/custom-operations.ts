/**
 * The operations of a custom resource, as upstream describes them: fewer media types than built-in resources have,
 * and a few parameters that those do not describe.
 * Source: k8s.io/apiextensions-apiserver/pkg/controller/openapi/builder/builder.go.
 */
import type { Operation, Parameter } from "./operation.ts";
import type { Specification } from "./specification.ts";

/** One version of a custom resource. */
export interface CustomVersion {
  group: string;
  version: string;
  plural: string;
  kind: string;
  listKind: string;
  namespaced: boolean;
  hasStatus: boolean;
  hasScale: boolean;
}

const SCALE = "io.k8s.api.autoscaling.v1.Scale";
const STATUS = "io.k8s.apimachinery.pkg.apis.meta.v1.Status";
const OBJECTS = ["application/json", "application/yaml"];
const PATCHES = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/apply-patch+yaml",
];

/** The definition name of a kind: the group is read backwards. */
export function customDefinitionName({ group, version }: CustomVersion, kind: string): string {
  return `${group.split(".").reverse().join(".")}.${version}.${kind}`;
}

interface Verb {
  /** The first word of the operation id. */
  word: string;
  method: string;
  action: string;
  description: (kind: string, subresource: string) => string;
  /** The status codes of answers that have a body. */
  codes: string[];
  /** The object itself, or what the body of the action is everywhere. */
  body: "kind" | "general" | undefined;
}

const of = (subresource: string) => (subresource === "" ? "" : ` ${subresource} of`);

const VERBS: Readonly<Record<string, Verb>> = {
  list: verb("list", "get", "list", (kind) => `list objects of kind ${kind}`, ["200"]),
  create: verb("create", "post", "post", (kind) => `create${articled(kind)}`, ["200", "201", "202"], "kind"),
  deletecollection: verb(
    "deleteCollection",
    "delete",
    "deletecollection",
    (kind) => `delete collection of ${kind}`,
    ["200"],
  ),
  get: verb("read", "get", "get", (kind, sub) => `read${of(sub)} the specified ${kind}`, ["200"]),
  replace: verb(
    "replace",
    "put",
    "put",
    (kind, sub) => `replace${of(sub)} the specified ${kind}`,
    ["200", "201"],
    "kind",
  ),
  delete: verb("delete", "delete", "delete", (kind) => `delete${articled(kind)}`, ["200", "202"], "general"),
  patch: verb(
    "patch",
    "patch",
    "patch",
    (kind, sub) => `partially update${of(sub)} the specified ${kind}`,
    ["200"],
    "general",
  ),
};

function verb(
  word: string,
  method: string,
  action: string,
  description: Verb["description"],
  codes: string[],
  body?: Verb["body"],
): Verb {
  return { word, method, action, description, codes, body };
}

/** " a Pod", " an Ingress"; what looks like a plural has no article. Source: GetArticleForNoun. */
function articled(kind: string): string {
  if (kind.endsWith("s") && !kind.endsWith("ss")) return ` ${kind}`;
  return ` ${/^[aeiou]/i.test(kind) ? "an" : "a"} ${kind}`;
}

export function customOperations(custom: CustomVersion, specification: Specification): Operation[] {
  const { group, version, plural, namespaced, hasStatus, hasScale } = custom;
  const base = `/apis/${group}/${version}`;
  const root = `${base}/${namespaced ? "namespaces/{namespace}/" : ""}${plural}`;
  const known = operationsOfPods(specification);
  const at = (path: string, verbs: string[], subresource = "") =>
    verbs.map((name) => operationOf(custom, { path, verb: VERBS[name] as Verb, subresource, known }));
  const everywhere = namespaced
    ? at(`${base}/${plural}`, ["list"]).map((one) => ({
        ...one,
        operationId: acrossNamespaces(one.operationId),
      }))
    : [];
  const onObject = ["get", "replace", "patch"];
  return [
    ...everywhere,
    ...at(root, ["list", "create", "deletecollection"]),
    ...at(`${root}/{name}`, [...onObject, "delete"]),
    ...(hasStatus ? at(`${root}/{name}/status`, onObject, "status") : []),
    ...(hasScale ? at(`${root}/{name}/scale`, onObject, "scale") : []),
  ];
}

function acrossNamespaces(operationId: string): string {
  return `${operationId.replace("Namespaced", "")}ForAllNamespaces`;
}

/** Operations by action, of which parameters and general bodies are taken. */
type KnownOperations = ReadonlyMap<string, Operation>;

function operationsOfPods(specification: Specification): KnownOperations {
  const paths = ["/api/v1/namespaces/{namespace}/pods", "/api/v1/namespaces/{namespace}/pods/{name}"];
  const operations = paths.flatMap((path) => specification.operations(path));
  return new Map(operations.map((operation) => [operation.action ?? "", operation]));
}

function operationOf(
  custom: CustomVersion,
  place: { path: string; verb: Verb; subresource: string; known: KnownOperations },
): Operation {
  const { group, version, kind } = custom;
  const { path, verb: spoken, subresource, known } = place;
  const own = customDefinitionName(custom, kind);
  const object = subresource === "scale" ? SCALE : own;
  const body = bodyOf(spoken, object, known);
  return {
    path,
    method: spoken.method,
    action: spoken.action,
    kind: { group, kind, version },
    operationId: operationIdOf(custom, spoken, subresource),
    tag: `${identifier(group.replace(/\.k8s\.io$/, ""), false)}_${identifier(version, false)}`,
    description: spoken.description(kind, subresource),
    parameters: parametersOf(custom, path, spoken, known),
    ...(body ? { body } : {}),
    responses: {
      ...Object.fromEntries(spoken.codes.map((code) => [code, answerOf(custom, spoken, object)])),
      "401": null,
    },
    consumes: spoken.action === "patch" ? PATCHES : OBJECTS,
    produces: OBJECTS,
  };
}

function answerOf(custom: CustomVersion, { action }: Verb, object: string): string {
  if (action === "list") return customDefinitionName(custom, custom.listKind);
  return action === "delete" || action === "deletecollection" ? STATUS : object;
}

function bodyOf({ body, action }: Verb, object: string, known: KnownOperations): Operation["body"] {
  if (body === undefined) return undefined;
  return body === "kind" ? { definition: object, required: true } : known.get(action)?.body;
}

function parametersOf(
  custom: CustomVersion,
  path: string,
  { action }: Verb,
  known: KnownOperations,
): Parameter[] {
  const inPath: Parameter[] = [];
  if (path.includes("{name}")) {
    inPath.push({
      in: "path",
      name: "name",
      type: "string",
      required: true,
      description: `name of the ${custom.kind}`,
    });
  }
  const namespace = known.get("list")?.parameters.find(({ name }) => name === "namespace");
  if (path.includes("{namespace}") && namespace) inPath.push(namespace);
  const query = (verbName: string) =>
    known.get(verbName)?.parameters.filter((one) => one.in === "query") ?? [];
  switch (action) {
    case "get":
      return [
        ...inPath,
        ...query("list").filter(({ name }) => name === "pretty" || name === "resourceVersion"),
      ];
    case "deletecollection": // upstream gives it the options of a list
      return [...inPath, ...query("list")];
    default:
      return [...inPath, ...query(action)];
  }
}

function operationIdOf(
  { group, version, kind, namespaced }: CustomVersion,
  { word }: Verb,
  subresource: string,
): string {
  const [first = "", rest = ""] = /^([a-z]+)(.*)$/.exec(word)?.slice(1) ?? [];
  const place = identifier(group.replace(/\.k8s\.io$/, ""), true) + identifier(version, true);
  const title = subresource.charAt(0).toUpperCase() + subresource.slice(1);
  return first + place + rest + (namespaced ? "Namespaced" : "") + kind + title;
}

/** "my-group.io" as "myGroupIo". Source: ToValidOperationID. */
function identifier(text: string, capitalized: boolean): string {
  const parts = text.split(/[^\p{L}\p{Nd}_]+/u).map((part) => part.charAt(0).toUpperCase() + part.slice(1));
  const joined = parts.join("");
  return capitalized ? joined : joined.charAt(0).toLowerCase() + joined.slice(1);
}
