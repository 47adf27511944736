/**
 * Which part of the old object a part of the new one was: unchanged parts stay valid under a schema that became
 * stricter. Source: CorrelatedObject of k8s.io/apiserver/pkg/cel/common/equality.go.
 */

import { stringifyJson } from "../json.ts";
import { jsonEqual } from "../json-equal.ts";
import type { JsonValue } from "../object.ts";
import { additionalOf, isJsonObject, itemsOf, type JsonSchema, propertyOf } from "./json-schema.ts";

export class Correlation {
  readonly #value: JsonValue;
  readonly #old: JsonValue;
  readonly #schema: JsonSchema;
  #unchanged: boolean | undefined;
  #oldItems: Map<string, JsonValue> | undefined;

  constructor(value: JsonValue, old: JsonValue, schema: JsonSchema) {
    this.#value = value;
    this.#old = old;
    this.#schema = schema;
  }

  get unchanged(): boolean {
    this.#unchanged ??= jsonEqual(this.#value, this.#old) && this.#isSpecified();
    return this.#unchanged;
  }

  /** An object with members that the schema does not know is never taken for unchanged. */
  #isSpecified(): boolean {
    if (Array.isArray(this.#value)) {
      const isMap = this.#schema["x-kubernetes-list-type"] === "map";
      return !isMap || this.#value.every((_, index) => this.index(index)?.unchanged ?? false);
    }
    if (!isJsonObject(this.#value)) return true;
    return Object.keys(this.#value).every((name) => this.key(name)?.unchanged ?? false);
  }

  /** Undefined: the member was not there before. */
  key(name: string): Correlation | undefined {
    if (!isJsonObject(this.#value) || !isJsonObject(this.#old)) return undefined;
    if (!Object.hasOwn(this.#value, name) || !Object.hasOwn(this.#old, name)) return undefined;
    const schema = propertyOf(this.#schema, name) ?? additionalOf(this.#schema);
    return schema && new Correlation(this.#value[name]!, this.#old[name]!, schema);
  }

  /** Only items of a list of type map are told apart. */
  index(index: number): Correlation | undefined {
    if (!Array.isArray(this.#value) || !Array.isArray(this.#old)) return undefined;
    const schema = itemsOf(this.#schema);
    const item = this.#value[index];
    if (!schema || item === undefined || this.#schema["x-kubernetes-list-type"] !== "map") return undefined;
    this.#oldItems ??= new Map(this.#old.toReversed().map((old) => [this.#idOf(old), old]));
    const old = this.#oldItems.get(this.#idOf(item));
    return old === undefined || old === null ? undefined : new Correlation(item, old, schema);
  }

  #idOf(item: JsonValue): string {
    const keys = this.#schema["x-kubernetes-list-map-keys"] ?? [];
    const keyOf = (key: string) => (isJsonObject(item) && Object.hasOwn(item, key) ? item[key] : undefined);
    return stringifyJson(keys.map((key) => keyOf(key) ?? null));
  }
}
