/** Everything that is built from the client package: the documents and the run-time tables. */
import { readModels } from "./client/models.ts";
import { nameModels } from "./client/names.ts";
import { readOperations } from "./client/operations.ts";
import { buildDefinitions } from "./definitions.ts";
import { applyKinds } from "./kinds.ts";
import { buildOperations, type Operation } from "./operations.ts";
import { buildResources, type ResourceRow } from "./resource-tables.ts";
import type { Definitions } from "./schema.ts";
import { buildTypeTable, type TypeTable } from "./type-tables.ts";
import { buildV3Schemas } from "./v3-schemas.ts";

export interface Specification {
  definitions: Definitions;
  v3Schemas: Definitions;
  operations: Operation[];
  types: TypeTable;
  resources: ResourceRow[];
}

export function buildSpecification(): Specification {
  const models = readModels();
  const clientOperations = readOperations();
  const modelNames = nameModels(models, clientOperations);
  const definitions = buildDefinitions(models, modelNames);
  const operations = buildOperations(clientOperations, modelNames);
  applyKinds(definitions, operations);
  const v3Schemas = buildV3Schemas(definitions);
  return {
    definitions,
    v3Schemas,
    operations,
    types: buildTypeTable(definitions, v3Schemas),
    resources: buildResources(operations),
  };
}
