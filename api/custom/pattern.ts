import type { RE2JS } from "re2js";
import { eachSchema } from "./each-schema.ts";
import type { JsonSchema } from "./json-schema.ts";

/** The engine of patterns, once somebody has needed it: few clusters do, and it takes a while to load. */
let engine: typeof import("re2js") | undefined;

/** Compiled patterns, least recently used first. Pure memoisation. */
const compiled = new Map<string, RE2JS | undefined>();
const capacity = 500;

export function usesPatterns(schema: JsonSchema): boolean {
  for (const { pattern } of eachSchema(schema)) if (pattern) return true;
  return false;
}

export function patternsAreLoaded(): boolean {
  return engine !== undefined;
}

/** To be awaited before anything is checked by a schema that uses patterns. */
export async function loadPatterns(): Promise<void> {
  engine ??= await import("re2js");
}

/** Patterns come from users: they are matched in linear time, with Go's syntax. Throws RE2JSSyntaxException. */
function parse(pattern: string): RE2JS {
  if (!engine) throw new TypeError("patterns are not loaded");
  return engine.RE2JS.compile(pattern);
}

const isSyntaxError = (error: unknown): error is Error =>
  engine !== undefined && error instanceof engine.RE2JSSyntaxException;

/** Undefined: no pattern. */
function compile(pattern: string): RE2JS | undefined {
  if (compiled.has(pattern)) return compiled.get(pattern);
  let expression: RE2JS | undefined;
  try {
    expression = parse(pattern);
  } catch (error) {
    if (!isSyntaxError(error)) throw error;
  }
  if (compiled.size >= capacity) compiled.delete(compiled.keys().next().value!);
  compiled.set(pattern, expression);
  return expression;
}

/** Whether a part of the text matches. */
export function matchesPattern(pattern: string, text: string): boolean {
  return compile(pattern)?.matcher(text).find() ?? false;
}

/** What Go's regexp says about a pattern that it does not take. */
export function patternProblem(pattern: string): string | undefined {
  try {
    parse(pattern);
    return undefined;
  } catch (error) {
    if (isSyntaxError(error)) return error.message;
    throw error;
  }
}
