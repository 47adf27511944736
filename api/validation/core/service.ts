/** Source: pkg/apis/core/validation/validation.go (validateService and what it calls). */
import type { FeatureGates } from "../../feature-gates.ts";
import { goNullable, goNumber, goString, goValue } from "../../go-value.ts";
import type { ObjectOf } from "../../object-of.ts";
import { externallyAccessible, isHeadless, needsHealthCheck } from "../../service-facts.ts";
import {
  duplicate,
  type FieldError,
  FieldPath,
  forbidden,
  invalid,
  notSupported,
  required,
} from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { type LegacyIpOptions, validateLegacyCidr, validateLegacyIp } from "../ip.ts";
import { validateLabels } from "../labels.ts";
import {
  checkDns1123Label,
  checkDns1123Subdomain,
  checkPortNumber,
  checkQualifiedName,
  nameIsDns1035Label,
  nameIsDnsLabel,
} from "../names.ts";
import { validateLoadBalancerHostname } from "../networking/ingress.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { validateEndpointIp } from "./endpoint-ip.ts";
import { validatePortNumber, validatePortNumberOrName, validateProtocol } from "./protocols.ts";
import {
  validateClusterIpChange,
  validateIpFamilyChange,
  validateServiceClusterIps,
} from "./service-cluster-ips.ts";

type Service = ObjectOf<"io.k8s.api.core.v1.Service">;
type ServicePort = NonNullable<NonNullable<Service["spec"]>["ports"]>[number];

const spec = FieldPath.of("spec");
const annotationsPath = FieldPath.of("metadata", "annotations");

const topologyHints = "service.kubernetes.io/topology-aware-hints";
const topologyMode = "service.kubernetes.io/topology-mode";
const sourceRangesAnnotation = "service.beta.kubernetes.io/load-balancer-source-ranges";

const maxAffinitySeconds = 86400;
const loadBalancerOnly = "may only be used when `type` is 'LoadBalancer'";

/** ValidateServiceCreate. */
export function validateService(service: Service, gates: FeatureGates): FieldError[] {
  const checkName = gates.enabled("RelaxedServiceNameValidation") ? nameIsDnsLabel : nameIsDns1035Label;
  return [
    ...validateObjectMeta(service.metadata, true, checkName),
    ...validateAny(service, undefined, gates),
  ];
}

/** ValidateServiceUpdate. */
export function validateServiceUpdate(service: Service, old: Service, gates: FeatureGates): FieldError[] {
  const errors = validateObjectMetaUpdate(service.metadata, old.metadata);
  errors.push(...validateClusterIpChange(service, old), ...validateIpFamilyChange(service, old));
  errors.push(...validateLoadBalancerClass(service, old));
  if (
    needsHealthCheck(old) &&
    needsHealthCheck(service) &&
    (service.spec?.healthCheckNodePort ?? 0) !== (old.spec?.healthCheckNodePort ?? 0)
  ) {
    errors.push(forbidden(spec.child("healthCheckNodePort"), "field is immutable"));
  }
  errors.push(...validateAny(service, old, gates));
  return errors;
}

function validateAny(service: Service, old: Service | undefined, gates: FeatureGates): FieldError[] {
  const strict = gates.enabled("StrictIPCIDRValidation");
  const errors = validateTopologyAnnotations(service);
  errors.push(...validateType(service));
  const { ports = [], selector } = service.spec ?? {};
  const names = new Set<string>();
  ports.forEach((port, index) => {
    errors.push(...validatePort(port, ports.length > 1, names, spec.child("ports").index(index)));
  });
  if (selector) errors.push(...validateLabels(selector, spec.child("selector")));
  errors.push(...validateSessionAffinity(service));
  errors.push(...validateServiceClusterIps(service, old, gates));
  errors.push(...validateExternalIps(service, { strict, validOld: old?.spec?.externalIPs }));
  errors.push(...validateTypeName(service.spec?.type ?? ""));
  errors.push(...validatePortsTogether(service));
  errors.push(...validateSourceRanges(service, old, strict));
  errors.push(...validateNodePortAllocation(service));
  errors.push(...validateLoadBalancerClass(service, undefined));
  errors.push(...validateExternalTrafficPolicy(service));
  errors.push(...validateInternalTrafficPolicy(service));
  errors.push(...validateTrafficDistribution(service, gates));
  return errors;
}

