/** Source: pkg/apis/networking/validation/validation.go. */
import type { FeatureGates } from "../../feature-gates.ts";
import { parseIp } from "../../ip.ts";
import type { ObjectOf } from "../../object-of.ts";
import { type FieldError, FieldPath, invalid, notSupported, required } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { validateLegacyIp } from "../ip.ts";
import {
  checkDns1123Subdomain,
  checkPathSegmentName,
  checkPortName,
  checkPortNumber,
  checkWildcardDns1123Subdomain,
  nameIsDns1035Label,
  nameIsDnsLabel,
  nameIsDnsSubdomain,
} from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";

type Ingress = ObjectOf<"io.k8s.api.networking.v1.Ingress">;
type Spec = NonNullable<Ingress["spec"]>;
type Rule = NonNullable<Spec["rules"]>[number];
type Path = NonNullable<Rule["http"]>["paths"][number];
type Backend = NonNullable<Spec["defaultBackend"]>;
type Tls = NonNullable<Spec["tls"]>[number];

interface Options {
  /** Names that updates keep allowing where the old object has one like it. */
  invalidSecretName: boolean;
  invalidWildcardRule: boolean;
  relaxedServiceName: boolean;
}

const specPath = FieldPath.of("spec");

/** The annotation that came before spec.ingressClassName. */
export const ingressClassAnnotation = "kubernetes.io/ingress.class";

/** ValidateIngressCreate. */
export function validateIngress(ingress: Ingress, gates: FeatureGates): FieldError[] {
  const errors = validateAny(ingress, {
    invalidSecretName: false,
    invalidWildcardRule: false,
    relaxedServiceName: allowsRelaxedServiceName(undefined, gates),
  });
  const annotation = ingress.metadata.annotations?.[ingressClassAnnotation];
  const className = ingress.spec?.ingressClassName;
  if (annotation !== undefined && className !== undefined && annotation !== className) {
    const path = FieldPath.of("annotations", ingressClassAnnotation);
    errors.push(invalid(path, annotation, "must match `ingressClassName` when both are specified"));
  }
  return errors;
}

/** ValidateIngressUpdate. */
export function validateIngressUpdate(ingress: Ingress, old: Ingress, gates: FeatureGates): FieldError[] {
  return [
    ...validateObjectMetaUpdate(ingress.metadata, old.metadata),
    ...validateAny(ingress, {
      invalidSecretName: (old.spec?.tls ?? []).some(
        ({ secretName }) => checkSecretName(secretName).length > 0,
      ),
      invalidWildcardRule: (old.spec?.rules ?? []).some(hasInvalidWildcardRule),
      relaxedServiceName: allowsRelaxedServiceName(old, gates),
    }),
  ];
}

function validateAny({ metadata, spec = {} }: Ingress, options: Options): FieldError[] {
  const errors = validateObjectMeta(metadata, true, nameIsDnsSubdomain);
  const { rules = [], defaultBackend, tls = [], ingressClassName } = spec;
  if (rules.length === 0 && !defaultBackend) {
    const detail = "either `defaultBackend` or `rules` must be specified";
    errors.push(invalid(specPath, spec.rules, detail));
  }
  if (defaultBackend) {
    errors.push(...validateBackend(defaultBackend, options, specPath.child("defaultBackend")));
  }
  rules.forEach((rule, index) => {
    errors.push(...validateRule(rule, options, specPath.child("rules").index(index)));
  });
  tls.forEach((entry, index) => {
    errors.push(...validateTls(entry, options, specPath.child("tls").index(index)));
  });
  if (ingressClassName !== undefined) {
    const path = specPath.child("ingressClassName");
    errors.push(...invalidText(path, ingressClassName, nameIsDnsSubdomain(ingressClassName, false)));
  }
  return errors;
}

const checkHost = (host: string): readonly string[] =>
  host.includes("*") ? checkWildcardDns1123Subdomain(host) : checkDns1123Subdomain(host);

const notAnAddress = "must be a DNS name, not an IP address";

function validateRule({ host = "", http }: Rule, options: Options, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (host !== "") {
    if (parseIp(host)) errors.push(invalid(path.child("host"), host, notAnAddress));
    errors.push(...invalidText(path.child("host"), host, checkHost(host)));
  }
  if (host.includes("*") && options.invalidWildcardRule) return errors;
  return [...errors, ...validateHttp(http, options, path.child("http"))];
}

function validateHttp(http: Rule["http"], options: Options, path: FieldPath): FieldError[] {
  if (!http) return [];
  const paths = path.child("paths");
  if (!http.paths?.length) return [required(paths)];
  return http.paths.flatMap((own, index) => validatePath(own, options, paths.index(index)));
}

const pathTypes = ["Exact", "ImplementationSpecific", "Prefix"];
const invalidSequences = ["//", "/./", "/../", "%2f", "%2F"];
const invalidSuffixes = ["/..", "/."];

