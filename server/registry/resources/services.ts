import type { ObjectOf } from "../../../api/object-of.ts";
import { externallyAccessible, needsHealthCheck } from "../../../api/service-facts.ts";
import {
  validateService,
  validateServiceStatusUpdate,
  validateServiceUpdate,
} from "../../../api/validation/core/service.ts";
import { serviceStatusWarnings, serviceWarnings } from "../../../api/warnings/service.ts";
import { defineResource, type ResourceDefinition, type WriteHooks } from "../strategy.ts";

type Service = ObjectOf<"io.k8s.api.core.v1.Service">;
type Spec = Service["spec"];

/** Source: pkg/registry/core/service. The hooks allocate addresses and ports (see ServiceAllocation). */
export const services = (hooks: WriteHooks<Service>): ResourceDefinition<Service> =>
  defineResource<Service>({
    group: "",
    resource: "services",
    strategy: {
      hooks,
      allowCreateOnUpdate: true,
      returnDeletedObject: true,
      prepareForCreate(service) {
        service.status = { loadBalancer: {} };
      },
      validate: (service, { gates }) => validateService(service, gates),
      warningsOnCreate: serviceWarnings,
      prepareForUpdate(service, old) {
        service.status = old.status;
        dropTypeDependentFields(service, old);
      },
      validateUpdate: (service, old, { gates }) => validateServiceUpdate(service, old, gates),
      warningsOnUpdate: serviceWarnings,
      canonicalize({ spec }) {
        // Once defaulted by mistake, hidden on every read since.
        if (spec.type === "ExternalName") delete spec.internalTrafficPolicy;
      },
      resetFields: { v1: ["status"] },
    },
    subresources: {
      status: {
        prepareForUpdate(service, old) {
          service.spec = old.spec;
        },
        validateUpdate: (service, old, { gates }) => validateServiceStatusUpdate(service, old, gates),
        warningsOnUpdate: serviceStatusWarnings,
        resetFields: { v1: ["spec"] },
      },
    },
    selectableFields: {
      "spec.clusterIP": ({ spec }) => spec?.clusterIP ?? "",
      "spec.type": ({ spec }) => spec?.type ?? "",
    },
  });

const sameList = (a: readonly unknown[] = [], b: readonly unknown[] = []): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);

const needsNodePort = ({ type }: Spec): boolean => type === "NodePort" || type === "LoadBalancer";

const nodePortsOf = ({ ports = [] }: Spec): number[] =>
  ports.flatMap(({ nodePort }) => (nodePort ? [nodePort] : []));

/**
 * A change of the type takes along fields that no longer mean anything, where the client has left them as they were
 * (else validation refuses them).
 */
function dropTypeDependentFields(service: Service, old: Service): void {
  const { spec } = service;
  const before = old.spec;
  if (before.type !== "ExternalName" && spec.type === "ExternalName") dropClusterIps(spec, before);
  if (needsNodePort(before) && !needsNodePort(spec)) {
    const known = nodePortsOf(before);
    if (nodePortsOf(spec).every((port) => known.includes(port))) {
      for (const port of spec.ports ?? []) delete port.nodePort;
    }
  }
  if (needsHealthCheck(old) && !needsHealthCheck(service)) {
    dropUnchanged(spec, before, "healthCheckNodePort");
  }
  if (before.type === "LoadBalancer" && spec.type !== "LoadBalancer") {
    dropUnchanged(spec, before, "allocateLoadBalancerNodePorts");
    dropUnchanged(spec, before, "loadBalancerClass");
  }
  if (externallyAccessible(old) && !externallyAccessible(service)) {
    dropUnchanged(spec, before, "externalTrafficPolicy");
  }
  if (spec.type !== "LoadBalancer") service.status = { ...service.status, loadBalancer: {} };
}

function dropUnchanged(spec: Spec, before: Spec, field: keyof Spec): void {
  if (spec[field] === before[field]) delete spec[field];
}

function dropClusterIps(spec: Spec, before: Spec): void {
  if ((spec.clusterIP ?? "") === (before.clusterIP ?? "") && sameList(spec.clusterIPs, before.clusterIPs)) {
    delete spec.clusterIP;
    delete spec.clusterIPs;
  }
  if (sameList(spec.ipFamilies, before.ipFamilies)) delete spec.ipFamilies;
  dropUnchanged(spec, before, "ipFamilyPolicy");
}