function validateTopologyAnnotations({ metadata }: Service): FieldError[] {
  const mode = metadata.annotations?.[topologyMode];
  const hints = metadata.annotations?.[topologyHints];
  if (mode === undefined || hints === undefined || mode === hints) return [];
  const detail = `must match annotations[${topologyHints}] when both are specified`;
  return [invalid(annotationsPath.key(topologyMode), mode, detail)];
}

function validateType(service: Service): FieldError[] {
  const { type, ports, clusterIPs, ipFamilies, ipFamilyPolicy, externalName } = service.spec ?? {};
  const errors: FieldError[] = [];
  const headless = isHeadless(service);
  if (!ports?.length && !headless && type !== "ExternalName") errors.push(required(spec.child("ports")));
  if (headless && (type === "LoadBalancer" || type === "NodePort")) {
    const detail = `may not be set to 'None' for ${type} services`;
    errors.push(invalid(spec.child("clusterIPs").index(0), clusterIPs?.[0], detail));
  }
  if (type !== "ExternalName") return errors;
  const unset = "may not be set for ExternalName services";
  if (clusterIPs?.length) errors.push(forbidden(spec.child("clusterIPs"), unset));
  if (ipFamilies?.length) errors.push(forbidden(spec.child("ipFamilies"), unset));
  if (ipFamilyPolicy !== undefined) errors.push(forbidden(spec.child("ipFamilyPolicy"), unset));
  // A trailing dot says that the name is fully qualified.
  const cname = (externalName ?? "").replace(/\.$/, "");
  const path = spec.child("externalName");
  if (cname === "") errors.push(required(path));
  else errors.push(...invalidText(path, cname, checkDns1123Subdomain(cname)));
  return errors;
}

function validatePort(
  port: ServicePort,
  requireName: boolean,
  names: Set<string>,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  const name = port.name ?? "";
  if (requireName && name === "") errors.push(required(path.child("name")));
  else if (name !== "") {
    errors.push(...invalidText(path.child("name"), name, checkDns1123Label(name)));
    if (names.has(name)) errors.push(duplicate(path.child("name"), name));
    names.add(name);
  }
  errors.push(...validatePortNumber(port.port, path.child("port")));
  errors.push(...validateProtocol(port.protocol, path.child("protocol")));
  errors.push(...validatePortNumberOrName(port.targetPort, path.child("targetPort")));
  if (port.appProtocol !== undefined) {
    errors.push(
      ...invalidText(path.child("appProtocol"), port.appProtocol, checkQualifiedName(port.appProtocol)),
    );
  }
  return errors;
}

function validateSessionAffinity({ spec: { sessionAffinity, sessionAffinityConfig: config } = {} }: Service) {
  const errors: FieldError[] = [];
  const path = spec.child("sessionAffinityConfig");
  if (!sessionAffinity) errors.push(required(spec.child("sessionAffinity")));
  else if (sessionAffinity !== "ClientIP" && sessionAffinity !== "None") {
    errors.push(notSupported(spec.child("sessionAffinity"), sessionAffinity, ["ClientIP", "None"]));
  }
  if (sessionAffinity === "None" && config) {
    errors.push(forbidden(path, "must not be set when session affinity is None"));
  }
  if (sessionAffinity !== "ClientIP") return errors;
  const missing = "when session affinity type is ClientIP";
  const timeout = config?.clientIP?.timeoutSeconds;
  if (!config) errors.push(required(path, missing));
  else if (!config.clientIP) errors.push(required(path.child("clientIP"), missing));
  else if (timeout === undefined) errors.push(required(path.child("clientIP", "timeoutSeconds"), missing));
  else if (timeout <= 0 || timeout > maxAffinitySeconds) {
    const detail = `must be greater than 0 and less than ${maxAffinitySeconds}`;
    errors.push(invalid(path.child("clientIP", "timeoutSeconds"), timeout, detail));
  }
  return errors;
}

