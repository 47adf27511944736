import type { ObjectOf } from "../../../api/object-of.ts";
import { validateFlowSchema } from "../../../api/validation/flowcontrol/flow-schema.ts";
import { mandatorySchemaSpecs } from "../bootstrap/flow-control.ts";
import { countSpecChange } from "../generation.ts";
import { keepAllMetadata } from "../status-metadata.ts";
import { defineResource } from "../strategy.ts";

type FlowSchema = ObjectOf<"io.k8s.api.flowcontrol.v1.FlowSchema">;

const validate = (schema: FlowSchema) => validateFlowSchema(schema, mandatorySchemaSpecs);

/** Source: pkg/registry/flowcontrol/flowschema. */
export const flowSchemas = defineResource<FlowSchema>({
  group: "flowcontrol.apiserver.k8s.io",
  resource: "flowschemas",
  strategy: {
    resetFields: { "*": ["status"] },
    prepareForCreate(schema) {
      schema.status = {};
      schema.metadata.generation = 1;
    },
    validate,
    prepareForUpdate(schema, old) {
      countSpecChange(schema, old);
      schema.status = old.status;
    },
    validateUpdate: validate,
  },
  subresources: {
    status: {
      resetFields: { "*": ["metadata", "spec"] },
      prepareForUpdate(schema, old) {
        keepAllMetadata(schema, old);
        schema.spec = old.spec;
      },
      validateUpdate: validate,
    },
  },
});
