/** Source: k8s.io/kube-aggregator/pkg/apis/apiregistration/validation/validation.go. */
import { goQuote } from "../../go-format.ts";
import type { ObjectOf } from "../../object-of.ts";
import { type FieldError, FieldPath, invalid, notSupported, required } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import {
  checkDns1035Label,
  checkDns1123Subdomain,
  checkPathSegmentName,
  checkPortNumber,
  type ObjectNameCheck,
} from "../names.ts";
import { validateAnyObjectMeta, validateAnyObjectMetaUpdate } from "../object-meta.ts";

type ApiService = ObjectOf<"io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService">;

const specPath = FieldPath.of("spec");
const servicePath = specPath.child("service");
const conditionsPath = FieldPath.of("status", "conditions");
const statuses = ["True", "False", "Unknown"];

const maxGroupPriority = 20000;
const maxVersionPriority = 1000;

/** ValidateAPIService. */
export function validateApiService({ metadata, spec }: ApiService): FieldError[] {
  const { group = "", version = "", groupPriorityMinimum = 0, versionPriority = 0 } = spec;
  const errors = validateAnyObjectMeta(metadata, false, nameCheck(`${version}.${group}`));
  const groupPath = specPath.child("group");
  if (group === "" && version !== "v1") {
    errors.push(required(groupPath, "only v1 may have an empty group and it better be legacy kube"));
  }
  if (group !== "") errors.push(...invalidText(groupPath, group, checkDns1123Subdomain(group)));
  errors.push(...invalidText(specPath.child("version"), version, checkDns1035Label(version)));
  if (groupPriorityMinimum <= 0 || groupPriorityMinimum > maxGroupPriority) {
    const detail = `must be positive and less than ${maxGroupPriority}`;
    errors.push(invalid(specPath.child("groupPriorityMinimum"), groupPriorityMinimum, detail));
  }
  if (versionPriority <= 0 || versionPriority > maxVersionPriority) {
    const detail = `must be positive and less than ${maxVersionPriority}`;
    errors.push(invalid(specPath.child("versionPriority"), versionPriority, detail));
  }
  return [...errors, ...validateService(spec)];
}

function nameCheck(wanted: string): ObjectNameCheck {
  return (name) => {
    const problems = checkPathSegmentName(name);
    if (problems.length > 0 || name === wanted) return problems;
    return [`must be \`spec.version+"."+spec.group\`: ${goQuote(wanted)}`];
  };
}

function validateService({
  service,
  caBundle = "",
  insecureSkipTLSVerify = false,
}: ApiService["spec"]): FieldError[] {
  const errors: FieldError[] = [];
  const insecurePath = specPath.child("insecureSkipTLSVerify");
  if (!service) {
    if (caBundle !== "") {
      const bytes = Buffer.from(caBundle, "base64").length;
      const detail = "local APIServices may not have a caBundle";
      errors.push(invalid(specPath.child("caBundle"), `${bytes} bytes`, detail));
    }
    if (insecureSkipTLSVerify) {
      const detail = "local APIServices may not have insecureSkipTLSVerify";
      errors.push(invalid(insecurePath, insecureSkipTLSVerify, detail));
    }
    return errors;
  }
  const { namespace = "", name = "", port = 0 } = service;
  if (namespace === "") errors.push(required(servicePath.child("namespace")));
  if (name === "") errors.push(required(servicePath.child("name")));
  const problems = checkPortNumber(port);
  if (problems.length > 0) {
    errors.push(invalid(servicePath.child("port"), port, `port is not valid: ${problems.join(", ")}`));
  }
  if (insecureSkipTLSVerify && caBundle !== "") {
    errors.push(invalid(insecurePath, insecureSkipTLSVerify, "may not be true if caBundle is present"));
  }
  return errors;
}

/** ValidateAPIServiceUpdate. */
export function validateApiServiceUpdate(service: ApiService, old: ApiService): FieldError[] {
  return [...validateAnyObjectMetaUpdate(service.metadata, old.metadata), ...validateApiService(service)];
}

/** ValidateAPIServiceStatusUpdate. */
export function validateApiServiceStatusUpdate(service: ApiService, old: ApiService): FieldError[] {
  const errors = validateAnyObjectMetaUpdate(service.metadata, old.metadata);
  service.status.conditions?.forEach(({ status = "" }, index) => {
    if (statuses.includes(status)) return;
    errors.push(notSupported(conditionsPath.index(index).child("status"), status, statuses));
  });
  return errors;
}
