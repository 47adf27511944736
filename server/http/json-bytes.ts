import { stringifyJson } from "../../api/json.ts";
import type { ResourceType, VersionCodec } from "../registry/resource-type.ts";
import type { Stored } from "../registry/store.ts";
import { typeMetaPrefix } from "../registry/stored.ts";

/**
 * JSON of stored objects in one served version, without decoding them where the stored bytes will do: in the stored
 * version they are the answer, and where only apiVersion differs their beginning is replaced.
 */
export class JsonBytes {
  readonly #type: ResourceType;
  readonly #codec: VersionCodec;
  readonly #same: boolean;
  #prefixes: { stored: number; own: Buffer } | undefined;

  constructor(type: ResourceType, codec: VersionCodec) {
    this.#type = type;
    this.#codec = codec;
    this.#same = codec.sameShape && codec.apiVersion === type.hubApiVersion;
  }

  /** Most answers to a single get need none of this. */
  get #typeMeta(): { stored: number; own: Buffer } {
    const { hubApiVersion, hubKind } = this.#type;
    this.#prefixes ??= {
      stored: Buffer.byteLength(typeMetaPrefix(hubApiVersion, hubKind)),
      own: Buffer.from(typeMetaPrefix(this.#codec.apiVersion, this.#codec.info.kind)),
    };
    return this.#prefixes;
  }

  of(stored: Stored): Uint8Array {
    const { entry } = stored;
    if (!entry || !this.#codec.sameShape) return jsonBuffer(this.#codec.fromHub(stored.object));
    if (this.#same) return entry.bytes;
    const { own, stored: storedLength } = this.#typeMeta;
    return Buffer.concat([own, entry.bytes.subarray(storedLength)]);
  }

  /** An item of a list: built-in kinds leave kind and apiVersion to the list. */
  item(stored: Stored, withTypeMeta: boolean): readonly Uint8Array[] {
    const { entry } = stored;
    if (withTypeMeta || !entry || !this.#codec.sameShape) {
      return [
        withTypeMeta ? this.of(stored) : withoutTypeMeta(this.of(stored), this.#typeMeta.own.length),
      ].flat();
    }
    return withoutTypeMeta(entry.bytes, this.#typeMeta.stored);
  }
}

const openBrace = Buffer.from("{");

function withoutTypeMeta(bytes: Uint8Array, prefix: number): Uint8Array[] {
  return [openBrace, bytes.subarray(prefix)];
}

export function jsonBuffer(value: unknown): Buffer {
  return Buffer.from(stringifyJson(value));
}
