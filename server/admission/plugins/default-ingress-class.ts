import type { ObjectOf } from "../../../api/object-of.ts";
import { type AdmissionAttributes, objectOf } from "../attributes.ts";
import type { AdmissionPlugin } from "../chain.ts";
import type { AdmissionObjects } from "../objects.ts";
import { defaultClass } from "./default-class.ts";

type Ingress = ObjectOf<"io.k8s.api.networking.v1.Ingress">;

const ingressClasses = { group: "networking.k8s.io", resource: "ingressclasses" };
const isDefault: readonly string[] = ["ingressclass.kubernetes.io/is-default-class"];
const classAnnotation = "kubernetes.io/ingress.class";

/** Ingresses that name no class get the default one. Source: plugin/pkg/admission/network/defaultingressclass. */
export function defaultIngressClass(objects: AdmissionObjects): AdmissionPlugin {
  const admit = async (attributes: AdmissionAttributes): Promise<void> => {
    const ingress = objectOf<Ingress>(attributes);
    const { spec, metadata } = ingress;
    if (spec?.ingressClassName !== undefined || metadata.annotations?.[classAnnotation] !== undefined) return;
    const name = defaultClass(await objects.list(ingressClasses, ""), isDefault)?.metadata.name;
    if (name !== undefined) ingress.spec = { ...spec, ingressClassName: name };
  };
  return {
    name: "DefaultIngressClass",
    rules: [{ operations: ["CREATE"], resources: ["ingresses.networking.k8s.io"], admit }],
  };
}
