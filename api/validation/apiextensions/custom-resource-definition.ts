/**
 * CustomResourceDefinitions. Errors name the fields of upstream's internal version, in which what all versions have
 * in common stands once, outside of them. Source:
 * k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go and v1/conversion.go.
 */
import { apiApproval, approvalAnnotation, isProtectedGroup } from "../../custom/api-approval.ts";
import {
  type CustomResourceDefinition,
  type DefinitionVersion,
  hasCondition,
  schemaOf,
} from "../../custom/definition.ts";
import { eachSchema } from "../../custom/each-schema.ts";
import type { JsonSchema } from "../../custom/json-schema.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import { caBundleProblem } from "../../x509/ca-bundle.ts";
import { type FieldError, FieldPath, invalid, notSupported, required } from "../field.ts";
import { checkDns1035Label, checkDns1123Subdomain, nameIsDnsSubdomain } from "../names.ts";
import { validateAnyObjectMeta, validateAnyObjectMetaUpdate } from "../object-meta.ts";
import { validateImmutable } from "../values.ts";
import { type ConversionOptions, validateConversion } from "./conversion.ts";
import { type Common, internalVersion } from "./internal-form.ts";
import { validateNames } from "./names.ts";
import { type SchemaOptions, schemaOptions, validateSchema } from "./schema.ts";
import {
  maxSelectableFields,
  validateColumn,
  validateScale,
  validateSelectableFields,
} from "./subresources.ts";

type Spec = CustomResourceDefinition["spec"];

const specPath = FieldPath.of("spec");

interface Options extends SchemaOptions, ConversionOptions {
  requireSchema: boolean;
  /** Names of versions, "" for what all have in common. */
  tooManySelectableFields: ReadonlySet<string>;
}

export function validateCustomResourceDefinition(definition: CustomResourceDefinition): FieldError[] {
  const { metadata, spec } = definition;
  const wanted = `${spec.names.plural}.${spec.group}`;
  const checkName = (name: string, prefix: boolean) => [
    ...nameIsDnsSubdomain(name, prefix),
    ...(name === wanted ? [] : ['must be spec.names.plural+"."+spec.group']),
  ];
  const options: Options = {
    ...schemaOptions(undefined),
    requireSchema: true,
    requireReviewVersion: true,
    // Not before it is established.
    allowInvalidCaBundle: true,
    tooManySelectableFields: new Set(),
  };
  return [
    ...validateAnyObjectMeta(metadata, false, checkName),
    ...validateSpec(spec, options),
    ...validateCommon(definition, undefined),
  ];
}

export function validateCustomResourceDefinitionUpdate(
  definition: CustomResourceDefinition,
  old: CustomResourceDefinition,
): FieldError[] {
  const { metadata, spec } = definition;
  const oldWebhook = old.spec.conversion?.webhook;
  const oldReviews = oldWebhook?.conversionReviewVersions ?? [];
  const isEstablished = hasCondition(old, "Established");
  const options: Options = {
    ...schemaOptions(old),
    requireSchema: old.spec.versions.every((version) => schemaOf(version) !== undefined),
    requireReviewVersion:
      oldReviews.length === 0 || oldReviews.some((one) => one === "v1" || one === "v1beta1"),
    allowInvalidCaBundle:
      !isEstablished || caBundleProblem(oldWebhook?.clientConfig?.caBundle ?? "") !== undefined,
    tooManySelectableFields: keptSelectableFields(spec.versions ?? [], old.spec.versions),
  };
  const errors = [...validateAnyObjectMetaUpdate(metadata, old.metadata), ...validateSpec(spec, options)];
  if (isEstablished) {
    errors.push(...validateImmutable(spec.scope, old.spec.scope, specPath.child("scope")));
    errors.push(...validateImmutable(spec.names.kind, old.spec.names.kind, specPath.child("names", "kind")));
  }
  errors.push(...validateImmutable(spec.group, old.spec.group, specPath.child("group")));
  const pluralPath = specPath.child("names", "plural");
  errors.push(...validateImmutable(spec.names.plural, old.spec.names.plural, pluralPath));
  return [...errors, ...validateCommon(definition, old)];
}

