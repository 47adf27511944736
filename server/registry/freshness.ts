import type { Clock } from "../../api/clock.ts";
import { goQuote } from "../../api/go-format.ts";
import { type GroupResource, invalid, type StatusError, timeout } from "../../api/status.ts";
import { invalid as invalidField } from "../../api/validation/field.ts";
import type { Storage } from "../storage/contract.ts";

/** How long a read waits for a revision that has not come yet (watch_cache.go: blockTimeout). */
const waitMilliseconds = 3000;
const pollMilliseconds = 20;
const maxRevision = 2n ** 64n - 1n;

/** A resourceVersion parameter as a number; "" is 0. Throws what storage.APIObjectVersioner's error becomes. */
export function parseResourceVersion(text: string): number {
  if (text === "") return 0;
  if (/^\d+$/.test(text) && BigInt(text) <= maxRevision) return Number(text);
  const problem = /^\d+$/.test(text) ? "value out of range" : "invalid syntax";
  throw new ResourceVersionError(text, `strconv.ParseUint: parsing ${goQuote(text)}: ${problem}`);
}

/** A resourceVersion that is no number; how it is answered depends on the verb. */
export class ResourceVersionError extends Error {
  override readonly name = "ResourceVersionError";
  readonly text: string;

  constructor(text: string, message: string) {
    super(`resourceVersion: Invalid value: ${goQuote(text)}: ${message}`);
    this.text = text;
  }

  /** As a watch answers it. */
  asInvalid(resource: GroupResource): StatusError {
    const detail = this.message.slice(this.message.indexOf("strconv"));
    return invalid({ group: resource.group, kind: resource.resource }, "", [
      invalidField("resourceVersion", this.text, detail),
    ]);
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
