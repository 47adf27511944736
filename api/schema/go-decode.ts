/**
 * The slow walk over a typed object, in the order of the text: finds the error that Go's decoder reports, in its words,
 * and the strict errors (unknown and repeated fields), and merges what repeats as Go does. It runs only when the fast
 * walk (normalize.ts) found that something is wrong. Semantics: decode.go of sigs.k8s.io/json and the UnmarshalJSON
 * methods of apimachinery's types.
 */
import { goQuote } from "../go-format.ts";
import {
  int64Of,
  JsonEntries,
  type JsonNode,
  JsonNumber,
  maxStrictErrors,
  setKey,
  untypedNumber,
} from "../json-tree.ts";
import type { JsonObject, JsonValue } from "../object.ts";
import { Quantity } from "../quantity.ts";
import { parseDuration, parseMicroTime, parseTime } from "../time.ts";
import { decodeBase64 } from "./base64.ts";
import { DecodeError } from "./decode-error.ts";
import { type FieldPlan, planOf, type StructPlan, type TypePlan, typeCodes, zeroOf } from "./plan.ts";
import type { StructType } from "./types.ts";

export interface GoDecoded {
  /** Known fields only, not yet normalized. */
  value: JsonObject;
  /** 'unknown field "spec.foo"', 'duplicate field "spec.replicas"', in the order of the text. */
  strictErrors: string[];
}

/** @throws DecodeError */
export function goDecode(struct: StructType, tree: JsonNode): GoDecoded {
  const decoder = new Decoder();
  const plan = planOf(struct);
  const root: TypePlan = { code: typeCodes.struct, goType: goStructName(struct), struct: plan };
  const value = tree === null ? {} : decoder.decode(root, tree, undefined);
  decoder.finish();
  return { value: value as JsonObject, strictErrors: decoder.strictErrors };
}

/**
 * A value of a type with a decoder of its own, by itself.
 * @throws DecodeError
 */
export function goDecodeValue(type: TypePlan, tree: JsonNode): JsonValue {
  const decoder = new Decoder();
  const value = decoder.decode(type, tree, undefined);
  decoder.finish();
  return value ?? null;
}

const goStructName = (struct: StructType): string => struct.name.split(".").slice(-2).join(".");

type Existing = JsonValue | undefined;

/** Of a JSON value in the texts of errors. */
function kindOf(node: JsonNode): string {
  if (node instanceof JsonNumber) return "number";
  if (Array.isArray(node)) return "array";
  if (node === null) return "null";
  return typeof node === "boolean" ? "bool" : typeof node === "string" ? "string" : "object";
}

class Decoder {
  /** Names of the fields on the way here, and the struct that has the last one. */
  #fieldStack: string[] = [];
  #structName = "";
  #path = "";
  /** Go goes on after most errors, and reports the first. */
  #firstError: DecodeError | undefined;
  /** Inside a type that decodes itself: nothing is strict there. */
  #lenient = 0;
  readonly #strict = new Set<string>();

