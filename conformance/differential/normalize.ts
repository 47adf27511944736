/**
 * Brings a transcript into a form in which two servers that behave alike are equal: what is random, counted or
 * told by the clock becomes a label. Labels are numbered by first appearance in the case, so it still shows whether
 * two uids, or the resourceVersions before and after a write, are the same.
 */

import { isObject, type Json, type JsonObject, parseExactJson } from "./json.ts";
import type { Step } from "./transcript.ts";
import { describeProtobuf, isProtobuf } from "./wire-format.ts";

export interface NormalStep {
  readonly label: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
}

const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
const TIME = /\b(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)/g;
/** In YAML and in the objects that some messages quote. */
const QUOTED_VERSION = /(\bresourceVersion\\*"?: ?\\*")(\d+)/g;
/** "80:31234" of kubectl's PORT(S) column. */
const PORT_CELL = /\b(\d+):(3\d{4})(?=\/(?:TCP|UDP|SCTP)\b)/g;
const TOLD_VERSION = /(ResourceVersion in (?:the precondition|record) \()(\d+)/g;
const SECRET_TOKEN = /\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g;
const SERVICE_IP = /\b(?:10\.0\.0|192\.168\.[01])\.(\d{1,3})\b(?!\/)/g;
const RANDOM_SUFFIX_LENGTH = 5;
const LONGEST_GENERATE_NAME = 58;
const TWO_DAYS_MS = 2 * 24 * 3600 * 1000;

/**
 * Addresses and ports that a server hands out itself come from the upper band of its range; the lower is for those
 * who ask for one. Source: KEP-3070 (ClusterIP), KEP-3668 (NodePort).
 */
const FIRST_RANDOM_SERVICE_IP = 17;
const FIRST_RANDOM_NODE_PORT = 30086;
const LAST_NODE_PORT = 32767;

/** Numbers inside messages that depend on how much a server wrote before. */
const COUNTED_MESSAGES: readonly (readonly [RegExp, string])[] = [
  // Go names a scheme by the file that made it, but finds the wrong file in a build from modules, such as the peer's.
  [/\bin scheme "[^"]*"/g, 'in scheme "<file>"'],
  [/\bin scheme \\"[^"]*\\"/g, 'in scheme \\"<file>\\"'],
  // What a server says its address is, see --advertise-address.
  [/\b192\.0\.2\.\d+:\d+/g, "<advertised>"],
  [/too old resource version: (\d+) \(\d+\)/g, "too old resource version: $1 (<list-rv>)"],
  [/Too large resource version: (\d+), current: \d+/g, "Too large resource version: $1, current: <list-rv>"],
];

/** Upstream sorts them by time first, so that it matters when a second began. */
function byManager(a: Json, b: Json): number {
  const keyOf = (entry: Json) =>
    isObject(entry)
      ? ["operation", "manager", "apiVersion", "subresource"].map((key) => String(entry[key])).join("\0")
      : "";
  return keyOf(a) < keyOf(b) ? -1 : 1;
}

/**
 * Faults found in a Go map come in any order: those next to each other whose fields differ at most in a map key are
 * sorted. All fields of a custom resource are in maps: the cases' groups end in ".example.com". The message repeats the
 * causes, each once; where it does, it is shortened to say so.
 */
export function withSortedCauses(status: JsonObject): JsonObject {
  const { details, message } = status;
  const causes = isObject(details) ? details["causes"] : undefined;
  if (!isObject(details) || !Array.isArray(causes) || typeof message !== "string") return status;
  const texts = causes.map((cause) =>
    isObject(cause) ? `${String(cause["field"])}: ${String(cause["message"])}` : "",
  );
  const listed = [...new Set(texts)].join(", ");
  const repeated = message.endsWith(`[${listed}]`)
    ? `${message.slice(0, -listed.length - 2)}[<causes>]`
    : message;
  const isCustom = String(details["group"]).endsWith(".example.com");
  const family = (cause: Json) =>
    isObject(cause) && !isCustom ? String(cause["field"]).replace(/\[(?!\d+\])[^\]]*\]/g, "[]") : "";
  const sorted: Json[] = [];
  for (let first = 0; first < causes.length; ) {
    let last = first + 1;
    while (last < causes.length && family(causes[last] ?? null) === family(causes[first] ?? null)) last++;
    sorted.push(...causes.slice(first, last).sort(byText));
    first = last;
  }
  return { ...status, message: repeated, details: { ...details, causes: sorted } };
}

/** Uids are random: they have no say. */
function byText(a: Json, b: Json): number {
  const [one, other] = [a, b].map((value) => JSON.stringify(value).replace(UUID, ""));
  return one === other ? 0 : one! < other! ? -1 : 1;
}

export class Normalizer {
  readonly #labels = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #server: string;
  readonly #now: number;
  #inProtobuf = false;

  constructor(server: string, now: number) {
    this.#server = server;
    this.#now = now;
  }

  step(step: Step): NormalStep {
    const label = this.#label(step.label);
    if (step.compare === "status") return { label, status: step.status, headers: {}, body: null };
    const headers: Record<string, string> = {};
    for (const [name, values] of Object.entries(step.headers)) headers[name] = this.text(values.join("\n"));
    const body = step.compare === "head" || step.body === undefined ? null : this.#body(step.body);
    return { label, status: step.status, headers, body };
  }

