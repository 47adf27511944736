import type { ObjectOf } from "../../../api/object-of.ts";
import { semanticEqual } from "../../../api/semantic-equal.ts";
import {
  ingressClassAnnotation,
  validateIngress,
  validateIngressStatusUpdate,
  validateIngressUpdate,
} from "../../../api/validation/networking/ingress.ts";
import { loadBalancerWarnings } from "../../../api/warnings/service.ts";
import { defineResource } from "../strategy.ts";

type Ingress = ObjectOf<"io.k8s.api.networking.v1.Ingress">;

/** Source: pkg/registry/networking/ingress. */
export const ingresses = defineResource<Ingress>({
  group: "networking.k8s.io",
  resource: "ingresses",
  strategy: {
    prepareForCreate(ingress) {
      ingress.status = { loadBalancer: {} };
      ingress.metadata.generation = 1;
    },
    validate: (ingress, { gates }) => validateIngress(ingress, gates),
    warningsOnCreate({ metadata, spec }) {
      const annotated = metadata.annotations?.[ingressClassAnnotation] !== undefined;
      if (!annotated || spec.ingressClassName !== undefined) return [];
      return [
        `annotation "${ingressClassAnnotation}" is deprecated, please use 'spec.ingressClassName' instead`,
      ];
    },
    prepareForUpdate(ingress, old) {
      ingress.status = old.status;
      if (semanticEqual(ingress.spec, old.spec)) return;
      ingress.metadata.generation = (old.metadata.generation ?? 0) + 1;
    },
    validateUpdate: (ingress, old, { gates }) => validateIngressUpdate(ingress, old, gates),
    resetFields: { "*": ["status"] },
  },
  subresources: {
    status: {
      prepareForUpdate(ingress, old) {
        ingress.spec = old.spec;
      },
      validateUpdate: (ingress, old, { gates }) => validateIngressStatusUpdate(ingress, old, gates),
      warningsOnUpdate: ({ status }) => loadBalancerWarnings(status.loadBalancer?.ingress),
      resetFields: { "*": ["spec"] },
    },
  },
});
