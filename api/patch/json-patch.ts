/**
 * JSON Patch (RFC 6902) as the API server applies it: gopkg.in/evanphx/json-patch.v4 called from
 * k8s.io/apiserver/pkg/endpoints/handlers/patch.go.
 *
 * The rfc6902 package is not used here, for it follows the RFC where upstream does not: negative indices count from
 * the end ("-1" appends on add), replace of a missing member adds it, copy of a missing member adds null, test of a
 * missing member against null passes, whatever is before the first slash of a path is ignored, and copying is limited.
 *
 * One thing differs on purpose: "test" compares values where upstream compares the spelling of numbers and strings
 * (there "a<b" never equals itself, because the server writes it as "a\u003cb").
 */

import { setKey, stringifyJson } from "../json.ts";
import { jsonEqual } from "../json-equal.ts";
import type { JsonObject, JsonValue } from "../object.ts";
import { badRequest, requestEntityTooLarge, StatusError } from "../status.ts";
import { isObject, jsonKindName } from "./go-value.ts";
import { type PatchBody, type PatchOptions, type PatchOutcome, readPatch } from "./patch-body.ts";

const maxOperations = 10_000;
/** genericapiserver's JSONPatchMaxCopyBytes: how much all copy operations of a patch may add. */
const maxCopyBytes = 3 * 1024 * 1024;

type Container = JsonObject | JsonValue[];

/** Applies a JSON Patch; never changes the document. @throws StatusError 400, 413 or 422 */
export function applyJsonPatch(
  document: JsonObject,
  body: string | Uint8Array,
  options: PatchOptions,
): PatchOutcome {
  const prefix = options.strict ? "error decoding patch: " : "";
  const patch = decodeOperations(readPatch(body, options, prefix), options, prefix);
  if (patch.operations.length > maxOperations) {
    throw requestEntityTooLarge(
      `The allowed maximum operations in a JSON patch is ${maxOperations}, got ${patch.operations.length}`,
    );
  }
  const target = new PatchTarget(document);
  for (const operation of patch.operations) target.apply(operation);
  return { value: target.root, strictErrors: patch.strictErrors };
}

const stringMembers = ["op", "path", "from"];

function decodeOperations(
  { value, strictErrors }: PatchBody,
  { strict }: PatchOptions,
  prefix: string,
): { operations: JsonObject[]; strictErrors: string[] } {
  if (value === null) return { operations: [], strictErrors: [] };
  if (!Array.isArray(value))
    throw notUnmarshalled(prefix, value, strict ? "[]handlers.jsonPatchOp" : "jsonpatch.Patch");
  const errors = strictErrors;
  const operations = value.map((operation, index): JsonObject => {
    if (operation === null) return {};
    if (!isObject(operation)) {
      throw notUnmarshalled(prefix, operation, strict ? "handlers.jsonPatchOp" : "jsonpatch.Operation");
    }
    if (strict) errors.push(...checkMembers(operation, index, prefix));
    return operation;
  });
  return { operations, strictErrors: errors.map((error) => `json patch ${error}`) };
}

function checkMembers(operation: JsonObject, index: number, prefix: string): string[] {
  const unknown: string[] = [];
  for (const [name, member] of Object.entries(operation)) {
    if (stringMembers.includes(name)) {
      if (typeof member === "string" || member === null) continue;
      throw badRequest(
        `${prefix}json: cannot unmarshal ${jsonKindName(member)} into Go struct field jsonPatchOp.${name} of type string`,
      );
    }
    if (name !== "value") unknown.push(`unknown field "[${index}].${name}"`);
  }
  return unknown;
}

const notUnmarshalled = (prefix: string, value: JsonValue, type: string): StatusError =>
  badRequest(`${prefix}json: cannot unmarshal ${jsonKindName(value)} into Go value of type ${type}`);

/** Upstream has an error text for each way to fail, but clients only ever see this one. */
const rejected = (): StatusError =>
  new StatusError(422, "Invalid", "the server rejected our request due to an error in our request", {});

/** A document under change: containers are copied when they are first written to. */
class PatchTarget {
  #root: JsonValue;
  readonly #owned = new Set<Container>();
  #copiedBytes = 0;

  constructor(document: JsonObject) {
    this.#root = document;
  }

  get root(): JsonValue {
    return this.#root;
  }

  apply(operation: JsonObject): void {
    const apply = operations.get(member(operation, "op") ?? null);
    if (apply === undefined) throw rejected();
    apply(this, operation);
  }