function validateExternalIps(service: Service, options: LegacyIpOptions): FieldError[] {
  return (service.spec?.externalIPs ?? []).flatMap((ip, index) => {
    const path = spec.child("externalIPs").index(index);
    const errors = validateLegacyIp(path, ip, options);
    return errors.length > 0 ? errors : validateEndpointIp(ip, path);
  });
}

const types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

function validateTypeName(type: string): FieldError[] {
  if (type === "") return [required(spec.child("type"))];
  return types.includes(type) ? [] : [notSupported(spec.child("type"), type, types)];
}

/** The key of a duplicate port prints as a whole internal ServicePort. */
const goServicePort = {
  Name: goString(""),
  Protocol: goString("protocol"),
  AppProtocol: goNullable(""),
  Port: goNumber("port"),
  TargetPort: goNumber(""),
  NodePort: goNumber(""),
};

function validatePortsTogether({ spec: { type, ports = [] } = {} }: Service): FieldError[] {
  const errors: FieldError[] = [];
  const at = (index: number): FieldPath => spec.child("ports").index(index);
  if (type === "ClusterIP") {
    ports.forEach((port, index) => {
      if (!port.nodePort) return;
      errors.push(forbidden(at(index).child("nodePort"), "may not be used when `type` is 'ClusterIP'"));
    });
  }
  const nodePorts = new Set<string>();
  ports.forEach(({ protocol, nodePort }, index) => {
    if (!nodePort) return;
    const key = `${protocol}/${nodePort}`;
    if (nodePorts.has(key)) errors.push(duplicate(at(index).child("nodePort"), nodePort));
    nodePorts.add(key);
  });
  const numbers = new Set<string>();
  ports.forEach(({ protocol, port }, index) => {
    const key = `${protocol}/${port}`;
    if (numbers.has(key)) errors.push(duplicate(at(index), goValue(goServicePort, { protocol, port })));
    numbers.add(key);
  });
  return errors;
}

/** Ranges that the old service has are not checked again; both forms may be padded with spaces. */
function validateSourceRanges(service: Service, old: Service | undefined, strict: boolean): FieldError[] {
  const ranges = service.spec?.loadBalancerSourceRanges ?? [];
  const wrongType = service.spec?.type !== "LoadBalancer";
  if (ranges.length > 0) {
    const path = spec.child("LoadBalancerSourceRanges");
    const validOld = old?.spec?.loadBalancerSourceRanges?.map((range) => range.trim());
    return [
      ...(wrongType ? [forbidden(path, loadBalancerOnly)] : []),
      ...ranges.flatMap((range, i) => validateLegacyCidr(path.index(i), range.trim(), { strict, validOld })),
    ];
  }
  const annotation = service.metadata.annotations?.[sourceRangesAnnotation];
  if (annotation === undefined) return [];
  const path = annotationsPath.key(sourceRangesAnnotation);
  const errors = wrongType ? [forbidden(path, loadBalancerOnly)] : [];
  if (old && (old.metadata.annotations?.[sourceRangesAnnotation] ?? "") === annotation) return errors;
  if (annotation.trim() === "") return errors;
  for (const range of annotation.trim().split(",")) {
    errors.push(...validateLegacyCidr(path, range.trim(), { strict }));
  }
  return errors;
}

function validateNodePortAllocation({ spec: { type, allocateLoadBalancerNodePorts } = {} }: Service) {
  const errors: FieldError[] = [];
  if (allocateLoadBalancerNodePorts !== undefined && type !== "LoadBalancer") {
    errors.push(forbidden(spec.child("allocateLoadBalancerNodePorts"), loadBalancerOnly));
  }
  if (allocateLoadBalancerNodePorts === undefined && type === "LoadBalancer") {
    errors.push(required(FieldPath.of("allocateLoadBalancerNodePorts")));
  }
  return errors;
}

