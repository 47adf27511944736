/**
 * What a case says to a server. A case is run once against each server; every answer goes into a transcript, and
 * the transcripts are compared. See README.md.
 */

import { edited, isObject, type Json, type JsonObject, parseExactJson, valueAt } from "./json.ts";
import { type Connection, readAll, type WireAnswer, type WireRequest } from "./target.ts";
import { contentHeaders, type Recorded, type Step } from "./transcript.ts";
import { Watch } from "./watch.ts";

export interface Case {
  readonly name: string;
  readonly run: (t: Conversation) => Promise<void>;
}

/** A case: a name that is unique over all files, and its script. */
export function test(name: string, run: (t: Conversation) => Promise<void>): Case {
  return { name, run };
}

/** A body that is sent as it stands. */
export interface RawBody {
  readonly contentType: string | undefined;
  readonly bytes: Uint8Array;
}

export function raw(contentType: string | undefined, content: string | Uint8Array): RawBody {
  return { contentType, bytes: typeof content === "string" ? Buffer.from(content) : content };
}

export const yaml = (text: string): RawBody => raw("application/yaml", text);

export type Body = JsonObject | Json[] | RawBody;

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly accept?: string;
  /** The user that asks; default: admin. "" asks without credentials. */
  readonly token?: string;
  /** How much of the answer is compared; default: everything. "status" is for answers that are a server's own affair. */
  readonly compare?: "all" | "head" | "status";
  /** What this request is about; shown beside its path. */
  readonly remark?: string;
}

export interface PatchOptions extends RequestOptions {
  readonly type?: "merge" | "strategic" | "json" | "apply" | string;
}

const SETTLING_MS = 250;

const PATCH_TYPES: Readonly<Record<string, string>> = {
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  json: "application/json-patch+json",
  apply: "application/apply-patch+yaml",
};

export class Answer {
  readonly status: number;
  readonly text: string;
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly #body: Json | undefined;

  constructor(status: number, headers: Answer["headers"], bytes: Buffer) {
    this.status = status;
    this.headers = headers;
    this.bytes = bytes;
    this.text = bytes.toString("utf8");
    try {
      this.#body = parseExactJson(this.text);
    } catch {
      this.#body = undefined;
    }
  }