  add(path: string, value: JsonValue): void {
    const { keys, last } = split(path);
    const container = this.#writable(keys);
    if (Array.isArray(container)) {
      const index = last === "-" ? container.length : arrayIndex(last, container.length + 1);
      container.splice(index, 0, value);
    } else {
      setKey(container, last, value);
    }
  }

  remove(path: string): void {
    const { keys, last } = split(path);
    const container = this.#writable(keys);
    if (Array.isArray(container)) container.splice(arrayIndex(last, container.length), 1);
    else if (Object.hasOwn(container, last)) delete container[last];
    else throw rejected();
  }

  replace(path: string, value: JsonValue | undefined): void {
    if (path === "") {
      if (typeof value !== "object" || value === null) throw rejected();
      this.#root = value;
      return;
    }
    const { keys, last } = split(path);
    const container = this.#writable(keys);
    if (Array.isArray(container)) container[arrayIndex(last, container.length)] = value ?? null;
    else setKey(container, last, value ?? null);
  }

  move(from: string, operation: JsonObject): void {
    const value = this.#read(from);
    this.remove(from);
    this.add(pathOf(operation), value ?? null);
  }

  copy(from: string, path: string): void {
    const value = this.#read(from) ?? null;
    this.#copiedBytes += value === null ? 0 : Buffer.byteLength(stringifyJson(value));
    if (this.#copiedBytes > maxCopyBytes) throw rejected();
    // Two places now hold the same containers: both must copy them before they write.
    this.#disown(value);
    this.add(path, value);
  }

  test(path: string, expected: JsonValue): void {
    const actual = path === "" ? this.#root : (this.#read(path) ?? null);
    if (!jsonEqual(actual, expected)) throw rejected();
  }

  /** The value at a path; undefined for a missing member of an object. */
  #read(path: string): JsonValue | undefined {
    const { keys, last } = split(path);
    let container = this.#root;
    for (const key of keys) container = step(container, key) ?? null;
    return step(container, last);
  }

  /** The container that the keys lead to, and all containers on the way, made safe to change. */
  #writable(keys: readonly string[]): Container {
    let container = this.#own(this.#root);
    this.#root = container;
    for (const key of keys) {
      const next = this.#own(step(container, key) ?? null);
      if (Array.isArray(container)) container[arrayIndex(key, container.length)] = next;
      else setKey(container, key, next);
      container = next;
    }
    return container;
  }

  #own(value: JsonValue): Container {
    if (typeof value !== "object" || value === null) throw rejected();
    if (this.#owned.has(value)) return value;
    const copy = Array.isArray(value) ? [...value] : { ...value };
    this.#owned.add(copy);
    return copy;
  }

  #disown(value: JsonValue): void {
    if (typeof value !== "object" || value === null) return;
    this.#owned.delete(value);
    for (const child of Array.isArray(value) ? value : Object.values(value)) this.#disown(child);
  }
}

function member(operation: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(operation, name) ? operation[name] : undefined;
}

function textMember(operation: JsonObject, name: string): string {
  const text = member(operation, name);
  if (typeof text !== "string") throw rejected();
  return text;
}

const pathOf = (operation: JsonObject): string => textMember(operation, "path");
const fromOf = (operation: JsonObject): string => textMember(operation, "from");
const newValue = (operation: JsonObject): JsonValue | undefined => member(operation, "value");

type Apply = (target: PatchTarget, operation: JsonObject) => void;

const operations = new Map<JsonValue, Apply>([
  ["add", (target, operation) => target.add(pathOf(operation), newValue(operation) ?? null)],
  ["remove", (target, operation) => target.remove(pathOf(operation))],
  ["replace", (target, operation) => target.replace(pathOf(operation), newValue(operation))],
  ["move", (target, operation) => target.move(fromOf(operation), operation)],
  ["copy", (target, operation) => target.copy(fromOf(operation), pathOf(operation))],
  ["test", (target, operation) => target.test(pathOf(operation), newValue(operation) ?? null)],
]);

function split(path: string): { keys: string[]; last: string } {
  const parts = path.split("/");
  if (parts.length < 2) throw rejected();
  const keys = parts.slice(1).map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  return { last: keys.pop()!, keys };
}

function step(container: JsonValue, key: string): JsonValue | undefined {
  if (Array.isArray(container)) return container[arrayIndex(key, container.length)];
  if (!isObject(container)) throw rejected();
  return member(container, key);
}

/** strconv.Atoi, and negative numbers count from the end. */
function arrayIndex(key: string, length: number): number {
  if (!/^[+-]?\d+$/.test(key)) throw rejected();
  const number = Number(key);
  const index = number < 0 ? number + length : number + 0;
  if (index < 0 || index >= length) throw rejected();
  return index;
}
