import type { ObjectOf } from "../../../api/object-of.ts";
import { semanticEqual } from "../../../api/semantic-equal.ts";
import {
  validateIngressClass,
  validateIngressClassUpdate,
} from "../../../api/validation/networking/ingress-class.ts";
import { defineResource } from "../strategy.ts";

/** Source: pkg/registry/networking/ingressclass. */
export const ingressClasses = defineResource<ObjectOf<"io.k8s.api.networking.v1.IngressClass">>({
  group: "networking.k8s.io",
  resource: "ingressclasses",
  strategy: {
    prepareForCreate({ metadata }) {
      metadata.generation = 1;
    },
    validate: validateIngressClass,
    prepareForUpdate(ingressClass, old) {
      if (semanticEqual(ingressClass.spec, old.spec)) return;
      ingressClass.metadata.generation = (old.metadata.generation ?? 0) + 1;
    },
    validateUpdate: validateIngressClassUpdate,
  },
});
