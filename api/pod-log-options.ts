/** PodLogOptions of a query. Source: ValidatePodLogOptions of pkg/apis/core/validation. */
import type { FeatureGates } from "./feature-gates.ts";
import { optionalInt64 } from "./options.ts";
import { badRequest, invalid } from "./status.ts";
import { parseTime, TimeError } from "./time.ts";
import {
  type FieldError,
  FieldPath,
  forbidden,
  invalid as invalidField,
  notSupported,
} from "./validation/field.ts";

export interface PodLogOptions {
  /** "" for the only one. */
  container: string;
}

/** How Go writes a path of one empty name. */
const nowhere = "[]";

/** @throws StatusError 400 for what cannot be read, 422 for what cannot be meant. */
export function parsePodLogOptions(query: URLSearchParams, pod: string, gates: FeatureGates): PodLogOptions {
  const sinceSeconds = optionalInt64(query, "sinceSeconds");
  const hasSinceTime = readTime(query.get("sinceTime"));
  const tailLines = optionalInt64(query, "tailLines");
  const limitBytes = optionalInt64(query, "limitBytes");
  const errors: FieldError[] = [];
  const refuse = (name: string, value: number, problem: string) =>
    errors.push(invalidField(FieldPath.of(name), value, problem));
  if (tailLines !== undefined && tailLines < 0) {
    refuse("tailLines", tailLines, "must be greater than or equal to 0");
  }
  if (limitBytes !== undefined && limitBytes < 1) refuse("limitBytes", limitBytes, "must be greater than 0");
  if (sinceSeconds !== undefined && hasSinceTime) {
    errors.push(forbidden(nowhere, "at most one of `sinceTime` or `sinceSeconds` may be specified"));
  } else if (sinceSeconds !== undefined && sinceSeconds < 1) {
    refuse("sinceSeconds", sinceSeconds, "must be greater than 0");
  }
  errors.push(...streamErrors(query.get("stream"), tailLines !== undefined, gates));
  if (errors.length > 0) throw invalid({ group: "", kind: "PodLogOptions" }, pod, errors);
  return { container: query.get("container") ?? "" };
}

/** Whether there is a time: empty and "null" are Go's zero time, which is one all the same. */
function readTime(text: string | null): boolean {
  if (text === null) return false;
  try {
    if (text !== "" && text !== "null") parseTime(text);
    return true;
  } catch (error) {
    if (error instanceof TimeError) throw badRequest(error.message);
    throw error;
  }
}

function streamErrors(stream: string | null, hasTail: boolean, gates: FeatureGates): FieldError[] {
  if (!gates.enabled("PodLogsQuerySplitStreams")) {
    return stream === null ? [] : [forbidden(FieldPath.of("stream"), "may not be specified")];
  }
  if (stream === null || stream === "All") return [];
  const known = ["All", "Stderr", "Stdout"];
  return [
    ...(known.includes(stream) ? [] : [notSupported(FieldPath.of("stream"), stream, known)]),
    ...(hasTail
      ? [forbidden(nowhere, "`tailLines` and specific `stream` are mutually exclusive for now")]
      : []),
  ];
}