export function validateCustomResourceDefinitionStatusUpdate(
  { metadata, status }: CustomResourceDefinition,
  old: CustomResourceDefinition,
): FieldError[] {
  return [
    ...validateAnyObjectMetaUpdate(metadata, old.metadata),
    ...validateNames(status.acceptedNames, FieldPath.of("status", "acceptedNames")),
  ];
}

function validateCommon(
  definition: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
): FieldError[] {
  const { status } = definition;
  return [
    ...validateNames(status.acceptedNames, FieldPath.of("status", "acceptedNames")),
    ...validateStoredVersions(definition),
    ...validateApproval(definition, old),
    ...validatePreserveUnknownFields(definition, old),
  ];
}

function validateStoredVersions({ spec, status }: CustomResourceDefinition): FieldError[] {
  const path = FieldPath.of("status", "storedVersions");
  const stored = status.storedVersions ?? [];
  if (stored.length === 0) return [invalid(path, null, "must have at least one stored version")];
  const errors: FieldError[] = [];
  const left = new Set(stored);
  for (const { name, storage } of spec.versions ?? []) {
    // A version that stands there twice is found once.
    if (storage && !left.has(name))
      errors.push(invalid(path, stored, `must have the storage version ${name}`));
    left.delete(name);
  }
  for (const [index, name] of stored.entries()) {
    if (!left.has(name)) continue;
    const detail = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
    errors.push(invalid(path.index(index), name, detail));
  }
  return errors;
}

function validateApproval(
  { metadata, spec }: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
): FieldError[] {
  if (!isProtectedGroup(spec.group)) return [];
  const { state, reason } = apiApproval(metadata.annotations);
  if (old && apiApproval(old.metadata.annotations).state === state) return [];
  const path = FieldPath.of("metadata", "annotations").key(approvalAnnotation);
  if (state === "missing") return [required(path, reason)];
  return state === "invalid" ? [invalid(path, metadata.annotations?.[approvalAnnotation], reason)] : [];
}

function validatePreserveUnknownFields(
  { spec }: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
): FieldError[] {
  if (!spec.preserveUnknownFields || old?.spec.preserveUnknownFields) return [];
  const detail =
    "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead";
  return [invalid(specPath.child("preserveUnknownFields"), true, detail)];
}

/** What is the same in all versions, and not nothing. */
function commonOf(versions: readonly DefinitionVersion[]): Common {
  const [first] = versions;
  const isSame = (read: (version: DefinitionVersion) => unknown) =>
    first !== undefined &&
    read(first) !== undefined &&
    versions.every((one) => semanticEqual(read(one), read(first)));
  return {
    schema: isSame(({ schema }) => schema),
    subresources: isSame(({ subresources }) => subresources),
    columns: isSame(({ additionalPrinterColumns }) => additionalPrinterColumns),
    selectableFields: isSame(({ selectableFields }) => selectableFields),
  };
}

