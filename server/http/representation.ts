/** From a pipeline's answer to the bytes of a response body, in the form that the client negotiated. */

import type { Clock } from "../../api/clock.ts";
import type { FeatureGates } from "../../api/feature-gates.ts";
import { jsonType } from "../../api/media-type.ts";
import type { JsonObject, KubeObject } from "../../api/object.ts";
import { goHubType } from "../../api/schema/go-type-name.ts";
import type { ResourceInfo } from "../../api/schema/types.ts";
import { StatusError } from "../../api/status.ts";
import { describeColumn } from "../../api/tables/describe-column.ts";
import type { ListAnswer, ObjectAnswer, Spoken } from "../pipeline/answer.ts";
import type { VersionCodec } from "../registry/resource-type.ts";
import { encoderOf } from "./encoder.ts";
import type { BlockList, GzipBlocks } from "./gzip-blocks.ts";
import { JsonBytes, jsonBuffer } from "./json-bytes.ts";
import type { OutputForm, Transformation } from "./negotiate.ts";
import { type PieceBuffers, PieceJoiner } from "./pieces.ts";
import {
  listMetadata,
  partialMetadata,
  type TableOptions,
  type TableSource,
  tableHead,
  tableOptions,
  tableRow,
  wholeTable,
} from "./transform.ts";

export interface Body {
  contentType: string;
  /** Whole, or in pieces of some size, in order. */
  content: Uint8Array | AsyncIterable<Uint8Array>;
  /** Bytes of all pieces, where that is known before they are made. */
  length?: number;
  /** The same already compressed, for clients that take gzip. */
  gzip?: () => AsyncIterable<Uint8Array>;
  /** Takes back a piece of content that has been sent. */
  recycle?: (piece: Uint8Array) => void;
}

/** What makes lists, kept from one to the next. */
export interface ListTools {
  blocks: GzipBlocks;
  buffers: PieceBuffers;
}

/** What representing needs to know besides the answer. */
export interface RepresentationContext {
  clock: Clock;
  gates: FeatureGates;
}

const newline = Buffer.from("\n");

const asJson = (object: KubeObject): JsonObject => object as unknown as JsonObject;

/** Whether stored bytes can be the body as they are. */
function isPlainJson({ mediaType, pretty, transform }: OutputForm): boolean {
  return mediaType === jsonType && !pretty && transform === undefined;
}

/** A promise only where the object has to be decoded or its encoder loaded. */
export function representObject(
  context: RepresentationContext,
  answer: ObjectAnswer,
  form: OutputForm,
  query: URLSearchParams,
): Body | Promise<Body> {
  const { stored, registry, codec, spoken } = answer;
  if (spoken || !isPlainJson(form)) return representDecoded(context, answer, form, query);
  return { contentType: jsonType, content: asLine(new JsonBytes(registry.type, codec).of(stored)) };
}

/** Faster than Buffer.concat. */
function asLine(bytes: Uint8Array): Uint8Array {
  const line = Buffer.allocUnsafe(bytes.length + 1);
  line.set(bytes);
  line[bytes.length] = newline[0]!;
  return line;
}

async function representDecoded(
  context: RepresentationContext,
  { stored, codec, spoken }: ObjectAnswer,
  form: OutputForm,
  query: URLSearchParams,
): Promise<Body> {
  const wantsList = form.transform?.kind === "PartialObjectMetadataList";
  // Scales of custom resources have no hub form, and what is said of the resources themselves is upstream's confusion.
  if (wantsList && !codec.info.struct) {
    throw spoken ? notAList("*v1.Scale") : new StatusError(500, "", "content is not a list");
  }
  if (spoken) return representSpoken(context, spoken, form, query);
  const { contentType, encode } = await encoderOf(form);
  const { object } = stored;
  if (form.transform) {
    if (wantsList) throw notAList(goTypeOf(codec.info, ""));
    const shown = transformed(context, codec, object, form.transform, query);
    return { contentType, content: encode(shown, undefined) };
  }
  return { contentType, content: encode(asJson(codec.fromHub(object)), codec.info.struct) };
}