  get strictErrors(): string[] {
    return [...this.#strict];
  }

  finish(): void {
    if (this.#firstError) throw this.#firstError;
  }

  decode(type: TypePlan, node: JsonNode, existing: Existing): Existing {
    switch (type.code) {
      case typeCodes.struct:
        return this.#struct(type, node, existing);
      case typeCodes.array:
        return this.#array(type, node, existing);
      case typeCodes.map:
        return this.#map(type, node, existing);
      case typeCodes.string:
        return typeof node === "string" ? node : this.#wrongType(node, type.goType);
      case typeCodes.boolean:
        return typeof node === "boolean" ? node : this.#wrongType(node, type.goType);
      case typeCodes.int32:
        return this.#integer(node, type.goType, 32);
      case typeCodes.int64:
        return this.#integer(node, type.goType, 64);
      case typeCodes.float64:
        return this.#float(node, type.goType);
      case typeCodes.bytes:
        return this.#bytes(node, type.goType);
      default:
        return this.#special(type, node);
    }
  }

  /** Types with a decoder of their own: what they say ends everything. */
  #special(type: TypePlan, node: JsonNode): Existing {
    switch (type.code) {
      case typeCodes.time:
        return this.#parsed(node, parseTime);
      case typeCodes.microTime:
        return this.#parsed(node, parseMicroTime);
      case typeCodes.duration:
        return this.#parsed(node, parseDuration);
      case typeCodes.quantity:
        return quantityText(node);
      case typeCodes.intOrString:
        return typeof node === "string" ? node : this.#fatal(() => this.#integer(node, "int32", 32));
      case typeCodes.schemaOrArray:
      case typeCodes.schemaOrBool:
      case typeCodes.schemaOrStringArray:
        return this.#union(type, node);
      default:
        return plainValue(node);
    }
  }

  #struct(type: TypePlan, node: JsonNode, existing: Existing): Existing {
    if (!(node instanceof JsonEntries)) return this.#wrongType(node, type.goType, existing);
    const plan = type.struct as StructPlan;
    const object: JsonObject = isObject(existing) ? existing : {};
    const seen = new Set<string>();
    const { depth, structName, path } = this.#here();
    for (const [key, child] of node.entries) {
      const field = plan.byName.get(key);
      if (!field) {
        this.#strictError("unknown", key);
        continue;
      }
      if (seen.has(key)) this.#strictError("duplicate", key);
      seen.add(key);
      for (const { goName } of field.field.inline ?? []) this.#fieldStack.push(goName);
      this.#fieldStack.push(key);
      this.#structName = plan.struct.goName;
      this.#enter(key);
      const value = this.#field(field, child, object[key]);
      if (value === undefined) delete object[key];
      else object[key] = value;
      this.#back(depth, structName, path);
    }
    return object;
  }

