import { RE2JS, RE2JSSyntaxException } from "re2js";

/** Compiled patterns, least recently used first. Pure memoisation. */
const compiled = new Map<string, RE2JS | undefined>();
const capacity = 500;

/** Patterns come from users: they are matched in linear time, with Go's syntax. Undefined: no pattern. */
function compile(pattern: string): RE2JS | undefined {
  if (compiled.has(pattern)) return compiled.get(pattern);
  let expression: RE2JS | undefined;
  try {
    expression = RE2JS.compile(pattern);
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
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
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) return error.message;
    throw error;
  }
}
