/** Source: pkg/apis/core/validation/validation.go. */
import type { FeatureGates } from "../../feature-gates.ts";
import { goQuote } from "../../go-format.ts";
import { goPointer, goString, goValue } from "../../go-value.ts";
import { isIpv4, parseCidr } from "../../ip.ts";
import type { ObjectOf } from "../../object-of.ts";
import {
  duplicate,
  type FieldError,
  FieldPath,
  forbidden,
  internalError,
  invalid,
  required,
} from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { validateLegacyCidr } from "../ip.ts";
import { checkConfigMapKey, isLongerThan, nameIsDnsLabel, nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { validatePositive } from "../values.ts";
import { validateNodeAnnotations } from "./node-annotations.ts";
import { validateResourceQuantity } from "./resource-quantities.ts";
import { validateTaints } from "./taints.ts";

type Node = ObjectOf<"io.k8s.api.core.v1.Node">;
type ConfigSource = NonNullable<NonNullable<Node["spec"]>["configSource"]>;

const metadataPath = FieldPath.of("metadata");
const specPath = FieldPath.of("spec");
const statusPath = FieldPath.of("status");
// Upstream looks for the taints in the wrong place, and clients see that.
const taintsPath = metadataPath.child("taints");

/** ValidateNode. */
export function validateNode(node: Node, gates: FeatureGates): FieldError[] {
  const { metadata, spec, status } = node;
  const errors = validateObjectMeta(metadata, false, nameIsDnsSubdomain);
  errors.push(...validateNodeAnnotations(metadata.annotations ?? {}, metadataPath.child("annotations")));
  errors.push(...validateTaints(spec?.taints ?? [], taintsPath));
  errors.push(...validateResources(node));
  const swap = status?.nodeInfo?.swap?.capacity;
  if (swap !== undefined) {
    errors.push(...validatePositive(swap, metadataPath.child("nodeSwapStatus", "capacity")));
  }
  errors.push(...validateDeclaredFeatures(status?.declaredFeatures ?? []));
  errors.push(...validatePodCidrs(spec?.podCIDRs ?? [], gates));
  return errors;
}

function validatePodCidrs(cidrs: readonly string[], gates: FeatureGates): FieldError[] {
  const path = specPath.child("podCIDRs");
  const options = { strict: gates.enabled("StrictIPCIDRValidation") };
  const errors = cidrs.flatMap((cidr, index) => validateLegacyCidr(path.index(index), cidr, options));
  if (cidrs.length < 2) return errors;
  const blocks = cidrs.map(parseCidr);
  const bad = blocks.indexOf(undefined);
  if (bad >= 0) {
    const reason = `invalid CIDR[${bad}]: <nil> (invalid CIDR address: ${cidrs[bad]})`;
    const detail = `invalid PodCIDRs. failed to check with dual stack with error:${reason}`;
    errors.push(internalError(path, detail));
  }
  const families = new Set(blocks.map((block) => block && isIpv4(block.network)));
  if (bad >= 0 || families.size < 2 || cidrs.length > 2) {
    errors.push(invalid(path, cidrs, "may specify no more than one CIDR for each IP family"));
  }
  return errors;
}

/** ValidateNodeResources. */
function validateResources({ status }: Node): FieldError[] {
  return (["capacity", "allocatable"] as const).flatMap((field) =>
    Object.entries(status?.[field] ?? {}).flatMap(([resource, quantity]) =>
      validateResourceQuantity(resource, quantity, statusPath.child(field, resource)),
    ),
  );
}

const featureName = /^[A-Z][a-zA-Z0-9]*(\/[a-zA-Z][a-zA-Z0-9]*)*$/;

function featureNameProblem(name: string): string | undefined {
  if (isLongerThan(name, 253)) return "must be no more than 253 characters";
  if (featureName.test(name)) return undefined;
  return "must start with an UpperCamelCase segment, with subsequent segments separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric characters and slashes";
}

function validateDeclaredFeatures(names: readonly string[]): FieldError[] {
  const path = statusPath.child("declaredFeatures");
  return names.flatMap((name, index) => {
    const errors: FieldError[] = [];
    const problem = featureNameProblem(name);
    if (problem)
      errors.push(invalid(path.index(index), name, `invalid feature name ${goQuote(name)}: ${problem}`));
    const next = names[index + 1];
    if (next === undefined) return errors;
    if (name === next) errors.push(duplicate(path.index(index + 1), next));
    if (name > next) errors.push(invalid(path.index(index + 1), next, "list must be sorted alphabetically"));
    return errors;
  });
}

/** What the main strategy's ValidateUpdate checks. */
export const validateNodeUpdate = (node: Node, old: Node, gates: FeatureGates): FieldError[] => [
  ...validateNode(node, gates),
  ...validateNodeChange(node, old),
];

const goNodeAddress = { Type: goString("type"), Address: goString("address") };

/** ValidateNodeUpdate: all that is checked of a status update. */
export function validateNodeChange(node: Node, old: Node): FieldError[] {
  const { metadata, spec, status } = node;
  const errors = validateObjectMetaUpdate(metadata, old.metadata);
  errors.push(...validateNodeAnnotations(metadata.annotations ?? {}, metadataPath.child("annotations")));
  errors.push(...validateResources(node));
  errors.push(...validateDeclaredFeatures(status?.declaredFeatures ?? []));
  const addresses = new Set<string>();
  status?.addresses?.forEach((address, index) => {
    const key = `${address.type} ${address.address}`;
    if (addresses.has(key)) {
      errors.push(duplicate(statusPath.child("addresses").index(index), goValue(goNodeAddress, address)));
    }
    addresses.add(key);
  });
  errors.push(...validatePodCidrChange(spec?.podCIDRs ?? [], old.spec?.podCIDRs ?? []));
  if (old.spec?.providerID && old.spec.providerID !== spec?.providerID) {
    const detail = 'node updates may not change providerID except from "" to valid';
    errors.push(forbidden(specPath.child("providerID"), detail));
  }
  if (spec?.configSource) errors.push(...validateSpecConfig(spec.configSource));
  if (status?.config) errors.push(...validateStatusConfig(status.config));
  errors.push(...validateTaints(spec?.taints ?? [], taintsPath));
  if ((spec?.externalID ?? "") !== (old.spec?.externalID ?? "")) {
    errors.push(forbidden(specPath.child("externalID"), "may not be updated"));
  }
  return errors;
}

function validatePodCidrChange(cidrs: readonly string[], old: readonly string[]): FieldError[] {
  const error = forbidden(
    specPath.child("podCIDRs"),
    'node updates may not change podCIDR except from "" to valid',
  );
  if (old.length === 0) return [];
  if (old.length !== cidrs.length) return [error];
  return old.filter((cidr, index) => cidr !== cidrs[index]).map(() => error);
}

const goConfigSource = {
  ConfigMap: goPointer("configMap", {
    Namespace: goString("namespace"),
    Name: goString("name"),
    UID: goString("uid"),
    ResourceVersion: goString("resourceVersion"),
    KubeletConfigKey: goString("kubeletConfigKey"),
  }),
};

function requireConfigMap(source: ConfigSource, path: FieldPath): FieldError[] {
  if (source.configMap) return [];
  return [invalid(path, goValue(goConfigSource, source), "exactly one reference subfield must be non-nil")];
}

/** Of a feature that is gone: only nodes that have the field may keep it. */
function validateSpecConfig(source: ConfigSource): FieldError[] {
  const path = specPath.child("configSource");
  const errors: FieldError[] = [];
  const { configMap } = source;
  if (configMap) {
    const at = path.child("configMap");
    if (configMap.uid) errors.push(forbidden(at.child("uid"), "uid must not be set in spec"));
    if (configMap.resourceVersion) {
      errors.push(forbidden(at.child("resourceVersion"), "resourceVersion must not be set in spec"));
    }
    errors.push(...validateConfigMapSource(configMap, at));
  }
  return [...errors, ...requireConfigMap(source, path)];
}

function validateStatusConfig(config: NonNullable<NonNullable<Node["status"]>["config"]>): FieldError[] {
  return (["assigned", "active", "lastKnownGood"] as const).flatMap((field) => {
    const source = config[field];
    if (!source) return [];
    const path = statusPath.child("config", field);
    const errors: FieldError[] = [];
    const { configMap } = source;
    if (configMap) {
      const at = path.child("configMap");
      if (!configMap.uid) errors.push(required(at.child("uid")));
      if (!configMap.resourceVersion) errors.push(required(at.child("resourceVersion")));
      errors.push(...validateConfigMapSource(configMap, at));
    }
    return [...errors, ...requireConfigMap(source, path)];
  });
}

function validateConfigMapSource(
  source: NonNullable<ConfigSource["configMap"]>,
  path: FieldPath,
): FieldError[] {
  const checks = {
    namespace: (text: string) => nameIsDnsLabel(text, false),
    name: (text: string) => nameIsDnsSubdomain(text, false),
    kubeletConfigKey: checkConfigMapKey,
  };
  return (["namespace", "name", "kubeletConfigKey"] as const).flatMap((field) => {
    const text = source[field];
    return text ? invalidText(path.child(field), text, checks[field](text)) : [required(path.child(field))];
  });
}
