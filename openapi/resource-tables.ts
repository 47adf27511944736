/** The run-time table of resources, from the operations and what discovery adds. */
import { createHash } from "node:crypto";
import { groupVersionOfPath, type Operation } from "../api/openapi/operation.ts";
import { type GroupVersionKind, shortName } from "../api/openapi/schema.ts";
import { categories, hashedKinds, shortNames, storageVersions } from "./facts/resources.ts";

/** One line of generated/resources.json; what follows from the rest is left out. */
export interface ResourceRow {
  group: string;
  version: string;
  resource: string;
  kind: string;
  namespaced: boolean;
  verbs: string[];
  shortNames?: string[];
  categories?: string[];
  storageVersion: string;
  storageVersionHash: string;
  subresources?: Record<string, { verbs: string[]; kind: GroupVersionKind }>;
}

const VERBS: Readonly<Record<string, string>> = {
  get: "get",
  list: "list",
  post: "create",
  put: "update",
  patch: "patch",
  delete: "delete",
  deletecollection: "deletecollection",
};

/** Verb of discovery; connect operations are named after the HTTP method, where it stands for a verb. */
function verbOf({ action, method }: Operation): string | undefined {
  if (action !== "connect") return VERBS[action ?? ""];
  return method === "head" || method === "options" ? undefined : VERBS[method];
}

export function buildResources(operations: readonly Operation[]): ResourceRow[] {
  const rows = new Map<string, ResourceRow>();
  for (const operation of operations) {
    const place = groupVersionOfPath(operation.path);
    const [, namespaced, resource, subresource] =
      /^(?!watch\/)(namespaces\/\{namespace\}\/)?([^/{]+)(?:\/\{name\}(?:\/([^/]+)$)?)?$/.exec(
        place?.rest ?? "",
      ) ?? [];
    if (!place || resource === undefined || !operation.kind) continue;
    const { group, version } = place;
    const key = `${group}/${version}/${resource}`;
    const row = rows.get(key) ?? emptyRow(group, version, resource);
    rows.set(key, row);
    if (namespaced) row.namespaced = true;
    if (subresource === undefined) addOperation(row, operation, operation.kind);
    else addSubresource(row, subresource, operation, operation.kind);
  }
  return [...rows.values()].map(complete).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf({ group, version, resource }: ResourceRow): string {
  return `${group}/${version}/${resource}`;
}

function emptyRow(group: string, version: string, resource: string): ResourceRow {
  return {
    ...{ group, version, resource, kind: "", namespaced: false, verbs: [] },
    ...{ storageVersion: version, storageVersionHash: "" },
  };
}

function addOperation(row: ResourceRow, operation: Operation, kind: GroupVersionKind): void {
  row.kind = kind.kind;
  addVerb(row.verbs, verbOf(operation));
  if (operation.action === "list" && operation.parameters.some(({ name }) => name === "watch")) {
    // componentstatuses describes the parameter, but can't be watched.
    if (row.resource !== "componentstatuses") addVerb(row.verbs, "watch");
  }
  const list = operation.action === "list" ? operation.responses["200"] : undefined;
  if (list && shortName(list) !== `${kind.kind}List`) throw new Error(`unexpected list kind ${list}`);
}

function addSubresource(row: ResourceRow, name: string, operation: Operation, kind: GroupVersionKind): void {
  row.subresources ??= {};
  row.subresources[name] ??= { verbs: [], kind };
  addVerb(row.subresources[name].verbs, verbOf(operation));
}

function addVerb(verbs: string[], verb: string | undefined): void {
  if (verb === undefined || verbs.includes(verb)) return;
  verbs.push(verb);
  verbs.sort();
}

function complete(row: ResourceRow, _: number, rows: readonly ResourceRow[]): ResourceRow {
  const name = row.group === "" ? row.resource : `${row.resource}.${row.group}`;
  const versions = rows.filter((other) => other.group === row.group && other.resource === row.resource);
  const storageVersion = storageVersions[name] ?? (versions.length > 1 ? "v1" : row.version);
  const inCategories = Object.keys(categories).filter((category) => categories[category]?.includes(name));
  return {
    ...row,
    storageVersion,
    // Resources that are only answered, never stored, can't be watched.
    storageVersionHash: row.verbs.includes("watch")
      ? hash(hashedKinds[name] ?? `${row.group}/${storageVersion}/${row.kind}`)
      : "",
    ...(shortNames[name] ? { shortNames: shortNames[name].split(" ") } : {}),
    ...(inCategories.length > 0 ? { categories: inCategories } : {}),
  };
}

/** StorageVersionHash in k8s.io/apiserver/pkg/endpoints/discovery/storageversionhash.go. */
function hash(kind: string): string {
  return createHash("sha256").update(kind).digest().subarray(0, 8).toString("base64");
}
