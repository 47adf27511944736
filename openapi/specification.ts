/** Everything that is built from the client package: schemas, operations and the run-time tables. */

import { registeredGroupVersions } from "../api/group-versions.ts";
import type { Operation } from "../api/openapi/operation.ts";
import { type Definitions, orderKeys } from "../api/openapi/schema.ts";
import { writeSpecification } from "../api/openapi/specification.ts";
import { readModels } from "./client/models.ts";
import { nameModels } from "./client/names.ts";
import { readOperations } from "./client/operations.ts";
import { buildDefinitions } from "./definitions.ts";
import { applyDescriptions } from "./descriptions.ts";
import { applyEnums } from "./enums.ts";
import { readGoTypes } from "./go-types.ts";
import { applyKinds } from "./kinds.ts";
import { buildOperations } from "./operations.ts";
import { buildResources, type ResourceRow } from "./resource-tables.ts";
import { nameSharedParameters } from "./shared-parameters.ts";
import { buildTypeTable, type TypeTable } from "./type-tables.ts";
import { buildV3Schemas } from "./v3-schemas.ts";

export interface BuiltSpecification {
  /** In the v2 form. */
  definitions: Definitions;
  v3Schemas: Definitions;
  operations: Operation[];
  types: TypeTable;
  resources: ResourceRow[];
}

export function buildSpecification(): BuiltSpecification {
  const models = readModels();
  const clientOperations = readOperations();
  const modelNames = nameModels(models, clientOperations);
  const definitions = buildDefinitions(models, modelNames);
  const operations = buildOperations(clientOperations, modelNames);
  nameSharedParameters(operations);
  applyKinds(definitions, operations);
  applyDescriptions(definitions, operations);
  applyEnums(definitions);
  orderRequired(definitions);
  const v3Schemas = buildV3Schemas(definitions);
  return {
    definitions,
    v3Schemas,
    operations,
    types: buildTypeTable(definitions, v3Schemas),
    resources: buildResources(operations),
  };
}

/** Lists required fields in the order of the Go struct, as upstream does. */
function orderRequired(definitions: Definitions): void {
  for (const { name, fields } of readGoTypes().values()) {
    const required = definitions[name]?.required;
    if (!required) continue;
    const order = new Map(fields.map((field, place) => [field.name, place]));
    required.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  }
}

/** The text that readSpecification of api/openapi takes apart. */
export function specificationText({ operations, v3Schemas }: BuiltSpecification): string {
  return writeSpecification({
    groupVersions: registeredGroupVersions,
    schemas: new Map(
      Object.entries(v3Schemas).map(([name, schema]) => [name, JSON.stringify(orderKeys(schema))]),
    ),
    operations,
  });
}
