/**
 * How deep JSON nests. A text may nest as deep as upstream's (maxDepth of json-tree.ts): most of that belongs to fields
 * that nobody knows and goes again. What is kept is walked, copied and written by functions that call themselves, V8's
 * JSON.stringify among them, which runs out of stack at about 4,000 levels.
 */
import { badRequest, type StatusError } from "./status.ts";

/** How deep the arrays and objects of what is kept may nest. */
export const keptDepth = 1000;

const isNested = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Whether a value nests too deep to be kept. By levels, so that it can be asked of any value. */
export function nestsTooDeep(value: unknown): boolean {
  let level = [value].filter(isNested);
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === keptDepth) return true;
    level = level.flatMap((item) => Object.values(item).filter(isNested));
  }
  return false;
}

export const tooDeepMessage = "exceeded max depth";

export const tooDeep = (): StatusError => badRequest(tooDeepMessage);

/** Whether functions have called themselves too often, which only input that nests makes them do. */
export const isStackOverflow = (error: unknown): boolean =>
  error instanceof RangeError && error.message === "Maximum call stack size exceeded";
