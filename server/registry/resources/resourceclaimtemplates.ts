import type { ObjectOf } from "../../../api/object-of.ts";
import { dropDisabledClaimFields } from "../../../api/resource-claim-features.ts";
import {
  validateResourceClaimTemplate,
  validateResourceClaimTemplateUpdate,
} from "../../../api/validation/resource/resource-claim.ts";
import type { Access } from "../access.ts";
import type { LateCel } from "../late-cel.ts";
import { defineResource, type ResourceDefinition } from "../strategy.ts";
import { validateAdminRequest } from "./claim-access.ts";

type Template = ObjectOf<"io.k8s.api.resource.v1.ResourceClaimTemplate">;

/** Source: pkg/registry/resource/resourceclaimtemplate. */
export const resourceClaimTemplates = (
  access: Access | undefined,
  cel: LateCel,
): ResourceDefinition<Template> =>
  defineResource<Template>({
    group: "resource.k8s.io",
    resource: "resourceclaimtemplates",
    strategy: {
      hooks: cel.hooks,
      returnDeletedObject: true,
      prepareForCreate({ spec }, { gates }) {
        dropDisabledClaimFields(spec.spec, undefined, gates);
      },
      validate: (template, { gates }) => validateResourceClaimTemplate(template, gates, cel.device),
      async validateAccess({ spec }, old, { namespace }) {
        return old ? [] : validateAdminRequest(access, spec.spec.devices.requests, namespace);
      },
      prepareForUpdate({ spec }, old, { gates }) {
        dropDisabledClaimFields(spec.spec, old.spec.spec, gates);
      },
      validateUpdate: (template, old, { gates }) =>
        validateResourceClaimTemplateUpdate(template, old, gates, cel.device),
    },
  });
