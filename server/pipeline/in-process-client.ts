import { deepFreeze } from "../../api/deep-freeze.ts";
import type { JsonValue, KubeObject } from "../../api/object.ts";
import type {
  Client,
  DeleteOptions,
  KubeList,
  ListOptions,
  PatchOptions,
  PreferredResources,
  ReadOptions,
  ResourceReference,
  ServedResource,
  WatchedEvent,
  WatchOptions,
  WriteOptions,
} from "../../client/client.ts";
import {
  deleteBody,
  patchQuery,
  patchTypes,
  readQuery,
  watchQuery,
  writeQuery,
} from "../../client/parameters.ts";
import type { UserInfo } from "../auth/user.ts";
import type { Entry } from "../storage/contract.ts";
import type { Answer } from "./answer.ts";
import type { Pipeline } from "./pipeline.ts";
import type { ApiRequest, RequestBody, ResourceVerb } from "./request.ts";

interface Call {
  verb: ResourceVerb;
  reference: ResourceReference;
  name?: string;
  subresource?: string;
  query?: URLSearchParams;
  body?: RequestBody;
  signal?: AbortSignal;
}

const partialObject = { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1" };

const never = new AbortController().signal;

export interface InProcessClientOptions {
  pipeline: Pipeline;
  user: UserInfo;
  userAgent: string;
  /** See Client.preferredResources. */
  preferredResources: () => readonly ServedResource[];
  /** See Client.servedResources. */
  servedResources: () => readonly ServedResource[];
}

/** The second door to the pipeline: the client interface without a socket. */
export class InProcessClient implements Client {
  readonly #options: InProcessClientOptions;

  constructor(options: InProcessClientOptions) {
    this.#options = options;
  }

  async get(
    reference: ResourceReference,
    name: string,
    options: ReadOptions & { subresource?: string } = {},
  ): Promise<KubeObject> {
    const { subresource = "" } = options;
    return objectOf(
      await this.#handle({ verb: "get", reference, name, subresource, query: readQuery(options) }),
    );
  }

  async list(reference: ResourceReference, options: ListOptions = {}): Promise<KubeList> {
    const answer = await this.#handle({ verb: "list", reference, query: readQuery(options) });
    if (answer.kind !== "list") throw new TypeError(`a list was answered with ${answer.kind}`);
    const { page, codec, registry } = answer;
    return {
      kind: codec.info.listKind,
      apiVersion: codec.apiVersion,
      metadata: {
        resourceVersion: String(page.revision),
        ...(page.continueToken === undefined ? {} : { continue: page.continueToken }),
        ...(page.remainingItemCount === undefined ? {} : { remainingItemCount: page.remainingItemCount }),
      },
      items: page.entries.map((entry) => deepFreeze(codec.fromHub(registry.store.objectOf(entry)))),
    };
  }

  async *watch(reference: ResourceReference, options: WatchOptions = {}): AsyncIterable<WatchedEvent> {
    const query = watchQuery(options);
    const { signal } = options;
    if (signal?.aborted) return;
    const answer = await this.#handle({ verb: "watch", reference, query, ...(signal ? { signal } : {}) });
    if (answer.kind !== "watch") throw new TypeError(`a watch was answered with ${answer.kind}`);
    const { notices, codec, registry } = answer;
    const { store } = registry;
    const objectOf = options.metadataOnly
      ? (entry: Entry): KubeObject => ({ ...partialObject, metadata: store.metadataOf(entry) })
      : (entry: Entry): KubeObject => deepFreeze(codec.fromHub(store.objectOf(entry)));
    // An empty object of a kind needs its tables, which are unpacked when first asked for.
    const emptyObject = options.metadataOnly ? partialObject : undefined;
    try {
      // In one generator: each that hands on the values of another costs every event a few turns of the queue.
      for await (const batch of notices) {
        for (const notice of batch) {
          if (notice.type === "ERROR") {
            yield { type: notice.type, object: notice.error.status() as unknown as KubeObject };
          } else if (notice.type === "BOOKMARK") {
            yield { type: notice.type, object: bookmarkOf(emptyObject ?? codec.emptyObject(), notice) };
          } else {
            yield { type: notice.type, object: objectOf(notice.entry) };
          }
        }
      }
    } finally {
      answer.end();
    }
  }

  async create(
    reference: ResourceReference,
    object: KubeObject,
    options: WriteOptions & { name?: string } = {},
  ): Promise<KubeObject> {
    const { subresource = "", name = "" } = options;
    const body = { value: object as unknown as JsonValue };
    return objectOf(
      await this.#handle({ verb: "create", reference, name, subresource, query: writeQuery(options), body }),
    );
  }

  async update(
    reference: ResourceReference,
    object: KubeObject,
    options: WriteOptions = {},
  ): Promise<KubeObject> {
    const { subresource = "" } = options;
    const name = object.metadata.name ?? "";
    const body = { value: object as unknown as JsonValue };
    return objectOf(
      await this.#handle({ verb: "update", reference, name, subresource, query: writeQuery(options), body }),
    );
  }

  async patch(
    reference: ResourceReference,
    name: string,
    patch: unknown,
    options: PatchOptions,
  ): Promise<KubeObject> {
    const { subresource = "", type } = options;
    const query = patchQuery(options);
    const body = { value: patch as JsonValue, patchType: patchTypes[type] };
    return objectOf(await this.#handle({ verb: "patch", reference, name, subresource, query, body }));
  }

  async delete(reference: ResourceReference, name: string, options: DeleteOptions = {}): Promise<KubeObject> {
    return objectOf(
      await this.#handle({ verb: "delete", reference, name, body: { value: deleteBody(options) } }),
    );
  }

  async deleteCollection(
    reference: ResourceReference,
    options: DeleteOptions & ListOptions = {},
  ): Promise<void> {
    const body = { value: deleteBody(options) };
    await this.#handle({ verb: "deletecollection", reference, query: readQuery(options), body });
  }

  async preferredResources(): Promise<PreferredResources> {
    return { resources: this.#options.preferredResources(), failed: [] };
  }

  async servedResources(): Promise<readonly ServedResource[]> {
    return this.#options.servedResources();
  }

  #handle(call: Call): Promise<Answer> {
    const { reference, verb } = call;
    const { pipeline, user, userAgent } = this.#options;
    const request: ApiRequest = {
      verb,
      group: reference.group,
      version: reference.version,
      resource: reference.resource,
      subresource: call.subresource ?? "",
      namespace: reference.namespace ?? "",
      name: call.name ?? "",
      subpath: "",
      method: "",
      query: call.query ?? new URLSearchParams(),
      body: call.body,
      user,
      userAgent,
      signal: call.signal ?? never,
      warn: () => {},
    };
    return pipeline.handle(request);
  }
}

function bookmarkOf(
  emptyObject: object,
  { revision, initialEventsEnd }: { revision: number; initialEventsEnd: boolean },
): KubeObject {
  const annotations = initialEventsEnd ? { annotations: { "k8s.io/initial-events-end": "true" } } : {};
  return { ...emptyObject, metadata: { resourceVersion: String(revision), ...annotations } };
}

function objectOf(answer: Answer): KubeObject {
  switch (answer.kind) {
    case "object":
      return deepFreeze(answer.spoken?.object ?? answer.codec.fromHub(answer.stored.object));
    case "spoken":
      return deepFreeze(answer.object);
    case "status":
      return answer.status as unknown as KubeObject;
    default:
      throw new TypeError(`an object was answered with ${answer.kind}`);
  }
}
