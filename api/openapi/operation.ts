/** One operation of the API, before it is written into a v2 or a v3 document. */
import type { GroupVersionKind } from "./schema.ts";

export interface Parameter {
  in: "path" | "query";
  name: string;
  type: string;
  required?: boolean;
  description?: string;
  /** Name under which the v2 document shares it. */
  sharedAs?: string;
}

export interface Operation {
  path: string;
  /** HTTP method in lower case. */
  method: string;
  /** x-kubernetes-action; undefined: the operation is not one on a resource. */
  action?: string;
  kind?: GroupVersionKind;
  operationId: string;
  tag: string;
  description?: string;
  parameters: Parameter[];
  /** Definition name of the body. */
  body?: { definition: string; required: boolean; sharedAs?: string };
  /** Definition name of the body of an answer by status code, or "string"; null: no body is described. */
  responses: Record<string, string | null>;
  consumes?: string[];
  produces?: string[];
}

/** Definitions that an operation refers to. */
export function definitionsOf({ body, responses }: Operation): string[] {
  return [body?.definition, ...Object.values(responses)].filter(
    (name): name is string => typeof name === "string" && name !== "string",
  );
}

/** The group version of a path of the API, and what follows it. */
export function groupVersionOfPath(
  path: string,
): { group: string; version: string; rest: string } | undefined {
  const [, group, version, rest] =
    /^\/apis\/([^/]+)\/(v[^/]+)\/(.*)$/.exec(path) ?? /^\/api()\/(v1)\/(.*)$/.exec(path) ?? [];
  if (group === undefined || version === undefined || rest === undefined) return undefined;
  return { group, version, rest };
}

/** Parameters that all operations of a path have in common are written once, beside the operations. */
export function splitParameters(operations: readonly Operation[]): {
  common: Parameter[];
  own: (operation: Operation) => Parameter[];
} {
  const keys = operations.map(({ parameters }) => new Set(parameters.map(keyOf)));
  const isCommon = (parameter: Parameter) => keys.every((set) => set.has(keyOf(parameter)));
  const [first] = operations;
  return {
    common: (first?.parameters ?? []).filter(isCommon).sort(byPlace),
    own: ({ parameters }) => parameters.filter((parameter) => !isCommon(parameter)).sort(byPlace),
  };
}

function keyOf(parameter: Parameter): string {
  return `${parameter.in} ${parameter.name} ${parameter.description ?? ""}`;
}

function byPlace(a: Parameter, b: Parameter): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.in < b.in ? -1 : 1;
}
