/**
 * The OpenAPI documents that a server has. Those of default flags are read as they were compressed at build time;
 * others, and those of custom resources, are put together when they are first asked for, in small slices.
 * Sources: k8s.io/kube-openapi/pkg/handler and handler3.
 */
import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { defaultFeatureGates, type FeatureGates } from "../../api/feature-gates.ts";
import {
  type CustomResourceDefinition,
  customContent,
  customDocumentOptions,
  customDocuments,
  mergedContent,
} from "../../api/openapi/custom-content.ts";
import {
  buildV2Document,
  contentWithoutEnums,
  type DocumentContent,
  type DocumentOptions,
  documentKey,
  groupVersionsOfDocument,
  type Parts,
  type Pieces,
  writeV2Document,
  writeV3Document,
} from "../../api/openapi/document.ts";
import { v3FileName } from "../../api/openapi/file-names.ts";
import { encodeV2Document } from "../../api/openapi/gnostic-v2.ts";
import { encodeV3Document } from "../../api/openapi/gnostic-v3.ts";
import { servedPaths } from "../../api/openapi/served-paths.ts";
import { readSpecification, type Specification } from "../../api/openapi/specification.ts";
import { defaultRuntimeConfig, enabledResources } from "../../api/runtime-config.ts";
import { loadTables } from "../../api/schema/tables.ts";
import type { ResourceInfo } from "../../api/schema/types.ts";
import type { OpenApiFiles } from "./openapi-files.ts";

const [compress, decompress] = [promisify(gzip), promisify(gunzip)];

export type OpenApiForm = "json" | "protobuf";

export interface OpenApiDocument {
  /** Without quotes. */
  etag: string;
  /** Compressed with gzip. */
  content: Uint8Array;
}

export interface OpenApiOptions {
  files: OpenApiFiles;
  /** Built-in resources that are served. */
  resources: readonly ResourceInfo[];
  gates: FeatureGates;
  /** The custom resource definitions; another array after every change. */
  definitions: () => readonly CustomResourceDefinition[];
}

/** ETags of the compressed documents, as the generator leaves them. */
interface DocumentIndex {
  version: string;
  v2: string;
  v3: Record<string, string>;
}

export class OpenApi {
  readonly #options: OpenApiOptions;
  #preparedSet: boolean | undefined;
  /** What was read or put together; for custom resources only as long as they stay the same. */
  readonly #documents = new Map<string, Promise<OpenApiDocument | undefined>>();
  readonly #customDocuments = new Map<string, Promise<OpenApiDocument>>();
  #definitions: readonly CustomResourceDefinition[] | undefined;
  #index: Promise<DocumentIndex> | undefined;
  #specification: Promise<Specification> | undefined;

  constructor(options: OpenApiOptions) {
    this.#options = options;
  }

