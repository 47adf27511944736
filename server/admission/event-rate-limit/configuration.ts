import type { JsonObject, JsonValue } from "../../../api/object.ts";
import {
  aggregateMessage,
  type FieldError,
  FieldPath,
  invalid,
  notSupported,
} from "../../../api/validation/field.ts";

export type LimitType = "Server" | "Namespace" | "User" | "SourceAndObject";

/** How many events of the same origin are taken: burst at once, then qps a second. */
export interface EventLimit {
  type: LimitType;
  qps: number;
  burst: number;
  /** So many origins are remembered. */
  cacheSize: number;
}

const apiVersion = "eventratelimit.admission.k8s.io/v1alpha1";
const types: readonly string[] = ["Server", "Namespace", "User", "SourceAndObject"];
const defaultCacheSize = 4096;
const limitsPath = FieldPath.of("limits");

/** Reads a Configuration of EventRateLimit; the error of one that cannot be meant says why. */
export function readEventLimits(value: JsonObject): EventLimit[] {
  if (value["apiVersion"] !== apiVersion || value["kind"] !== "Configuration") {
    throw new Error(
      `no kind ${JSON.stringify(value["kind"])} is known for version ${JSON.stringify(value["apiVersion"])}`,
    );
  }
  const limits = (value["limits"] ?? []) as JsonValue[] as JsonObject[];
  const errors: FieldError[] = limits.length === 0 ? [invalid(limitsPath, null, "must not be empty")] : [];
  const read = (limit: JsonObject, i: number): EventLimit => {
    const path = limitsPath.index(i);
    const number = (field: string): number => Number(limit[field] ?? 0);
    const type = String(limit["type"] ?? "");
    if (!types.includes(type)) errors.push(notSupported(path.child("type"), type, types));
    for (const field of ["burst", "qps"]) {
      if (number(field) <= 0) errors.push(invalid(path.child(field), number(field), "must be positive"));
    }
    if (type !== "Server" && number("cacheSize") < 0)
      errors.push(invalid(path.child("cacheSize"), number("cacheSize"), "must not be negative"));
    const cacheSize = number("cacheSize") || defaultCacheSize;
    return { type: type as LimitType, qps: number("qps"), burst: number("burst"), cacheSize };
  };
  const result = limits.map(read);
  if (errors.length > 0) throw new Error(aggregateMessage(errors));
  return result;
}
