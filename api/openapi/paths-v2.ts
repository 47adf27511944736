/** The path items of a v2 document. */
import { servedMediaTypes, statusTexts } from "./media-types.ts";
import { type Operation, type Parameter, splitParameters } from "./operation.ts";
import { type GroupVersionKind, reference } from "./schema.ts";

/** In the order in which Go writes it: names of shared parameters are hashes of that. */
export interface ParameterV2 {
  uniqueItems?: true;
  type?: string;
  description?: string;
  name: string;
  in: "path" | "query" | "body";
  required?: true;
  schema?: { $ref: string };
}

export interface OperationV2 {
  description?: string;
  consumes?: string[];
  produces?: string[];
  schemes: ["https"];
  tags: string[];
  operationId: string;
  parameters?: (ParameterV2 | { $ref: string })[];
  responses: Record<string, { description: string; schema?: { $ref: string } | { type: string } }>;
  deprecated?: true;
  "x-kubernetes-action"?: string;
  "x-kubernetes-group-version-kind"?: GroupVersionKind;
}

export interface PathItemV2 {
  [method: string]: OperationV2 | OperationV2["parameters"];
  parameters?: OperationV2["parameters"];
}

export function parameterV2({ in: place, name, type, required, description }: Parameter): ParameterV2 {
  return {
    uniqueItems: true,
    type,
    ...(description === undefined ? {} : { description }),
    name,
    in: place,
    ...(required ? { required: true } : {}),
  };
}

export function bodyV2({ definition, required }: NonNullable<Operation["body"]>): ParameterV2 {
  const schema = { $ref: reference(definition) };
  return { name: "body", in: "body", ...(required ? { required: true } : {}), schema };
}

function shared<T extends { sharedAs?: string }>(
  parameter: T,
  write: (parameter: T) => ParameterV2,
): ParameterV2 | { $ref: string } {
  return parameter.sharedAs === undefined ? write(parameter) : { $ref: `#/parameters/${parameter.sharedAs}` };
}

/** The shared parameters that some operations use, by name. */
export function sharedParametersV2(operations: readonly Operation[]): Map<string, ParameterV2> {
  const parameters = new Map<string, ParameterV2>();
  for (const operation of operations) {
    for (const one of operation.parameters) if (one.sharedAs) parameters.set(one.sharedAs, parameterV2(one));
    if (operation.body?.sharedAs) parameters.set(operation.body.sharedAs, bodyV2(operation.body));
  }
  return parameters;
}

/** The item of one path with all its operations. */
export function pathItemV2(operations: readonly Operation[], options: { cbor: boolean }): PathItemV2 {
  const { common, own } = splitParameters(operations);
  const item: PathItemV2 = {};
  for (const operation of operations) {
    item[operation.method] = operationV2(operation, own(operation), options.cbor);
  }
  if (common.length > 0) item.parameters = common.map((one) => shared(one, parameterV2));
  return item;
}

function operationV2(operation: Operation, own: readonly Parameter[], cbor: boolean): OperationV2 {
  const { description, consumes, produces, body, action, kind } = operation;
  const inPlace = own.map((one) => shared(one, parameterV2));
  // Parameters are ordered by name, and "body" comes before all that operations have of their own.
  const parameters = body ? [shared(body, bodyV2), ...inPlace] : inPlace;
  return {
    ...(description === undefined ? {} : { description }),
    ...(consumes ? { consumes: servedMediaTypes(consumes, cbor) } : {}),
    ...(produces ? { produces: servedMediaTypes(produces, cbor) } : {}),
    schemes: ["https"],
    tags: [operation.tag],
    operationId: operation.operationId,
    ...(parameters.length > 0 ? { parameters } : {}),
    responses: Object.fromEntries(
      Object.entries(operation.responses).map(([code, type]) => [code, responseV2(code, type)]),
    ),
    ...(action === undefined ? {} : { "x-kubernetes-action": action }),
    ...(kind ? { "x-kubernetes-group-version-kind": inByteOrder(kind) } : {}),
  };
}

/** The v2 document is put together from maps, the v3 ones from the struct. */
const inByteOrder = ({ group, kind, version }: GroupVersionKind): GroupVersionKind => ({
  group,
  kind,
  version,
});

function responseV2(code: string, type: string | null): OperationV2["responses"][string] {
  const description = statusTexts[code] ?? "";
  if (type === null) return { description };
  return { description, schema: type === "string" ? { type } : { $ref: reference(type) } };
}