  get #isDefault(): boolean {
    this.#preparedSet ??= isDefaultSet(this.#options);
    return this.#preparedSet;
  }

  async v2(form: OpenApiForm): Promise<OpenApiDocument> {
    const definitions = this.#currentDefinitions();
    if (customDocuments(definitions).size > 0) {
      return remember(this.#customDocuments, `v2 ${form}`, () => this.#buildV2(form, definitions));
    }
    const document = await remember(this.#documents, `v2 ${form}`, async () =>
      this.#isDefault ? this.#readV2(form) : this.#buildV2(form, []),
    );
    if (!document) throw new Error("the v2 document is missing");
    return document;
  }

  /** Keys of the v3 documents ("apis/apps/v1") with their ETags. */
  async v3Index(): Promise<ReadonlyMap<string, string>> {
    const definitions = this.#currentDefinitions();
    const builtIn = this.#isDefault
      ? Object.entries((await this.#readIndex()).v3)
      : await this.#builtInEtags();
    const custom = [...customDocuments(definitions)].map(([key, ofKey]): [string, string] => [
      key,
      customEtag(key, ofKey),
    ]);
    return new Map([...custom, ...builtIn].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Undefined: there is no such document. Both forms have the ETag of the JSON. */
  async v3(key: string, form: OpenApiForm = "json"): Promise<OpenApiDocument | undefined> {
    const json = await this.#v3Json(key);
    if (form === "json" || !json) return json;
    // Hardly a client asks for it, so it is not kept.
    const document = JSON.parse(asText(await decompress(json.content))) as object;
    return { etag: json.etag, content: await compress(await inSlices(encodeV3Document(document))) };
  }

  async #v3Json(key: string): Promise<OpenApiDocument | undefined> {
    const builtIn = await remember(this.#documents, key, () => this.#builtInV3(key));
    if (builtIn) return builtIn;
    // A key that nobody knows is not worth being remembered.
    this.#documents.delete(key);
    const definitions = customDocuments(this.#currentDefinitions()).get(key);
    return definitions && remember(this.#customDocuments, key, () => this.#buildCustomV3(key, definitions));
  }

  #currentDefinitions(): readonly CustomResourceDefinition[] {
    const definitions = this.#options.definitions();
    if (definitions !== this.#definitions) this.#customDocuments.clear();
    this.#definitions = definitions;
    return definitions;
  }

  #readIndex(): Promise<DocumentIndex> {
    this.#index ??= this.#options.files
      .read("index.json")
      .then((bytes) => JSON.parse(asText(bytes)) as DocumentIndex);
    return this.#index;
  }

  #readSpecification(): Promise<Specification> {
    this.#specification ??= this.#options.files
      .read("specification.txt.gz")
      .then((bytes) => decompress(bytes))
      .then((text) => readSpecification(asText(text)));
    return this.#specification;
  }

  async #readV2(form: OpenApiForm): Promise<OpenApiDocument> {
    const content = await this.#options.files.read(form === "json" ? "v2.json.gz" : "v2.pb.gz");
    return { etag: (await this.#readIndex()).v2, content };
  }

  async #builtInV3(key: string): Promise<OpenApiDocument | undefined> {
    if (this.#isDefault) {
      const { v3 } = await this.#readIndex();
      const etag = Object.hasOwn(v3, key) ? v3[key] : undefined;
      return etag === undefined
        ? undefined
        : { etag, content: await this.#options.files.read(v3FileName(key)) };
    }
    const content = await this.#builtInContent();
    const paths = content.paths.filter((path) => documentKey(path) === key);
    if (paths.length === 0) return undefined;
    const part = { ...content, paths, groupVersions: groupVersionsOfDocument(key) };
    const { bytes } = await collect(writeV3Document(part, await this.#documentOptions()));
    return { etag: (await this.#builtInEtags()).get(key) ?? "", content: await compress(bytes) };
  }

  /** Made of what a document is made of: to know its hash nobody has to put it together. */
  async #builtInEtags(): Promise<Map<string, string>> {
    const [{ paths }, options, { v2 }] = await Promise.all([
      this.#builtInContent(),
      this.#documentOptions(),
      this.#readIndex(),
    ]);
    const enums = this.#options.gates.enabled("OpenAPIEnums");
    const keys = Map.groupBy(paths, documentKey);
    return new Map(
      [...keys].map(([key, ofKey]) => [key, etagOf(JSON.stringify([v2, options, enums, ofKey]))]),
    );
  }

  async #buildCustomV3(
    key: string,
    definitions: readonly CustomResourceDefinition[],
  ): Promise<OpenApiDocument> {
    const version = key.slice(key.lastIndexOf("/") + 1);
    const content = customContent(definitions, await this.#readSpecification(), version);
    const { bytes } = await collect(writeV3Document(content, customDocumentOptions));
    return { etag: customEtag(key, definitions), content: await compress(bytes) };
  }

  async #buildV2(
    form: OpenApiForm,
    definitions: readonly CustomResourceDefinition[],
  ): Promise<OpenApiDocument> {
    const options = await this.#documentOptions();
    const custom = customContent(definitions, await this.#readSpecification());
    const content = mergedContent(await this.#builtInContent(), custom);
    const document = await inSlices(buildV2Document(content, options));
    const json = await collect(writeV2Document(document, options));
    const { bytes } = form === "json" ? json : await collect(encodeV2Document(document, options));
    // Both forms have the ETag of the JSON.
    return { etag: json.etag, content: await compress(bytes) };
  }

  async #builtInContent(): Promise<DocumentContent> {
    const { gates, resources } = this.#options;
    const specification = await this.#readSpecification();
    const content = { ...specification, paths: servedPaths(specification.paths, resources) };
    return gates.enabled("OpenAPIEnums") ? content : contentWithoutEnums(content);
  }

  async #documentOptions(): Promise<DocumentOptions> {
    const { version } = await this.#readIndex();
    return {
      info: { title: "Kubernetes", version },
      cbor: this.#options.gates.enabled("CBORServingAndStorage"),
    };
  }
}

/** Whether the documents are those that were prepared. */
function isDefaultSet({ resources, gates }: OpenApiOptions): boolean {
  const defaults = defaultFeatureGates();
  if (
    ["OpenAPIEnums", "CBORServingAndStorage"].some((gate) => gates.enabled(gate) !== defaults.enabled(gate))
  )
    return false;
  const prepared = enabledResources(loadTables().resources, {
    runtimeConfig: defaultRuntimeConfig(),
    gates: defaults,
  });
  const namesOf = (list: readonly ResourceInfo[]) =>
    list.flatMap(({ group, version, resource, subresources }) =>
      ["", ...subresources.keys()].map((subresource) => `${group}/${version}/${resource}/${subresource}`),
    );
  return namesOf(resources).sort().join(" ") === namesOf(prepared).sort().join(" ");
}

function remember<T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = cache.get(key);
  if (known) return known;
  const made = make();
  cache.set(key, made);
  // What failed once may work the next time.
  made.catch(() => cache.delete(key));
  return made;
}

/** The spec of a definition changes only with its generation. */
function customEtag(key: string, definitions: readonly CustomResourceDefinition[]): string {
  return etagOf(
    [key, ...definitions.map(({ metadata }) => `${metadata.uid}/${metadata.generation}`)].join(" "),
  );
}

function etagOf(text: string): string {
  return createHash("sha512").update(text).digest("hex").toUpperCase();
}

function asText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
}

/** Pieces between which the server does nothing else. */
const SLICE = 8;

async function inSlices<T>(pieces: Pieces<T>): Promise<T> {
  for (let count = 1; ; count++) {
    const { done, value } = pieces.next();
    if (done) return value;
    if (count % SLICE === 0) await setImmediate();
  }
}

/** The bytes of a document and the hash of them. */
async function collect(parts: Parts<string | Uint8Array>): Promise<{ bytes: Uint8Array; etag: string }> {
  const chunks: Uint8Array[] = [];
  const hash = createHash("sha512");
  let count = 0;
  for (const part of parts) {
    const bytes = typeof part === "string" ? Buffer.from(part) : part;
    hash.update(bytes);
    chunks.push(bytes);
    if (++count % SLICE === 0) await setImmediate();
  }
  return { bytes: Buffer.concat(chunks), etag: hash.digest("hex").toUpperCase() };
}