/** An object that is not of a stored resource's kind. */
export async function representSpoken(
  context: RepresentationContext,
  { object, struct, table }: Spoken,
  form: OutputForm,
  query: URLSearchParams,
): Promise<Body> {
  const { contentType, encode } = await encoderOf(form);
  if (!form.transform) return { contentType, content: encode(asJson(object), struct) };
  const { kind = "", apiVersion = "" } = object;
  const { items } = object as { items?: readonly KubeObject[] };
  const [group = ""] = apiVersion.split("/", apiVersion.includes("/") ? 1 : 0);
  const goType = goTypeOf({ struct, group, kind }, "");
  if (form.transform.kind === "PartialObjectMetadataList") {
    if (!items) throw notAList(goType);
    return { contentType, content: encode(partialList(form.transform.version, {}, items), undefined) };
  }
  if (form.transform.kind === "PartialObjectMetadata" && items) throw isAList(goType);
  const codec = { table: table!, fromHub: (same: KubeObject) => same };
  const shown = transformed(context, codec, object, form.transform, query);
  return { contentType, content: encode(shown, undefined) };
}

/** One object, or a list that no registry keeps. */
function transformed(
  context: RepresentationContext,
  codec: TableCodec,
  object: KubeObject,
  { kind, version }: Transformation,
  query: URLSearchParams,
): JsonObject {
  if (kind === "PartialObjectMetadata") return partialMetadata(object, version);
  const source = tableSource(context, codec, version, tableOptions(query));
  const { resourceVersion } = object.metadata;
  const { items = [object] } = object as { items?: readonly KubeObject[] };
  return wholeTable(source, resourceVersion ? { resourceVersion } : {}, items);
}

function notAList(goType: string): StatusError {
  const problem = `but the requested object is not a list (${goType})`;
  return new StatusError(406, "NotAcceptable", `you requested PartialObjectMetadataList, ${problem}`);
}

function isAList(goType: string): StatusError {
  const problem = `but the requested object is a list (${goType})`;
  return new StatusError(406, "NotAcceptable", `you requested PartialObjectMetadata, ${problem}`);
}

function partialList(
  version: Transformation["version"],
  metadata: JsonObject,
  objects: readonly KubeObject[],
): JsonObject {
  const items = objects.map((object) => partialMetadata(object, version));
  const kind = "PartialObjectMetadataList";
  return { kind, apiVersion: `meta.k8s.io/${version}`, metadata, items: items.length > 0 ? items : null };
}

type TableCodec = Pick<VersionCodec, "table" | "fromHub">;

export function tableSource(
  context: RepresentationContext,
  codec: TableCodec,
  version: TableSource["version"],
  options: TableOptions,
): TableSource {
  return {
    definition: codec.table,
    version,
    options,
    context: { now: context.clock.now(), gates: context.gates },
    describe: describeColumn,
    spoken: (object) => codec.fromHub(object),
  };
}

export async function representList(
  context: RepresentationContext,
  tools: ListTools,
  answer: ListAnswer,
  form: OutputForm,
  query: URLSearchParams,
): Promise<Body> {
  if (form.transform) checkListTransform(answer, form.transform.kind);
  if (isPlainJson(form)) return plainList(tools, answer);
  const isTable = form.transform?.kind === "Table";
  if (form.mediaType === jsonType && !form.pretty && isTable && answer.page.entries.length > 0) {
    const encoder = await encoderOf(form);
    const { buffers } = tools;
    const content = tableList(context, buffers, answer, form, query);
    return { contentType: encoder.contentType, content, recycle: (piece) => buffers.give(piece) };
  }
  const encoder = await encoderOf(form);
  const list = await wholeList(context, answer, form, query);
  const struct = form.transform ? undefined : answer.codec.listStruct;
  return { contentType: encoder.contentType, content: encoder.encode(list, struct) };
}

function checkListTransform({ codec }: ListAnswer, kind: string): void {
  if (kind === "PartialObjectMetadata") throw isAList(goTypeOf(codec.info, "List"));
}

/** What Go prints for the type of an object. */
function goTypeOf(
  { struct, group, kind }: Pick<ResourceInfo, "struct" | "group" | "kind">,
  suffix: "" | "List",
): string {
  return struct ? `*${goHubType({ group, kind: kind + suffix })}` : `*unstructured.Unstructured${suffix}`;
}

