/**
 * Writes whole documents. They are long, so a writer is a generator that hands back control after every piece:
 * a server runs it in slices, the build at one go.
 */
import { escapeForHtml } from "../go-json.ts";
import { definitionsOf, type Operation } from "./operation.ts";
import { type ParameterV2, pathItemV2, sharedParametersV2 } from "./paths-v2.ts";
import { pathItemV3 } from "./paths-v3.ts";
import type { Schema } from "./schema.ts";
import { definitionV2, kindInAll, kindsOfAllGroups, referencesIn, withoutEnums } from "./schemas.ts";

export interface DocumentOptions {
  info: { title: string; version: string };
  /** The feature gate CBORServingAndStorage. */
  cbor: boolean;
  /** Whether the document tells how requests are authenticated. Default true. */
  security?: boolean;
}

/** What a document is made of. */
export interface DocumentContent {
  /** In byte order. */
  paths: readonly string[];
  operations(path: string): readonly Operation[];
  /** The JSON text of a v3 schema. */
  schemaText(name: string): string;
  /** A v2 definition that does not follow from the v3 schema. */
  definition?(name: string): Schema | undefined;
  /** "group/version" of the kinds that belong to every group version. */
  groupVersions: readonly string[];
}

/** The same without enums, as a server with the feature gate OpenAPIEnums off has it. */
export function contentWithoutEnums<T extends DocumentContent>(content: T): T {
  const prune = (name: string) =>
    JSON.stringify(withoutEnums(JSON.parse(content.schemaText(name)) as Schema));
  return { ...content, schemaText: prune };
}

/** Work in pieces: between two of them a server can do something else. The result comes last. */
export type Pieces<T> = Generator<undefined, T>;

/** A document in pieces, in the order in which they are sent. */
export type Parts<T> = Generator<T, void>;

const BEARER_TOKEN = {
  description: "Bearer Token authentication",
  in: "header",
  name: "authorization",
  type: "apiKey",
};

/** One of the v3 documents, as JSON. */
export function* writeV3Document(content: DocumentContent, options: DocumentOptions): Parts<string> {
  const used = new Set<string>();
  yield `{"openapi":"3.0.0","info":${JSON.stringify(options.info)},"paths":{`;
  for (const [place, path] of content.paths.entries()) {
    const operations = content.operations(path);
    for (const name of operations.flatMap(definitionsOf)) used.add(name);
    yield member(place, path, JSON.stringify(pathItemV3(operations, options)));
  }
  const security = JSON.stringify({ BearerToken: BEARER_TOKEN });
  const tail = options.security === false ? "" : `"securitySchemes":${security}`;
  yield '},"components":{';
  if (used.size > 0) {
    yield '"schemas":{';
    for (const [place, name] of closure(used, content).entries()) {
      yield member(place, name, escapeForHtml(schemaTextV3(name, content)));
    }
    yield tail === "" ? "}" : "},";
  }
  yield `${tail}}}`;
}

/** The parts of the v2 document that are long. */
export interface DocumentV2 {
  paths: Map<string, ReturnType<typeof pathItemV2>>;
  definitions: Map<string, Schema>;
  parameters: Map<string, ParameterV2>;
}

/** The v2 document of everything that is served. */
export function* buildV2Document(content: DocumentContent, options: DocumentOptions): Pieces<DocumentV2> {
  const document: DocumentV2 = { paths: new Map(), definitions: new Map(), parameters: new Map() };
  const used = new Set<string>();
  for (const path of content.paths) {
    const operations = content.operations(path);
    for (const name of operations.flatMap(definitionsOf)) used.add(name);
    for (const [name, parameter] of sharedParametersV2(operations)) document.parameters.set(name, parameter);
    document.paths.set(path, pathItemV2(operations, options));
    yield;
  }
  for (const name of closure(used, content)) {
    const own = content.definition?.(name);
    document.definitions.set(
      name,
      own ?? definitionV2(name, JSON.parse(schemaTextV3(name, content)) as Schema),
    );
    yield;
  }
  return document;
}

/** The v2 document as JSON. */
export function* writeV2Document(document: DocumentV2, options: DocumentOptions): Parts<string> {
  yield `{"swagger":"2.0","info":${JSON.stringify(options.info)},"paths":{`;
  yield* members(document.paths);
  yield '},"definitions":{';
  yield* members(document.definitions);
  yield '},"parameters":{';
  yield* members(document.parameters);
  yield `},"securityDefinitions":${JSON.stringify({ BearerToken: BEARER_TOKEN })},"security":[{"BearerToken":[]}]}`;
}

function* members(values: ReadonlyMap<string, unknown>): Parts<string> {
  for (const [place, name] of [...values.keys()].sort().entries()) {
    yield member(place, name, JSON.stringify(values.get(name)));
  }
}

/** A member of an object, behind a comma where others come before it. */
function member(place: number, name: string, json: string): string {
  return `${place === 0 ? "" : ","}${JSON.stringify(name)}:${json}`;
}

/** All schemas that the used ones refer to, in byte order. */
function closure(used: ReadonlySet<string>, content: DocumentContent): string[] {
  const all = new Set(used);
  // A set is walked to what is added on the way, too.
  for (const name of all) {
    for (const referred of referencesIn(content.schemaText(name))) all.add(referred);
  }
  return [...all].sort();
}

function schemaTextV3(name: string, content: DocumentContent): string {
  const text = content.schemaText(name);
  if (!kindsOfAllGroups.has(name)) return text;
  const kinds = kindInAll(name, content.groupVersions);
  return JSON.stringify({ ...(JSON.parse(text) as Schema), "x-kubernetes-group-version-kind": kinds });
}

/** The v3 document in which a path is described: "api/v1", "apis/apps", "version"… */
export function documentKey(path: string): string {
  const [, groupVersion] = /^\/(api\/v1|apis\/[^/]+\/v[^/]+)\//.exec(path) ?? [];
  return groupVersion ?? path.replace(/^\/|\/$|\/\{logpath\}$/g, "");
}

/** The group versions whose DeleteOptions a v3 document describes: the core's and its own. */
export function groupVersionsOfDocument(key: string): string[] {
  const [, group, version] = /^apis\/([^/]+)\/(v[^/]+)$/.exec(key) ?? [];
  return version === undefined ? ["/v1"] : ["/v1", `${group}/${version}`];
}

/** Does all pieces at one go. */
export function finish<T>(pieces: Pieces<T>): T {
  for (;;) {
    const { done, value } = pieces.next();
    if (done) return value;
  }
}
