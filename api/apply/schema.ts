/**
 * What apply has to know about a type: how its parts may be owned. Built-in types (struct-schema.ts) and custom
 * resources (custom-schema.ts) both supply it. Source: structured-merge-diff/v6/schema/elements.go.
 */
import { stringifyJson } from "../json.ts";
import type { JsonValue } from "../object.ts";
import { canonicalJson, ElementMemo, fieldElement } from "./path-element.ts";

/** A type; where it has several shapes, the value decides. */
export interface Schema {
  readonly scalar?: "numeric" | "string" | "boolean" | "untyped" | undefined;
  readonly list?: ListSchema | undefined;
  readonly map?: MapSchema | undefined;
}

export interface ListSchema {
  readonly items: Schema;
  /** Owned as a whole; otherwise each item has an owner of its own. */
  readonly atomic: boolean;
  /** Fields that tell the items apart, by name; none for a set of scalars. */
  readonly keys: readonly ListKey[];
  /** The keys as the type declares them, for messages. */
  readonly keyNames: readonly string[];
  /** Where there is one key: the path elements of its texts. */
  readonly textElements: ElementMemo | undefined;
}

export interface KeyField {
  readonly name: string;
  readonly default: JsonValue | undefined;
}

/** A key as it stands in path elements. */
export interface ListKey extends KeyField {
  /** "name": with its colon. */
  readonly prefix: string;
}

export interface MapSchema {
  readonly fields: readonly SchemaField[];
  /** A declared field. before: that of the member before, which says where to look first. */
  field(name: string, before?: SchemaField): SchemaField | undefined;
  /** The type of what is not declared; undefined: nothing else may be there. */
  readonly element: Schema | undefined;
  readonly atomic: boolean;
}

export interface SchemaField {
  readonly name: string;
  /** The path element: "f:name". */
  readonly element: string;
  readonly schema: Schema;
  /** Pure memoisation: the field that came next last time. Mostly the same comes again. */
  next: SchemaField | undefined;
}

/** A field whose type is only made when somebody asks for it: types refer to themselves. */
export class LazyField implements SchemaField {
  readonly name: string;
  readonly element: string;
  next: SchemaField | undefined;
  readonly #make: () => Schema;
  #schema: Schema | undefined;

  constructor(name: string, make: () => Schema) {
    this.name = name;
    this.element = fieldElement(name);
    this.#make = make;
  }

  get schema(): Schema {
    this.#schema ??= this.#make();
    return this.#schema;
  }
}

/** A map with declared fields, which are made when somebody first asks for one. */
export class FieldMap implements MapSchema {
  readonly element: Schema | undefined;
  readonly atomic: boolean;
  readonly #make: () => Iterable<LazyField>;
  #fields: readonly LazyField[] | undefined;
  #byName: ReadonlyMap<string, LazyField> | undefined;
  #first: SchemaField | undefined;

  constructor(make: () => Iterable<LazyField>, atomic: boolean, element?: Schema) {
    this.#make = make;
    this.atomic = atomic;
    this.element = element;
  }

  get fields(): readonly SchemaField[] {
    return this.#made();
  }

  field(name: string, before?: SchemaField): SchemaField | undefined {
    const next = before === undefined ? this.#first : before.next;
    if (next !== undefined && next.name === name) return next;
    this.#byName ??= new Map(this.#made().map((field) => [field.name, field]));
    const found = this.#byName.get(name);
    if (before === undefined) this.#first = found;
    else before.next = found;
    return found;
  }

  #made(): readonly LazyField[] {
    this.#fields ??= [...this.#make()];
    return this.#fields;
  }
}

/** A map without declared fields: labels, or free-form JSON. */
export function mapOf(element: Schema, atomic: boolean): MapSchema {
  return { fields: noFields, field: () => undefined, element, atomic };
}

const noFields: readonly SchemaField[] = Object.freeze([]);

export function listOf(items: Schema, atomic: boolean, keys: readonly KeyField[] = []): ListSchema {
  const byName = keys
    .map((key) => ({ ...key, prefix: `${stringifyJson(key.name)}:` }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const [key] = byName;
  const textElements =
    key && byName.length === 1
      ? new ElementMemo((text) => `k:{${key.prefix}${canonicalJson(text)}}`)
      : undefined;
  return { items, atomic, keys: byName, keyNames: keys.map(({ name }) => name), textElements };
}

/** Types of one shape; all have the same members, which keeps reading them fast. */
export const scalarType = (scalar: Schema["scalar"]): Schema => ({ scalar, list: undefined, map: undefined });
export const listType = (list: ListSchema): Schema => ({ scalar: undefined, list, map: undefined });
export const mapType = (map: MapSchema): Schema => ({ scalar: undefined, list: undefined, map });

export const stringScalar = scalarType("string");
export const numericScalar = scalarType("numeric");
export const booleanScalar = scalarType("boolean");
export const untypedScalar = scalarType("untyped");

/** Any JSON, owned as a whole. */
export const untypedAtomic: Schema = {
  scalar: "untyped",
  get list() {
    return atomicList;
  },
  get map() {
    return atomicMap;
  },
};
const atomicList = listOf(untypedAtomic, true);
const atomicMap = mapOf(untypedAtomic, true);

/** Any JSON: the members of maps have owners of their own, lists are owned as a whole. */
export const deduced: Schema = {
  scalar: "untyped",
  get list() {
    return atomicList;
  },
  get map() {
    return deducedMap;
  },
};
const deducedMap = mapOf(deduced, false);

/** A map of which nothing is declared and everything allowed: its sets are left alone when schemas change. */
export function isFreeForm(map: MapSchema): boolean {
  if (map.fields.length > 0 || map.element === undefined) return false;
  return map.element === deduced || (map.element.scalar === "untyped" && map.element.map === undefined);
}