/** Lists of custom resources say in any case whether they go on. Source: UnstructuredList.SetContinue. */
function ownMetadata({ page, codec }: ListAnswer): JsonObject {
  return codec.info.struct ? listMetadata(page) : { continue: "", ...listMetadata(page) };
}

/** A list of stored bytes as they are. */
function plainList({ blocks, buffers }: ListTools, answer: ListAnswer): Body {
  const { page, registry, codec } = answer;
  const bytes = new JsonBytes(registry.type, codec);
  const withTypeMeta = codec.info.struct === undefined;
  const head = { kind: codec.info.listKind, apiVersion: codec.apiVersion, metadata: ownMetadata(answer) };
  const list: BlockList = {
    form: `${codec.apiVersion} ${codec.info.kind}`,
    start: Buffer.concat([jsonBuffer(head).subarray(0, -1), listStart]),
    entries: page.entries,
    item: (entry) => bytes.item(registry.store.stored(entry), withTypeMeta),
    separator: comma,
    end: listEnd,
  };
  return {
    contentType: jsonType,
    content: joinedList(buffers, list),
    recycle: (piece) => buffers.give(piece),
    ...(codec.sameShape ? { length: listLength(list) } : {}),
    gzip: () => blocks.pack(list),
  };
}

function listLength({ start, entries, item, separator, end }: BlockList): number {
  let length = start.length + end.length + separator.length * Math.max(0, entries.length - 1);
  for (const entry of entries) for (const part of item(entry)) length += part.length;
  return length;
}

async function* joinedList(
  buffers: PieceBuffers,
  { start, entries, item, separator, end }: BlockList,
): AsyncGenerator<Uint8Array> {
  const pieces = new PieceJoiner(buffers);
  pieces.add(start);
  for (const [i, entry] of entries.entries()) {
    if (i > 0) pieces.add(separator);
    for (const part of item(entry)) pieces.add(part);
    if (pieces.isFull) yield pieces.take();
  }
  pieces.add(end);
  yield pieces.take();
}

const rowsStart = Buffer.from(',"rows":[');
const listStart = Buffer.from(',"items":[');
const comma = Buffer.from(",");
const listEnd = Buffer.from("]}\n");

/** Rows decoded between two turns of the event loop. */
const rowSlice = 100;

async function* tableList(
  context: RepresentationContext,
  buffers: PieceBuffers,
  answer: ListAnswer,
  form: OutputForm,
  query: URLSearchParams,
): AsyncGenerator<Uint8Array> {
  const { page, registry, codec } = answer;
  const source = tableSource(context, codec, form.transform!.version, tableOptions(query));
  const head = jsonBuffer(tableHead(source, listMetadata(page), true));
  const pieces = new PieceJoiner(buffers);
  pieces.add(head.subarray(0, -1));
  pieces.add(rowsStart);
  for (const [i, entry] of page.entries.entries()) {
    if (i > 0) pieces.add(comma);
    pieces.add(jsonBuffer(tableRow(source, registry.store.objectOf(entry))));
    if ((i + 1) % rowSlice === 0) {
      yield pieces.take();
      await new Promise(setImmediate);
    }
  }
  pieces.add(listEnd);
  yield pieces.take();
}

/** For media types that need the list as one value. */
async function wholeList(
  context: RepresentationContext,
  answer: ListAnswer,
  { transform }: OutputForm,
  query: URLSearchParams,
): Promise<JsonObject> {
  const { page, registry, codec } = answer;
  const objects: KubeObject[] = [];
  for (const [i, entry] of page.entries.entries()) {
    objects.push(registry.store.objectOf(entry));
    if ((i + 1) % rowSlice === 0) await new Promise(setImmediate);
  }
  const metadata = listMetadata(page);
  if (transform?.kind === "Table") {
    const source = tableSource(context, codec, transform.version, tableOptions(query));
    return wholeTable(source, metadata, objects);
  }
  if (transform) return partialList(transform.version, metadata, objects);
  const items = objects.map((object) => listItem(codec, object));
  return { kind: codec.info.listKind, apiVersion: codec.apiVersion, metadata, items };
}

function listItem(codec: VersionCodec, object: KubeObject): JsonObject {
  const spoken = codec.fromHub(object) as unknown as JsonObject;
  if (codec.info.struct === undefined) return spoken;
  const { kind: _kind, apiVersion: _version, ...rest } = spoken;
  return rest;
}