function validatePath(own: Path, options: Options, at: FieldPath): FieldError[] {
  // A pointer upstream, null when absent; the OpenAPI document calls it required.
  const pathType: string | null | undefined = own.pathType;
  if (pathType === undefined || pathType === null)
    return [required(at.child("pathType"), "pathType must be specified")];
  const path = own.path ?? "";
  const errors: FieldError[] = [];
  const wrong = (detail: string): FieldError => invalid(at.child("path"), path, detail);
  if (!pathTypes.includes(pathType)) {
    errors.push(notSupported(at.child("pathType"), pathType, pathTypes));
  } else {
    const free = pathType === "ImplementationSpecific";
    if (!path.startsWith("/") && !(free && path === "")) errors.push(wrong("must be an absolute path"));
    if (!free) {
      for (const text of invalidSequences)
        if (path.includes(text)) errors.push(wrong(`must not contain '${text}'`));
      for (const text of invalidSuffixes)
        if (path.endsWith(text)) errors.push(wrong(`cannot end with '${text}'`));
    }
  }
  return [...errors, ...validateBackend(own.backend ?? {}, options, at.child("backend"))];
}

function validateBackend({ service, resource }: Backend, options: Options, path: FieldPath): FieldError[] {
  if (resource && service) return [invalid(path, "", "cannot set both resource and service backends")];
  if (resource) return validateReference(resource, path.child("resource"));
  if (!service) return [invalid(path, "", "resource or service backend is required")];
  const errors: FieldError[] = [];
  const name = service.name ?? "";
  const check = options.relaxedServiceName ? nameIsDnsLabel : nameIsDns1035Label;
  if (name === "") errors.push(required(path.child("service", "name")));
  else errors.push(...invalidText(path.child("service", "name"), name, check(name, false)));
  const portName = service.port?.name ?? "";
  const number = service.port?.number ?? 0;
  const portPath = path.child("service", "port");
  if (portName !== "" && number !== 0) {
    errors.push(invalid(path, "", "cannot set both port name & port number"));
  } else if (portName !== "") {
    errors.push(...invalidText(portPath.child("name"), portName, checkPortName(portName)));
  } else if (number !== 0) {
    for (const problem of checkPortNumber(number))
      errors.push(invalid(portPath.child("number"), number, problem));
  } else {
    errors.push(required(path, "port name or number is required"));
  }
  return errors;
}

interface Reference {
  apiGroup?: string | null;
  kind?: string;
  name?: string;
}

/** An object named by group, kind and name: of a backend, and of an IngressClass's parameters. */
export function validateReference(
  { apiGroup, kind = "", name = "" }: Reference,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  if (apiGroup !== undefined && apiGroup !== null) {
    errors.push(...invalidText(path.child("apiGroup"), apiGroup, checkDns1123Subdomain(apiGroup)));
  }
  if (kind === "") errors.push(required(path.child("kind")));
  else errors.push(...invalidText(path.child("kind"), kind, checkPathSegmentName(kind)));
  if (name === "") errors.push(required(path.child("name")));
  else errors.push(...invalidText(path.child("name"), name, checkPathSegmentName(name)));
  return errors;
}

const checkSecretName = (name: string | undefined): readonly string[] =>
  name ? nameIsDnsSubdomain(name, false) : [];

function validateTls({ hosts = [], secretName }: Tls, options: Options, path: FieldPath): FieldError[] {
  const errors = hosts.flatMap((host, index) =>
    invalidText(path.child("hosts").index(index), host, checkHost(host)),
  );
  if (options.invalidSecretName) return errors;
  return [...errors, ...invalidText(path.child("secretName"), secretName ?? "", checkSecretName(secretName))];
}

function hasInvalidWildcardRule({ host, http }: Rule): boolean {
  const strict = { invalidSecretName: false, invalidWildcardRule: false, relaxedServiceName: false };
  return host?.includes("*") === true && validateHttp(http, strict, specPath).length > 0;
}

function allowsRelaxedServiceName(old: Ingress | undefined, gates: FeatureGates): boolean {
  if (gates.enabled("RelaxedServiceNameValidation")) return true;
  const backends = [old?.spec?.defaultBackend];
  for (const { http } of old?.spec?.rules ?? [])
    backends.push(...(http?.paths ?? []).map(({ backend }) => backend));
  return backends.some((backend) => {
    const name = backend?.service?.name;
    return (
      name !== undefined &&
      nameIsDnsLabel(name, false).length === 0 &&
      nameIsDns1035Label(name, false).length > 0
    );
  });
}

/** ValidateIngressStatusUpdate. */
export function validateIngressStatusUpdate(
  ingress: Ingress,
  old: Ingress,
  gates: FeatureGates,
): FieldError[] {
  const errors = validateObjectMetaUpdate(ingress.metadata, old.metadata);
  const options = {
    strict: gates.enabled("StrictIPCIDRValidation"),
    validOld: (old.status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => (ip ? [ip] : [])),
  };
  ingress.status?.loadBalancer?.ingress?.forEach(({ ip, hostname }, index) => {
    const path = FieldPath.of("status", "loadBalancer", "ingress").index(index);
    if (ip) errors.push(...validateLegacyIp(path.child("ip"), ip, options));
    if (hostname) errors.push(...validateLoadBalancerHostname(hostname, path.child("hostname")));
  });
  return errors;
}

/** The host name of a load balancer, of an Ingress or a Service. */
export function validateLoadBalancerHostname(hostname: string, path: FieldPath): FieldError[] {
  const errors = invalidText(path, hostname, checkDns1123Subdomain(hostname));
  return parseIp(hostname) ? [...errors, invalid(path, hostname, notAnAddress)] : errors;
}
