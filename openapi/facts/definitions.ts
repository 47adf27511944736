/**
 * Definitions that the client has no model for: it shows them as a string, a Date or any. Descriptions are filled
 * in from kubernetes-models (see descriptions.ts).
 */

import { type Definitions, names } from "../../api/openapi/schema.ts";
import { definitionName } from "../client/names.ts";

export const extraDefinitions: Readonly<Definitions> = {
  [names.quantity]: { type: "string" },
  [names.intOrString]: { type: "string", format: "int-or-string" },
  [names.rawExtension]: { type: "object" },
  [names.time]: { type: "string", format: "date-time" },
  [names.microTime]: { type: "string", format: "date-time" },
  [names.fieldsV1]: { type: "object" },
  [names.patch]: { type: "object" },
  [names.json]: {},
  [names.jsonSchemaPropsOrArray]: {},
  [names.jsonSchemaPropsOrBool]: {},
  [names.jsonSchemaPropsOrStringArray]: {},
  [definitionName("apiserverinternal.v1alpha1.StorageVersionSpec")]: { type: "object" },
  [definitionName("scheduling.v1alpha2.BasicSchedulingPolicy")]: { type: "object" },
  [definitionName("apiextensions.v1.CustomResourceSubresourceStatus")]: { type: "object" },
};