function validateLoadBalancerClass(service: Service, old: Service | undefined): FieldError[] {
  const errors: FieldError[] = [];
  const path = spec.child("loadBalancerClass");
  const { type, loadBalancerClass } = service.spec ?? {};
  const isLoadBalancer = type === "LoadBalancer";
  if (old?.spec?.type === "LoadBalancer" && isLoadBalancer) {
    if (old.spec.loadBalancerClass !== loadBalancerClass) {
      errors.push(invalid(path, loadBalancerClass, "may not change once set"));
    }
  }
  if (loadBalancerClass === undefined) return errors;
  if (!isLoadBalancer) errors.push(forbidden(path, loadBalancerOnly));
  else errors.push(...invalidText(path, loadBalancerClass, checkQualifiedName(loadBalancerClass)));
  return errors;
}

const externalPolicies = ["Cluster", "Local"];

function validateExternalTrafficPolicy(service: Service): FieldError[] {
  const errors: FieldError[] = [];
  const policyPath = spec.child("externalTrafficPolicy");
  const policy = service.spec?.externalTrafficPolicy ?? "";
  if (!externallyAccessible(service)) {
    if (policy !== "") {
      errors.push(invalid(policyPath, policy, "may only be set for externally-accessible services"));
    }
  } else if (policy === "") errors.push(required(policyPath));
  else if (!externalPolicies.includes(policy)) {
    errors.push(notSupported(policyPath, policy, externalPolicies));
  }
  const portPath = spec.child("healthCheckNodePort");
  const port = service.spec?.healthCheckNodePort ?? 0;
  if (!needsHealthCheck(service)) {
    if (port !== 0) {
      const detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
      errors.push(invalid(portPath, port, detail));
    }
  } else if (port === 0) errors.push(required(portPath));
  else for (const problem of checkPortNumber(port)) errors.push(invalid(portPath, port, problem));
  return errors;
}

function validateInternalTrafficPolicy({ spec: { type, internalTrafficPolicy: policy } = {} }: Service) {
  const path = spec.child("internalTrafficPolicy");
  if (policy === undefined) {
    return type === "NodePort" || type === "LoadBalancer" || type === "ClusterIP" ? [required(path)] : [];
  }
  return externalPolicies.includes(policy) ? [] : [notSupported(path, policy, externalPolicies)];
}

function validateTrafficDistribution({ spec: own }: Service, gates: FeatureGates): FieldError[] {
  const value = own?.trafficDistribution;
  if (value === undefined) return [];
  const supported = gates.enabled("PreferSameTrafficDistribution")
    ? ["PreferClose", "PreferSameZone", "PreferSameNode"]
    : ["PreferClose"];
  return supported.includes(value) ? [] : [notSupported(spec.child("trafficDistribution"), value, supported)];
}

/** ValidateServiceStatusUpdate. */
export function validateServiceStatusUpdate(
  service: Service,
  old: Service,
  gates: FeatureGates,
): FieldError[] {
  const errors = validateObjectMetaUpdate(service.metadata, old.metadata);
  const path = FieldPath.of("status", "loadBalancer", "ingress");
  const entries = service.status?.loadBalancer?.ingress ?? [];
  if (service.spec?.type !== "LoadBalancer" && entries.length > 0) {
    return [...errors, forbidden(path, "may only be used when `spec.type` is 'LoadBalancer'")];
  }
  const options = {
    strict: gates.enabled("StrictIPCIDRValidation"),
    validOld: (old.status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => (ip ? [ip] : [])),
  };
  entries.forEach((entry, index) => {
    errors.push(...validateLoadBalancerIngress(entry, options, path.index(index)));
  });
  return errors;
}

const ipModes = ["Proxy", "VIP"];

function validateLoadBalancerIngress(
  { ip, ipMode, hostname }: { ip?: string; ipMode?: string; hostname?: string },
  options: LegacyIpOptions,
  path: FieldPath,
): FieldError[] {
  const errors = ip ? validateLegacyIp(path.child("ip"), ip, options) : [];
  const modePath = path.child("ipMode");
  if (ipMode === undefined) {
    if (ip) errors.push(required(modePath, "must be specified when `ip` is set"));
  } else if (!ip) errors.push(forbidden(modePath, "may not be specified when `ip` is not set"));
  else if (!ipModes.includes(ipMode)) errors.push(notSupported(modePath, ipMode, ipModes));
  if (hostname) errors.push(...validateLoadBalancerHostname(hostname, path.child("hostname")));
  return errors;
}