function validateSpec(spec: Spec, options: Options): FieldError[] {
  const versions = spec.versions ?? [];
  const common = commonOf(versions);
  const errors = [...validateGroup(spec.group), ...validateScope(spec.scope)];
  const isPruned = !spec.preserveUnknownFields;
  for (const [index, version] of versions.entries()) {
    if (schemaOf(version)) continue;
    const path = specPath.child("versions").index(index).child("schema", "openAPIV3Schema");
    if (options.requireSchema) errors.push(required(path));
    else if (isPruned && version.served)
      errors.push(required(path, "because otherwise all fields are pruned"));
  }
  const schemas = versions.flatMap((version) => schemaOf(version) ?? []);
  const own: Options = { ...options, requireStructural: options.requireStructural || isPruned };
  if (schemas.some((schema) => someSchema(schema, hasDefault))) {
    own.requireStructural = true;
    if (!isPruned) {
      const detail = "must be false in order to use defaults in the schema";
      errors.push(invalid(specPath.child("preserveUnknownFields"), true, detail));
    }
  }
  if (schemas.some((schema) => someSchema(schema, isExtended))) own.requireStructural = true;
  for (const [index, version] of versions.entries()) {
    errors.push(...validateVersion(version, index, common, own));
  }
  errors.push(...validateVersionSet(spec.versions, common), ...validateNamesOf(spec));
  const [first] = versions;
  if (first) errors.push(...validateShared(first, versions, common, own));
  if (spec.conversion && spec.conversion.strategy !== "None" && !isPruned) {
    const detail = "must be None if spec.preserveUnknownFields is true";
    errors.push(invalid(specPath.child("conversion", "strategy"), spec.conversion.strategy, detail));
  }
  errors.push(...validateConversion(spec.conversion, options, specPath.child("conversion")));
  return errors;
}

function someSchema(schema: JsonSchema, fits: (schema: JsonSchema) => boolean): boolean {
  for (const part of eachSchema(schema)) if (fits(part)) return true;
  return false;
}

const hasDefault = ({ default: value }: JsonSchema): boolean => value !== undefined && value !== null;

const isExtended = (schema: JsonSchema): boolean =>
  schema["x-kubernetes-embedded-resource"] === true ||
  schema["x-kubernetes-preserve-unknown-fields"] !== undefined ||
  schema["x-kubernetes-int-or-string"] === true ||
  schema["x-kubernetes-list-type"] !== undefined ||
  (schema["x-kubernetes-list-map-keys"]?.length ?? 0) > 0 ||
  (schema["x-kubernetes-validations"]?.length ?? 0) > 0;

function validateGroup(group: string): FieldError[] {
  const path = specPath.child("group");
  if (group === "") return [required(path)];
  const problems = checkDns1123Subdomain(group);
  if (problems.length > 0) return [invalid(path, group, problems.join(","))];
  return group.includes(".") ? [] : [invalid(path, group, "should be a domain with at least one dot")];
}

function validateScope(scope: string): FieldError[] {
  const path = specPath.child("scope");
  if (scope === "") return [required(path)];
  if (scope === "Cluster" || scope === "Namespaced") return [];
  return [notSupported(path, scope, ["Cluster", "Namespaced"])];
}

function validateVersion(
  version: DefinitionVersion,
  index: number,
  common: Common,
  options: Options,
): FieldError[] {
  const path = specPath.child("versions").index(index);
  const { name, subresources, additionalPrinterColumns = [], selectableFields } = version;
  const problems = checkDns1035Label(name);
  const errors = problems.length > 0 ? [invalid(path.child("name"), name, problems.join(","))] : [];
  errors.push(...validateDeprecation(version, path.child("deprecationWarning")));
  const schema = schemaOf(version);
  if (schema && !common.schema) {
    errors.push(...validateSchema(schema, subresources?.status !== undefined, options, path.child("schema")));
  }
  if (!common.subresources) errors.push(...validateScale(subresources?.scale, path.child("subresources")));
  if (!common.columns) {
    const at = path.child("additionalPrinterColumns");
    errors.push(...additionalPrinterColumns.flatMap((column, i) => validateColumn(column, at.index(i))));
  }
  if (selectableFields?.length && !common.selectableFields) {
    const at = path.child("selectableFields");
    const allowTooMany = options.tooManySelectableFields.has(name);
    if (schema && !common.schema) {
      errors.push(...validateSelectableFields(selectableFields, schema, at, allowTooMany));
    } else {
      const detail = "may only be set when `version.schema.openAPIV3Schema` is not included";
      errors.push(invalid(at, "", detail));
    }
  }
  return errors;
}