  get object(): JsonObject {
    return isObject(this.#body) ? this.#body : {};
  }

  /** The value at a path of the body: "metadata.uid". */
  at(path: string): Json | undefined {
    return valueAt(this.#body, path);
  }

  string(path: string): string {
    const value = this.at(path);
    return value === undefined ? `(no ${path})` : String(value);
  }

  get resourceVersion(): string {
    return this.string("metadata.resourceVersion");
  }

  get uid(): string {
    return this.string("metadata.uid");
  }

  /** The body with values changed at paths: `got.with({ "spec.replicas": 2 })`; undefined removes one. */
  with(changes: Readonly<Record<string, Json | undefined>>): JsonObject {
    return edited(this.#body, changes);
  }
}

export class Conversation {
  /** The namespace that was made for this case. */
  readonly namespace: string;
  readonly steps: Step[] = [];
  readonly #connection: Connection;
  readonly #watches: Watch[] = [];
  /** Paths of objects that other cases should not meet: deleted when the case is over, which is not compared. */
  readonly leftovers = new Set<string>();
  /**
   * The server itself writes to such objects soon after a client did: a write then waits until it has, and returns
   * the object as it is at last.
   */
  settles = false;

  constructor(connection: Connection, namespace: string) {
    this.#connection = connection;
    this.namespace = namespace;
  }

  /** Path of a namespaced resource: path("v1/configmaps/a"), path("apps/v1/deployments/a/scale"). */
  path(resource: string, namespace: string = this.namespace): string {
    const parts = resource.split("/");
    const isCore = /^v\d/.test(parts[0] ?? "");
    const root = isCore ? ["api", parts[0]] : ["apis", parts[0], parts[1]];
    return `/${[...root, "namespaces", namespace, ...parts.slice(isCore ? 1 : 2)].join("/")}`;
  }

  get(path: string, options: RequestOptions = {}): Promise<Answer> {
    return this.request("GET", path, undefined, options);
  }

  post(path: string, body?: Body, options: RequestOptions = {}): Promise<Answer> {
    return this.request("POST", path, body, options);
  }

  put(path: string, body?: Body, options: RequestOptions = {}): Promise<Answer> {
    return this.request("PUT", path, body, options);
  }

  /** A DELETE, with DeleteOptions as its body or none. */
  delete(path: string, body?: Body, options: RequestOptions = {}): Promise<Answer> {
    return this.request("DELETE", path, body, options);
  }

  /** A PATCH; a list is a JSON patch, an object a merge patch, unless `type` says otherwise. */
  patch(path: string, body: Body, options: PatchOptions = {}): Promise<Answer> {
    const type = options.type ?? (Array.isArray(body) ? "json" : "merge");
    const headers: Record<string, string> = isRaw(body) ? {} : { "content-type": PATCH_TYPES[type] ?? type };
    return this.request("PATCH", path, body, { ...options, headers: { ...headers, ...options.headers } });
  }

  /** A server-side apply. */
  apply(path: string, body: Body, manager = "applier", options: RequestOptions = {}): Promise<Answer> {
    return this.patch(path, body, {
      ...options,
      type: "apply",
      query: { fieldManager: manager, ...options.query },
    });
  }

  /** Any request at all. */
  async request(method: string, path: string, body?: Body, options: RequestOptions = {}): Promise<Answer> {
    const request = wireRequest(this.#connection.target.token, method, path, body, options);
    const started = await this.#connection.send(request).catch(broken);
    const answer = new Answer(started.status, started.headers, started.body);
    const recorded = { status: started.status, headers: contentHeaders(started.headers), body: started.body };
    this.#record(request, { ...recorded, compare: options.compare ?? "all" }, options.remark);
    const isWrite = ["POST", "PUT", "PATCH"].includes(method) && answer.status < 300 && answer.status >= 200;
    if (!this.settles || !isWrite || options.query?.["dryRun"] !== undefined) return answer;
    return this.#settled(method === "POST" ? `${path}/${answer.string("metadata.name")}` : path, answer);
  }

  async #settled(path: string, written: Answer): Promise<Answer> {
    let last = written;
    for (let attempt = 0; attempt < 20; attempt++) {
      await this.pause(SETTLING_MS);
      const now = await this.ask("GET", path);
      if (now.resourceVersion === last.resourceVersion) return now;
      last = now;
    }
    return last;
  }

  /** Opens a watch. What comes over it is recorded by the watch's own steps. */
  async watch(path: string, options: RequestOptions = {}): Promise<Watch> {
    const query = { watch: true, ...options.query };
    const request = wireRequest(this.#connection.target.token, "GET", path, undefined, { ...options, query });
    const head = await this.#connection.head(request);
    const status = head.statusCode ?? 0;
    const headers = contentHeaders(head.headersDistinct as Record<string, string[]>);
    const watch = new Watch(head, (label, recorded) => this.steps.push({ label, ...recorded }));
    const body = status === 200 ? undefined : await readAll(head);
    this.#record(request, { status, headers, body, compare: options.compare ?? "all" }, options.remark);
    if (status === 200) watch.start();
    this.#watches.push(watch);
    return watch;
  }

  /** Waits until `check` holds of an answer, at most half a minute. The answers are not recorded. */
  async until(path: string, check: (answer: Answer) => boolean): Promise<void> {
    for (const deadline = Date.now() + 30_000; Date.now() < deadline; ) {
      if (check(await this.ask("GET", path))) return;
      await this.pause(50);
    }
  }

  /** A request that is not part of the comparison: preparation, or looking for something. */
  async ask(method: string, path: string, body?: Body, options: RequestOptions = {}): Promise<Answer> {
    const request = wireRequest(this.#connection.target.token, method, path, body, options);
    const answer = await this.#connection.send(request);
    return new Answer(answer.status, answer.headers, answer.body);
  }

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  /** A remark in the transcript that is compared as well: facts a script computes from answers. */
  note(text: string): void {
    this.steps.push({ label: "note", status: 0, headers: {}, body: Buffer.from(text), compare: "all" });
  }

  async close(): Promise<void> {
    for (const watch of this.#watches) watch.close();
    for (const path of this.leftovers) await this.ask("DELETE", path).catch(broken);
  }

  #record(request: WireRequest, answer: Recorded, remark: string | undefined): void {
    const label = `${request.method} ${request.path}${remark === undefined ? "" : ` (${remark})`}`;
    this.steps.push({ label, sent: request.body, ...answer });
  }
}

/** A server that crashes over a request closes the connection: that is an answer, too. */
function broken(error: unknown): WireAnswer {
  const { code } = error as { code?: unknown };
  return { status: 0, headers: {}, body: Buffer.from(`no answer: ${String(code ?? error)}`) };
}

function isRaw(body: Body): body is RawBody {
  return !Array.isArray(body) && body["bytes"] instanceof Uint8Array;
}

function queryText(query: RequestOptions["query"]): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) parameters.append(name, String(one));
  }
  return parameters.toString();
}

function wireRequest(
  adminToken: string,
  method: string,
  path: string,
  body: Body | undefined,
  options: RequestOptions,
): WireRequest {
  const query = queryText(options.query);
  const headers: Record<string, string | readonly string[]> = {
    "user-agent": "differential",
    accept: options.accept ?? "application/json",
  };
  const token = options.token ?? adminToken;
  if (token !== "") headers["authorization"] = `Bearer ${token}`;
  let bytes: Uint8Array | undefined;
  if (body !== undefined) {
    const sent = isRaw(body) ? body : raw("application/json", JSON.stringify(body));
    bytes = sent.bytes;
    if (sent.contentType !== undefined) headers["content-type"] = sent.contentType;
  }
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name.toLowerCase()] = value;
  const separator = path.includes("?") ? "&" : "?";
  return { method, path: query === "" ? path : `${path}${separator}${query}`, headers, body: bytes };
}
