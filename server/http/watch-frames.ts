import { jsonType, protobufType } from "../../api/media-type.ts";
import type { JsonObject } from "../../api/object.ts";
import type { WatchAnswer } from "../pipeline/answer.ts";
import type { WatchNotice } from "../registry/watching.ts";
import type { Entry } from "../storage/contract.ts";
import { encoderOf } from "./encoder.ts";
import { JsonBytes, jsonBuffer } from "./json-bytes.ts";
import type { OutputForm } from "./negotiate.ts";
import { type RepresentationContext, tableSource } from "./representation.ts";
import { partialMetadata, tableHead, tableOptions, tableRow } from "./transform.ts";

/** Turns the notices of one watch into frames of its media type. */
export interface WatchFramer {
  contentType: string;
  /** undefined: the form cannot show it, and the stream ends. */
  frame(notice: WatchNotice): Uint8Array | undefined;
}

/** Enough for what watchers that keep up are sent; one that lags behind has its frames made again. */
const frameCacheBytes = 4 << 20;

/** Frames that every watcher of the same form shares: a change is written once, however many watch it. */
export class FrameCache {
  readonly #frames = new Map<Entry, Map<string, Uint8Array>>();
  #bytes = 0;

  get(entry: Entry, form: string, make: () => Uint8Array): Uint8Array {
    const known = this.#frames.get(entry)?.get(form);
    if (known) return known;
    const frame = make();
    const forms = this.#frames.get(entry) ?? new Map<string, Uint8Array>();
    this.#frames.set(entry, forms.set(form, frame));
    this.#bytes += frame.length;
    this.#trim();
    return frame;
  }

  /** Lets go of the oldest. */
  #trim(): void {
    for (const [entry, forms] of this.#frames) {
      if (this.#bytes <= frameCacheBytes) return;
      this.#frames.delete(entry);
      for (const { length } of forms.values()) this.#bytes -= length;
    }
  }
}

const initialEventsEnd = "k8s.io/initial-events-end";

/** The synthetic object of a bookmark. */
function bookmarkObject({ codec }: WatchAnswer, notice: WatchNotice & { type: "BOOKMARK" }): JsonObject {
  const object = codec.emptyObject();
  object.metadata = {
    resourceVersion: String(notice.revision),
    ...(notice.initialEventsEnd ? { annotations: { [initialEventsEnd]: "true" } } : {}),
  };
  return object as unknown as JsonObject;
}

const frameEnd = Buffer.from("}\n");

function jsonFrame(type: string, object: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`{"type":"${type}","object":`), object, frameEnd]);
}

export async function watchFramer(
  context: RepresentationContext,
  cache: FrameCache,
  answer: WatchAnswer,
  form: OutputForm,
  query: URLSearchParams,
): Promise<WatchFramer> {
  const framer = await objectFramer(context, cache, answer, form, query);
  if (form.transform?.kind !== "PartialObjectMetadataList") return framer;
  // An event has one object, which is no list.
  return { ...framer, frame: (notice) => (notice.type === "ERROR" ? framer.frame(notice) : undefined) };
}

async function objectFramer(
  context: RepresentationContext,
  cache: FrameCache,
  answer: WatchAnswer,
  form: OutputForm,
  query: URLSearchParams,
): Promise<WatchFramer> {
  if (form.mediaType === protobufType) return protobufFramer(cache, answer, form);
  const contentType = form.mediaType === jsonType ? jsonType : `${form.mediaType};stream=watch`;
  if (form.transform?.kind === "Table") return tableFramer(context, answer, form, query);
  const { registry, codec } = answer;
  const bytes = new JsonBytes(registry.type, codec);
  const { transform } = form;
  const shape = `${codec.apiVersion} ${transform ? `${transform.kind} ${transform.version}` : ""}`;
  const objectBytes = (entry: Entry): Uint8Array => {
    const stored = registry.store.stored(entry);
    return transform ? jsonBuffer(partialMetadata(stored.object, transform.version)) : bytes.of(stored);
  };
  return {
    contentType,
    frame(notice) {
      switch (notice.type) {
        case "ERROR":
          return jsonFrame(notice.type, jsonBuffer(notice.error.status()));
        case "BOOKMARK": {
          const object = bookmarkObject(answer, notice);
          const shown = transform ? partialMetadata(object as never, transform.version) : object;
          return jsonFrame(notice.type, jsonBuffer(shown));
        }
        default:
          return cache.get(notice.entry, `${notice.type} ${shape}`, () =>
            jsonFrame(notice.type, objectBytes(notice.entry)),
          );
      }
    },
  };
}

/** Each event is a table of one row; only the first brings the columns. */
function tableFramer(
  context: RepresentationContext,
  answer: WatchAnswer,
  form: OutputForm,
  query: URLSearchParams,
): WatchFramer {
  const options = tableOptions(query);
  let first = true;
  const table = (object: JsonObject, metadata: JsonObject): Uint8Array => {
    const source = tableSource(context, answer.codec, form.transform!.version, options);
    const head = tableHead(source, metadata, first);
    first = false;
    return jsonBuffer({ ...head, rows: [tableRow(source, object as never)] });
  };
  return {
    contentType: form.mediaType,
    frame(notice) {
      if (notice.type === "ERROR") return jsonFrame(notice.type, jsonBuffer(notice.error.status()));
      const object =
        notice.type === "BOOKMARK"
          ? bookmarkObject(answer, notice)
          : (answer.registry.store.objectOf(notice.entry) as unknown as JsonObject);
      const { resourceVersion } = object["metadata"] as JsonObject;
      return jsonFrame(notice.type, table(object, { resourceVersion: resourceVersion ?? "" }));
    },
  };
}

async function protobufFramer(
  cache: FrameCache,
  answer: WatchAnswer,
  form: OutputForm,
): Promise<WatchFramer> {
  const encoder = await encoderOf(form);
  const { encodeWatchFrame } = await import("../../api/protobuf/envelope.ts");
  const { codec, registry } = answer;
  const { transform } = form;
  const objectBytes = (object: JsonObject): Uint8Array => {
    if (transform) return encoder.encode(partialMetadata(object as never, transform.version), undefined);
    return encoder.encode(object, codec.info.struct);
  };
  const shape = `protobuf ${codec.apiVersion} ${transform ? `${transform.kind} ${transform.version}` : ""}`;
  return {
    contentType: `${protobufType};stream=watch`,
    frame(notice) {
      if (notice.type === "ERROR") {
        return encodeWatchFrame(notice.type, encoder.encode(notice.error.status() as never, undefined));
      }
      if (notice.type === "BOOKMARK") {
        return encodeWatchFrame(notice.type, objectBytes(bookmarkObject(answer, notice)));
      }
      return cache.get(notice.entry, `${notice.type} ${shape}`, () => {
        const object = codec.fromHub(registry.store.objectOf(notice.entry)) as unknown as JsonObject;
        return encodeWatchFrame(notice.type, objectBytes(object));
      });
    },
  };
}