function validateDeprecation(
  { deprecated, deprecationWarning: warning }: DefinitionVersion,
  path: FieldPath,
): FieldError[] {
  if (warning === undefined) return [];
  if (!deprecated) return [invalid(path, warning, "can only be set for deprecated versions")];
  const problems: string[] = [];
  if (Buffer.byteLength(warning) > 256) problems.push("must be <= 256 characters long");
  if (warning === "") problems.push("must not be an empty string");
  const odd = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.exec(warning);
  if (odd) {
    const at = Buffer.byteLength(warning.slice(0, odd.index));
    const detail = `must only contain printable UTF-8 characters; non-printable character found at index ${at}`;
    problems.push(detail);
  }
  return problems.map((problem) => invalid(path, warning, problem));
}

function validateVersionSet(all: readonly DefinitionVersion[] | null, common: Common): FieldError[] {
  const path = specPath.child("versions");
  const errors: FieldError[] = [];
  const versions = all ?? [];
  const shown = all?.map((version) => internalVersion(version, common));
  if (new Set(versions.map(({ name }) => name)).size < versions.length) {
    errors.push(invalid(path, shown, "must contain unique version names"));
  }
  if (versions.filter(({ storage }) => storage).length !== 1) {
    errors.push(invalid(path, shown, "must have exactly one version marked as storage version"));
  }
  const [first] = versions;
  const problems = first && first.name !== "" ? checkDns1035Label(first.name) : [];
  if (problems.length > 0) errors.push(invalid(specPath.child("version"), first?.name, problems.join(",")));
  return errors;
}

/** Where there were too many before, and they stay as they are. Source: findTooManySelectableFieldsAllowed. */
function keptSelectableFields(
  versions: readonly DefinitionVersion[],
  old: readonly DefinitionVersion[],
): Set<string> {
  const isKept = (
    before: DefinitionVersion["selectableFields"],
    now: DefinitionVersion["selectableFields"],
  ) => (before?.length ?? 0) > maxSelectableFields && semanticEqual(before, now);
  const kept = versions.filter(({ name, selectableFields }) =>
    isKept(old.find((one) => one.name === name)?.selectableFields, selectableFields),
  );
  const isCommon = commonOf(versions).selectableFields && commonOf(old).selectableFields;
  const shared = isCommon && isKept(old[0]?.selectableFields, versions[0]?.selectableFields);
  return new Set([...kept.map(({ name }) => name), ...(shared ? [""] : [])]);
}

function validateNamesOf({ names }: Spec): FieldError[] {
  const path = specPath.child("names");
  const missing = (["plural", "singular", "kind", "listKind"] as const)
    .filter((name) => !names[name])
    .map((name) => required(path.child(name)));
  return [...missing, ...validateNames(names, path)];
}

/** What stands outside of the versions in upstream's internal form. */
function validateShared(
  first: DefinitionVersion,
  versions: readonly DefinitionVersion[],
  common: Common,
  options: Options,
): FieldError[] {
  const errors: FieldError[] = [];
  const schema = schemaOf(first);
  if (common.schema && schema) {
    const hasStatus = versions.some(({ subresources }) => subresources?.status !== undefined);
    errors.push(...validateSchema(schema, hasStatus, options, specPath.child("validation")));
  }
  if (common.subresources) {
    errors.push(...validateScale(first.subresources?.scale, specPath.child("subresources")));
  }
  if (common.columns) {
    const path = specPath.child("additionalPrinterColumns");
    const columns = first.additionalPrinterColumns ?? [];
    errors.push(...columns.flatMap((column, index) => validateColumn(column, path.index(index))));
  }
  if (common.selectableFields && first.selectableFields?.length) {
    const path = specPath.child("selectableFields");
    const allowTooMany = options.tooManySelectableFields.has("");
    if (schema && common.schema) {
      errors.push(...validateSelectableFields(first.selectableFields, schema, path, allowTooMany));
    } else errors.push(invalid(path, "", "may only be set when validations.schema is included"));
  }
  return errors;
}
