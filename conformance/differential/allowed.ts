/**
 * Differences that are meant to be. Each must be met in a full run: one that no longer shows fails the run, so that
 * the list stays true.
 */

import type { Difference } from "./compare.ts";

export interface Allowed {
  /** The case's name; every case where absent. */
  readonly test?: RegExp;
  /** The step: "GET /version". */
  readonly step?: RegExp;
  /** Where: "status", "header warning", "body /metadata/name". */
  readonly at: RegExp;
  /** Why this is right, or of no consequence. */
  readonly reason: string;
}

export const ALLOWED: readonly Allowed[] = [
  {
    step: /^GET \/version/,
    at: /^body\/(gitCommit|gitTreeState|goVersion|compiler)$/,
    reason: "they tell how a Go program was built",
  },
  {
    test: /^batch\/v1\/jobs: wrong values, full 1$/,
    step: /\(spec\.completions = absent\)$/,
    at: /^/,
    reason: "upstream's validateSuccessPolicyRule panics: it reads completions through a nil pointer",
  },
  {
    test: /customresourcedefinitions: wrong values/,
    step: /schema = \{\}\)$|openAPIV3Schema = absent\)$|x-kubernetes-preserve-unknown-fields = false\)$/,
    at: /./,
    reason: "the real server panics and hangs up",
  },
  {
    step: /^GET \/openapi\/v3\//,
    at: /meta\.v1\.Time\/description$/,
    reason: "described in our own words: no package has upstream's",
  },
  {
    test: /^paths: wrong methods$/,
    step: /\/openapi\/v2$/,
    at: /^body\/definitions\/.*\/description$/,
    reason:
      "the client package, from which descriptions come, writes their line breaks as spaces, or has none",
  },
  {
    test: /^paths: wrong methods$/,
    step: /\/openapi\/v3$/,
    at: /^body\/paths\/[^/]*\/serverRelativeURL$/,
    reason: "a hash of the document's text, in which descriptions differ",
  },
  {
    test: /^protobuf: broken bodies$/,
    step: /\(not UTF-8\)$/,
    at: /^body\/(message|details\/causes\/0\/message)$/,
    reason:
      "text is Unicode in JavaScript: what is not UTF-8 is replaced when it is read, not when it is written",
  },
  {
    step: /^GET \/debug\/pprof\/$/,
    at: /^/,
    reason: "profiles of a Go process: goroutines, heap and mutexes of a runtime that is not there",
  },
];

export function allowance(
  allowed: readonly Allowed[],
  test: string,
  difference: Difference,
): Allowed | undefined {
  return allowed.find(
    (entry) =>
      (entry.test?.test(test) ?? true) &&
      (entry.step?.test(difference.label) ?? true) &&
      entry.at.test(difference.at),
  );
}
