import type { Clock } from "../../api/clock.ts";
import { badRequest, resourceExpired } from "../../api/status.ts";
import { type Entry, type ListResult, type Storage, StorageError } from "../storage/contract.ts";
import { decodeContinue, encodeContinue } from "./continue-token.ts";
import { parseResourceVersion, ResourceVersionError, waitForRevision } from "./freshness.ts";
import type { AttributeIndex, Selection } from "./selection.ts";

export interface ListRequest {
  /** Key prefix of the objects, or with single set the key of the only one. */
  prefix: string;
  single: boolean;
  /** What continue tokens leave out of keys: the prefix that the request's path stands for. */
  tokenPrefix: string;
  selection: Selection;
  resourceVersion: string;
  resourceVersionMatch: string;
  /** 0: no limit. */
  limit: number;
  continueToken: string;
}

export interface ListPage {
  entries: readonly Entry[];
  revision: number;
  continueToken: string | undefined;
  /** Unknown where a selector is given. */
  remainingItemCount: number | undefined;
}

/** Objects looked at before the event loop gets a turn: about 5 ms of decoding. */
const sliceSize = 250;
const expiredMessage = "The resourceVersion for the provided list is too old.";
const inconsistentMessage =
  "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.";

/**
 * One page of a list by the rules of
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions (ValidateListOptions upstream).
 */
export async function listPage(
  storage: Storage,
  clock: Clock,
  index: AttributeIndex,
  request: ListRequest,
): Promise<ListPage> {
  const start = await startOf(storage, clock, request);
  if (request.single) return single(storage, index, request);
  try {
    return await collect(storage, index, request, start);
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== "RevisionCompacted") throw error;
    if (request.continueToken === "") throw resourceExpired(expiredMessage);
    throw resourceExpired(
      inconsistentMessage,
      encodeContinue(start.after ?? request.prefix, request.tokenPrefix, undefined),
    );
  }
}

interface Start {
  after?: string;
  revision?: number;
}

async function startOf(storage: Storage, clock: Clock, request: ListRequest): Promise<Start> {
  const { continueToken, resourceVersion, limit } = request;
  if (continueToken !== "" && !request.single) {
    const { after, revision } = decodeContinue(continueToken, request.tokenPrefix);
    await waitForRevision(storage, clock, revision ?? 0);
    if (resourceVersion !== "" && resourceVersion !== "0") {
      throw badRequest("specifying resource version is not allowed when using continue");
    }
    return { after, ...(revision === undefined ? {} : { revision }) };
  }
  const wanted = listVersion(resourceVersion);
  if (wanted === 0) return {};
  await waitForRevision(storage, clock, wanted);
  const exact =
    request.resourceVersionMatch === "Exact" || (request.resourceVersionMatch === "" && limit > 0);
  return exact && !request.single ? { revision: wanted } : {};
}

function listVersion(text: string): number {
  try {
    return parseResourceVersion(text);
  } catch (error) {
    if (error instanceof ResourceVersionError) throw badRequest(`invalid resource version: ${error.message}`);
    throw error;
  }
}

async function single(storage: Storage, index: AttributeIndex, request: ListRequest): Promise<ListPage> {
  const entry = await storage.get(request.prefix);
  const entries = entry && index.matches(entry, request.selection) ? [entry] : [];
  return { entries, revision: storage.revision, continueToken: undefined, remainingItemCount: undefined };
}

async function collect(
  storage: Storage,
  index: AttributeIndex,
  request: ListRequest,
  start: Start,
): Promise<ListPage> {
  const { prefix, selection, resourceVersion } = request;
  // "Any version" is answered from the watch cache, which does not page.
  const limit = resourceVersion === "0" ? 0 : request.limit;
  if (selection.everything) {
    const result = await storage.list(prefix, { ...start, ...(limit > 0 ? { limit } : {}) });
    return pageOf(request, result.entries, result);
  }
  const entries: Entry[] = [];
  let { after, revision } = start;
  for (;;) {
    const result: ListResult = await storage.list(prefix, {
      limit: sliceSize,
      ...(after === undefined ? {} : { after }),
      ...(revision === undefined ? {} : { revision }),
    });
    revision = result.revision;
    for (const [i, entry] of result.entries.entries()) {
      if (!index.matches(entry, selection)) continue;
      entries.push(entry);
      if (entries.length === limit) {
        const remaining = result.remaining + result.entries.length - i - 1;
        return pageOf(request, entries, { ...result, remaining });
      }
    }
    if (result.remaining === 0) return pageOf(request, entries, result);
    after = result.entries.at(-1)!.key;
    await new Promise(setImmediate);
  }
}

function pageOf(
  { tokenPrefix, selection }: ListRequest,
  entries: readonly Entry[],
  { revision, remaining }: ListResult,
): ListPage {
  if (remaining === 0) return { entries, revision, continueToken: undefined, remainingItemCount: undefined };
  return {
    entries,
    revision,
    continueToken: encodeContinue(entries.at(-1)!.key, tokenPrefix, revision),
    remainingItemCount: selection.everything ? remaining : undefined,
  };
}