  #body(bytes: Uint8Array): Json {
    if (isProtobuf(bytes)) {
      this.#inProtobuf = true;
      const normal = this.value(describeProtobuf(bytes));
      this.#inProtobuf = false;
      return normal;
    }
    const text = Buffer.from(bytes).toString("utf8");
    if (text === "") return null;
    try {
      return this.value(parseExactJson(text));
    } catch {
      return this.value({ lines: text.split("\n") });
    }
  }

  #label(label: string): string {
    const text = label.replace(/\b(continue=)[\w%.~-]+/, (whole, name: string) =>
      whole.length > 60 ? `${name}<continue>` : whole,
    );
    return this.text(
      text.replace(
        /\b(resourceVersion=)(\d+)/,
        (_, name: string, version: string) => `${name}${this.#version(version)}`,
      ),
    );
  }

  value(value: Json, key = "", parent: JsonObject | undefined = undefined): Json {
    if (typeof value === "string") return this.#string(value, key, parent);
    if (typeof value === "number") return this.#number(value, key);
    if (Array.isArray(value)) {
      const items = value.map((item) => this.value(item, key));
      return key === "managedFields" ? items.sort(byManager) : items;
    }
    if (!isObject(value)) return value;
    return this.#object(value["kind"] === "Status" ? withSortedCauses(value) : value, key);
  }

  #object(value: JsonObject, key: string): JsonObject {
    if (key === "metadata") this.#learnGeneratedName(value);
    const normal: JsonObject = Object.create(null) as JsonObject;
    // metadata first: names learned there may stand in the rest.
    const { metadata } = value;
    if (metadata !== undefined) normal["metadata"] = this.value(metadata, "metadata");
    for (const [name, item] of Object.entries(value)) {
      if (name === "metadata" && metadata !== undefined) continue;
      normal[this.text(name)] = this.value(item, name, key === "metadata" ? value : undefined);
    }
    return normal;
  }

  #learnGeneratedName(metadata: JsonObject): void {
    const { generateName, name } = metadata;
    if (typeof generateName !== "string" || typeof name !== "string") return;
    const base = generateName.slice(0, LONGEST_GENERATE_NAME);
    if (!name.startsWith(base) || name.length !== base.length + RANDOM_SUFFIX_LENGTH) return;
    this.#labelFor("name", name, (number) => `${base}<random:${number}>`);
  }

  #string(value: string, key: string, parent: JsonObject | undefined): string {
    if (parent !== undefined && key === "resourceVersion" && /^\d+$/.test(value) && value !== "0") {
      const isList = parent["name"] === undefined && parent["uid"] === undefined;
      return isList ? "<list-rv>" : this.#labelFor("rv", value, (number) => `<rv:${number}>`);
    }
    if (parent !== undefined && key === "continue" && value !== "") return "<continue>";
    if (key === "cells" && /^\d{1,2}s$/.test(value)) return "<age>";
    if (this.#inProtobuf) return this.#protobufText(value, key);
    return this.text(value);
  }

  /** resourceVersion is field 6 of ObjectMeta and field 2 of ListMeta; seconds are a number. */
  #protobufText(value: string, key: string): string {
    if (value.startsWith("number ") && Math.abs(Number(value.slice(7)) * 1000 - this.#now) < TWO_DAYS_MS) {
      return "<seconds>";
    }
    if (!/^\d+$/.test(value)) return this.text(value);
    if (key === "6") return this.#labelFor("rv", value, (number) => `<rv:${number}>`);
    return key === "2" ? "<list-rv>" : value;
  }

  #version(version: string): string {
    return this.#labels.get(`rv ${version}`) ?? (version.length < 2 ? version : "<list-rv>");
  }

  #number(value: number, key: string): Json {
    if (/nodePort$/i.test(key) && value >= FIRST_RANDOM_NODE_PORT && value <= LAST_NODE_PORT) {
      return this.#labelFor("nodePort", String(value), (number) => `<nodePort:${number}>`);
    }
    return value;
  }

  text(text: string): string {
    let normal = text.replaceAll(this.#server, "<server>");
    for (const [known, label] of this.#labels) {
      if (known.startsWith("name ")) normal = normal.replaceAll(known.slice("name ".length), label);
    }
    normal = normal
      .replace(QUOTED_VERSION, (_, before: string, version: string) => `${before}${this.#version(version)}`)
      .replace(SECRET_TOKEN, "<token>")
      .replace(UUID, (uid) => this.#labelFor("uid", uid, (number) => `<uid:${number}>`))
      .replace(TIME, (whole, _seconds: string, fraction: string | undefined) => this.#time(whole, fraction))
      .replace(SERVICE_IP, (ip, last: string) =>
        Number(last) < FIRST_RANDOM_SERVICE_IP ? ip : this.#labelFor("ip", ip, (number) => `<ip:${number}>`),
      );
    normal = normal.replace(PORT_CELL, (whole, port: string, nodePort: string) =>
      Number(nodePort) < FIRST_RANDOM_NODE_PORT ? whole : `${port}:<nodePort>`,
    );
    normal = normal.replace(
      TOLD_VERSION,
      (_, before: string, version: string) => `${before}${this.#version(version)}`,
    );
    for (const [pattern, replacement] of COUNTED_MESSAGES) normal = normal.replace(pattern, replacement);
    return normal;
  }

  /** Times that a case wrote itself lie far from now, and stay. */
  #time(text: string, fraction: string | undefined): string {
    if (Math.abs(Date.parse(text) - this.#now) > TWO_DAYS_MS) return text;
    return fraction === undefined ? "<time>" : `<time.${fraction.length - 1}>`;
  }

  #labelFor(kind: string, value: string, make: (number: number) => string): string {
    const key = `${kind} ${value}`;
    const known = this.#labels.get(key);
    if (known !== undefined) return known;
    const number = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, number);
    const label = make(number);
    this.#labels.set(key, label);
    return label;
  }
}

export function normalize(steps: readonly Step[], server: string, now: number): NormalStep[] {
  const normalizer = new Normalizer(server, now);
  return steps.map((step) => normalizer.step(step));
}
