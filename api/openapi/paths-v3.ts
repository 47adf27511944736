/** The path items of a v3 document. */
import { servedMediaTypes, statusTexts } from "./media-types.ts";
import { type Operation, type Parameter, splitParameters } from "./operation.ts";
import type { GroupVersionKind } from "./schema.ts";

interface ParameterV3 {
  name: string;
  in: "path" | "query";
  description?: string;
  required?: true;
  schema: { type: string; uniqueItems: true };
}

type Content = Record<string, { schema: { $ref: string } | { type: string } }>;

export interface OperationV3 {
  tags: string[];
  description?: string;
  operationId: string;
  parameters?: ParameterV3[];
  requestBody?: { content: Content; required?: true };
  responses: Record<string, { description: string; content?: Content }>;
  "x-kubernetes-action"?: string;
  "x-kubernetes-group-version-kind"?: GroupVersionKind;
}

export interface PathItemV3 {
  [method: string]: OperationV3 | ParameterV3[] | undefined;
  parameters?: ParameterV3[];
}

export function schemaReference(definition: string): string {
  return `#/components/schemas/${definition}`;
}

export function pathItemV3(operations: readonly Operation[], options: { cbor: boolean }): PathItemV3 {
  const { common, own } = splitParameters(operations);
  const item: PathItemV3 = {};
  for (const operation of operations) {
    item[operation.method] = operationV3(operation, own(operation), options.cbor);
  }
  if (common.length > 0) item.parameters = common.map(parameterV3);
  return item;
}

function parameterV3({ name, in: place, description, required, type }: Parameter): ParameterV3 {
  return {
    name,
    in: place,
    ...(description === undefined ? {} : { description }),
    ...(required ? { required: true } : {}),
    schema: { type, uniqueItems: true },
  };
}

function operationV3(operation: Operation, own: readonly Parameter[], cbor: boolean): OperationV3 {
  const { description, consumes = [], produces = [], body, action, kind } = operation;
  const types = servedMediaTypes(produces, cbor);
  return {
    tags: [operation.tag],
    ...(description === undefined ? {} : { description }),
    operationId: operation.operationId,
    ...(own.length > 0 ? { parameters: own.map(parameterV3) } : {}),
    ...(body
      ? {
          requestBody: {
            content: contentOf(servedMediaTypes(consumes, cbor), body.definition),
            ...(body.required ? { required: true } : {}),
          },
        }
      : {}),
    responses: Object.fromEntries(
      Object.entries(operation.responses).map(([code, type]) => [
        code,
        {
          description: statusTexts[code] ?? "",
          ...(type === null ? {} : { content: contentOf(types, type) }),
        },
      ]),
    ),
    ...(action === undefined ? {} : { "x-kubernetes-action": action }),
    ...(kind ? { "x-kubernetes-group-version-kind": kind } : {}),
  };
}

function contentOf(types: readonly string[], definition: string): Content {
  const schema = definition === "string" ? { type: definition } : { $ref: schemaReference(definition) };
  return Object.fromEntries(types.toSorted().map((type) => [type, { schema }]));
}
