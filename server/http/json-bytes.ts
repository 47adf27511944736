import { stringifyJson } from "../../api/json.ts";
import type { ResourceType, VersionCodec } from "../registry/resource-type.ts";
import type { Stored } from "../registry/store.ts";
import { typeMetaPrefix } from "../registry/stored.ts";

/**
 * JSON of stored objects in one served version, without decoding them where the stored bytes will do: in the stored
 * version they are the answer, and where only apiVersion differs their beginning is replaced.
 */
export class JsonBytes {
  readonly #codec: VersionCodec;
  readonly #storedPrefix: number;
  readonly #ownPrefix: Buffer;
  readonly #same: boolean;

  constructor(type: ResourceType, codec: VersionCodec) {
    this.#codec = codec;
    this.#storedPrefix = Buffer.byteLength(typeMetaPrefix(type.hubApiVersion, type.hubKind));
    this.#ownPrefix = Buffer.from(typeMetaPrefix(codec.apiVersion, codec.info.kind));
    this.#same = codec.sameShape && codec.apiVersion === type.hubApiVersion;
  }

  of(stored: Stored): Uint8Array {
    const { entry } = stored;
    if (!entry || !this.#codec.sameShape) return jsonBuffer(this.#codec.fromHub(stored.object));
    if (this.#same) return entry.bytes;
    return Buffer.concat([this.#ownPrefix, entry.bytes.subarray(this.#storedPrefix)]);
  }

  /** An item of a list: built-in kinds leave kind and apiVersion to the list. */
  item(stored: Stored, withTypeMeta: boolean): readonly Uint8Array[] {
    const { entry } = stored;
    if (withTypeMeta || !entry || !this.#codec.sameShape) {
      return [
        withTypeMeta ? this.of(stored) : withoutTypeMeta(this.of(stored), this.#ownPrefix.length),
      ].flat();
    }
    return withoutTypeMeta(entry.bytes, this.#storedPrefix);
  }
}

const openBrace = Buffer.from("{");

function withoutTypeMeta(bytes: Uint8Array, prefix: number): Uint8Array[] {
  return [openBrace, bytes.subarray(prefix)];
}

export function jsonBuffer(value: unknown): Buffer {
  return Buffer.from(stringifyJson(value));
}