  #field(field: FieldPlan, node: JsonNode, existing: Existing): Existing {
    if (node !== null) return this.decode(field.type, node, existing);
    // A null empties a pointer, list or map, and says nothing to any other type that does not decode itself.
    const { code } = field.type;
    const isPlain = code <= typeCodes.struct || code === typeCodes.float64;
    return isPlain && (field.dropZero || field.field.presence === "always") ? existing : undefined;
  }

  #array(type: TypePlan, node: JsonNode, existing: Existing): Existing {
    if (!Array.isArray(node)) return this.#wrongType(node, type.goType, existing);
    const before = Array.isArray(existing) ? existing : [];
    const { depth, structName, path } = this.#here();
    return node.map((item, index) => {
      this.#path = `${path}[${index}]`;
      const value = this.#item(type.item as TypePlan, item, before[index]);
      this.#back(depth, structName, path);
      return value;
    });
  }

  #map(type: TypePlan, node: JsonNode, existing: Existing): Existing {
    if (!(node instanceof JsonEntries)) return this.#wrongType(node, type.goType, existing);
    const object: JsonObject = isObject(existing) ? existing : {};
    const seen = new Set<string>();
    const { depth, structName, path } = this.#here();
    for (const [key, child] of node.entries) {
      if (seen.has(key)) this.#strictError("duplicate", key);
      seen.add(key);
      this.#enter(key);
      setKey(object, key, this.#item(type.item as TypePlan, child, undefined));
      this.#back(depth, structName, path);
    }
    return object;
  }

  /** A null among items or values is the zero value. */
  #item(type: TypePlan, node: JsonNode, existing: Existing): JsonValue {
    const zero = type.code === typeCodes.struct ? {} : zeroOf(type);
    if (node === null) return existing ?? zero;
    return this.decode(type, node, existing) ?? zero;
  }

  #integer(node: JsonNode, goType: string, bits: 32 | 64): Existing {
    if (!(node instanceof JsonNumber)) return this.#wrongType(node, goType);
    const value = int64Of(node.literal);
    const fits = value !== undefined && (bits === 64 || BigInt.asIntN(32, BigInt(value)) === BigInt(value));
    return fits ? value : this.#wrongType(`number ${node.literal}`, goType);
  }

  #float(node: JsonNode, goType: string): Existing {
    if (!(node instanceof JsonNumber)) return this.#wrongType(node, goType);
    const value = Number(node.literal);
    return Number.isFinite(value) ? value : this.#wrongType(`number ${node.literal}`, goType);
  }

  /** Base64, or a list of the bytes' numbers. */
  #bytes(node: JsonNode, goType: string): Existing {
    if (typeof node === "string") {
      const decoded = decodeBase64(node);
      if (typeof decoded !== "number") return decoded.toString("base64");
      return this.#save(new DecodeError(`illegal base64 data at input byte ${decoded}`));
    }
    if (!Array.isArray(node)) return this.#wrongType(node, goType);
    const bytes = node.map((item) => {
      if (item === null) return 0;
      if (!(item instanceof JsonNumber)) return Number(this.#wrongType(item, "uint8") ?? 0);
      const value = int64Of(item.literal);
      if (typeof value === "number" && value >= 0 && value < 256) return value;
      return Number(this.#wrongType(`number ${item.literal}`, "uint8") ?? 0);
    });
    return Buffer.from(bytes).toString("base64");
  }

  #parsed(node: JsonNode, parse: (text: string) => unknown): Existing {
    if (typeof node !== "string") return this.#fatal(() => this.#wrongType(node, "string"));
    rethrow(() => parse(node));
    return node;
  }

  #union(type: TypePlan, node: JsonNode): Existing {
    const item: TypePlan = { code: typeCodes.struct, goType: "v1.JSONSchemaProps", ...withStruct(type) };
    if (node instanceof JsonEntries) return this.#fatal(() => this.decode(item, node, undefined));
    if (type.code === typeCodes.schemaOrBool) {
      if (typeof node === "boolean") return node;
      throw new DecodeError("boolean or JSON schema expected");
    }
    if (!Array.isArray(node)) return null;
    const items: TypePlan = type.code === typeCodes.schemaOrArray ? item : stringType;
    const list: TypePlan = { code: typeCodes.array, goType: `[]${items.goType}`, item: items };
    return this.#fatal(() => this.decode(list, node, undefined));
  }

  /** Runs a decoder of its own: lenient, and its first error is the error of it all. */
  #fatal(run: () => Existing): Existing {
    const before = this.#firstError;
    this.#firstError = undefined;
    this.#lenient++;
    const value = run();
    this.#lenient--;
    if (this.#firstError) throw this.#firstError;
    this.#firstError = before;
    return value;
  }

  #wrongType(what: JsonNode | string, goType: string, existing?: Existing): Existing {
    const value = typeof what === "string" && what.startsWith("number ") ? what : kindOf(what);
    const place =
      this.#fieldStack.length === 0
        ? "Go value"
        : `Go struct field ${this.#structName}.${this.#fieldStack.join(".")}`;
    return this.#save(
      new DecodeError(`json: cannot unmarshal ${value} into ${place} of type ${goType}`),
      existing,
    );
  }

  #save(error: DecodeError, existing?: Existing): Existing {
    this.#firstError ??= error;
    return existing;
  }

  #strictError(what: "unknown" | "duplicate", key: string): void {
    if (this.#lenient > 0 || this.#strict.size >= maxStrictErrors) return;
    this.#strict.add(`${what} field ${goQuote(this.#path === "" ? key : `${this.#path}.${key}`)}`);
  }

  #enter(key: string): void {
    this.#path = this.#path === "" ? key : `${this.#path}.${key}`;
  }

  #here(): { depth: number; structName: string; path: string } {
    return { depth: this.#fieldStack.length, structName: this.#structName, path: this.#path };
  }

  #back(depth: number, structName: string, path: string): void {
    this.#fieldStack.length = depth;
    this.#structName = structName;
    this.#path = path;
  }
}

const stringType: TypePlan = { code: typeCodes.string, goType: "string" };

const withStruct = (type: TypePlan): { struct?: StructPlan } => (type.struct ? { struct: type.struct } : {});

const isObject = (value: Existing): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Upstream parses what stands between the quotes, or the number as it is written. */
function quantityText(node: JsonNode): string {
  const text = typeof node === "string" ? node : node instanceof JsonNumber ? node.literal : "{";
  return rethrow(() => Quantity.parse(text.trim()).toString());
}

function rethrow<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw new DecodeError(error instanceof Error ? error.message : String(error));
  }
}

/** Of a type that takes any JSON; what repeats counts once, the last time. */
function plainValue(node: JsonNode): JsonValue {
  if (node instanceof JsonNumber) return untypedNumber(node.literal);
  if (Array.isArray(node)) return node.map(plainValue);
  if (!(node instanceof JsonEntries)) return node;
  const object: JsonObject = {};
  for (const [key, child] of node.entries) setKey(object, key, plainValue(child));
  return object;
}
