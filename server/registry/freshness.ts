import type { Clock } from "../../api/clock.ts";
import { goQuote } from "../../api/go-format.ts";
import type { KubeObject } from "../../api/object.ts";
import { StatusError, timeout } from "../../api/status.ts";
import type { Storage } from "../storage/contract.ts";

/** How long a read waits for a revision that has not come yet (watch_cache.go: blockTimeout). */
const waitMilliseconds = 3000;
const pollMilliseconds = 20;
const maxRevision = 2n ** 64n - 1n;

/** A resourceVersion parameter as a number; "" is 0. Throws what storage.APIObjectVersioner's error becomes. */
export function parseResourceVersion(text: string): number {
  const problem = versionProblem(text);
  if (problem !== undefined) throw new ResourceVersionError(text, problem);
  return Number(text);
}

/** The version that an object says it has; 0: none. Source: APIObjectVersioner.ObjectResourceVersion, a plain error. */
export function objectRevision({ metadata }: KubeObject): number {
  const text = metadata.resourceVersion ?? "";
  const problem = versionProblem(text);
  if (problem !== undefined) throw new StatusError(500, "", problem);
  return Number(text);
}

/** What Go says of a text that is no version. */
export function versionProblem(text: string): string | undefined {
  const isNumber = text === "" || /^\d+$/.test(text);
  if (isNumber && BigInt(text) <= maxRevision) return undefined;
  const problem = isNumber ? "value out of range" : "invalid syntax";
  return `strconv.ParseUint: parsing ${goQuote(text)}: ${problem}`;
}

/** As a get or watch answers it: upstream returns a plain error there. */
export function requestedRevision(text: string): number {
  try {
    return parseResourceVersion(text);
  } catch (error) {
    if (error instanceof ResourceVersionError) throw new StatusError(500, "", error.message);
    throw error;
  }
}

/** A resourceVersion that is no number; how it is answered depends on the verb. */
export class ResourceVersionError extends Error {
  override readonly name = "ResourceVersionError";

  constructor(text: string, message: string) {
    super(`resourceVersion: Invalid value: ${goQuote(text)}: ${message}`);
  }
}

/** Waits a little for a revision from the future, then answers 504 as upstream does. */
export async function waitForRevision(storage: Storage, clock: Clock, revision: number): Promise<void> {
  const deadline = clock.monotonic() + waitMilliseconds;
  while (storage.revision < revision) {
    if (clock.monotonic() >= deadline) {
      throw timeout(`Too large resource version: ${revision}, current: ${storage.revision}`, 1, [
        { reason: "ResourceVersionTooLarge", message: "Too large resource version" },
      ]);
    }
    await new Promise<void>((resolve) => clock.setTimer(pollMilliseconds, resolve));
  }
}
