/** How custom resources are written. Source: k8s.io/apiextensions-apiserver/pkg/registry/customresource. */
import { Correlation } from "../../api/custom/correlation.ts";
import { eachSchema } from "../../api/custom/each-schema.ts";
import { JsonPathError, parseJsonPath, printJson } from "../../api/custom/json-path.ts";
import { type JsonSchema, propertyOf } from "../../api/custom/json-schema.ts";
import { validateListTypes } from "../../api/custom/list-types.ts";
import { validateEmbedded } from "../../api/custom/object-meta.ts";
import { type ScalePaths, validateScaleSpec, validateScaleStatus } from "../../api/custom/scale.ts";
import { fieldErrors } from "../../api/custom/value-result.ts";
import { validateValue } from "../../api/custom/value-validation.ts";
import { goQuote } from "../../api/go-format.ts";
import { cloneJson } from "../../api/json-clone.ts";
import { jsonEqual } from "../../api/json-equal.ts";
import type { JsonObject, JsonValue, KubeObject } from "../../api/object.ts";
import { forbidden, type GroupResource } from "../../api/status.ts";
import type { FieldError } from "../../api/validation/field.ts";
import { invalid } from "../../api/validation/field.ts";
import { checkQualifiedName, nameIsDnsSubdomain } from "../../api/validation/names.ts";
import { validateAnyObjectMeta } from "../../api/validation/object-meta.ts";
import { bumpGeneration } from "./generation.ts";
import type { ResourceDefinition, Strategy, WriteStrategy } from "./strategy.ts";

export interface CustomStrategyOptions {
  apiVersion: string;
  resource: GroupResource;
  kind: string;
  namespaced: boolean;
  schema: JsonSchema | undefined;
  hasStatus: boolean;
  scale: ScalePaths | undefined;
  /** JSON paths. */
  selectableFields: readonly string[];
  /** The definition is being deleted. */
  terminating: boolean;
  /** What was stored once, as this version reads it now. */
  read(stored: KubeObject): KubeObject;
  /** Leaves out what the stored version does not know. */
  pruneForStorage(object: KubeObject): void;
}

interface CustomObject extends KubeObject {
  status?: JsonValue;
}

/** The strategies of one version and its subresources. */
export function customStrategies(
  options: CustomStrategyOptions,
): Pick<ResourceDefinition, "strategy" | "subresources" | "selectableFields"> {
  const strategy = mainStrategy(options);
  return {
    strategy: strategy as Strategy,
    // A change of the scale is a change of the object.
    subresources: { status: statusStrategy(options) as WriteStrategy, scale: strategy as WriteStrategy },
    selectableFields: Object.fromEntries(
      options.selectableFields.map((path) => [path.replace(/^\./, ""), fieldText(path)]),
    ),
  };
}

const asJson = (object: KubeObject): JsonObject => object as unknown as JsonObject;

function mainStrategy(options: CustomStrategyOptions): Strategy<CustomObject> {
  const { apiVersion, hasStatus, terminating, resource } = options;
  return {
    allowUnconditionalUpdate: false,
    resetFields: hasStatus ? { [apiVersion]: ["status"] } : {},
    prepareForCreate(object) {
      if (hasStatus) delete object.status;
      object.metadata.generation = 1;
    },
    validate: (object) => validateCreate(object, options),
    warningsOnCreate: ({ metadata }) => finalizerWarnings(metadata.finalizers ?? [], []),
    prepareForUpdate(object, stored) {
      const old = options.read(stored) as CustomObject;
      if (hasStatus) {
        if (Object.hasOwn(old, "status")) object.status = old.status!;
        else delete object.status;
      }
      if (!jsonEqual(withoutMetadata(object), withoutMetadata(old))) bumpGeneration(object, old);
    },
    validateUpdate: (object, stored) => validateUpdate(object, options.read(stored), options),
    canonicalize: options.pruneForStorage,
    warningsOnUpdate: ({ metadata }, old) =>
      finalizerWarnings(metadata.finalizers ?? [], old.metadata.finalizers ?? []),
    hooks: terminating
      ? {
          beginCreate({ metadata }) {
            const problem = "create not allowed while custom resource definition is terminating";
            throw forbidden(resource, metadata.name ?? "", problem);
          },
        }
      : {},
  };
}

/** Everything but the status stays as it was. */
function statusStrategy(options: CustomStrategyOptions): WriteStrategy<CustomObject> {
  return {
    resetFields: { [options.apiVersion]: ["metadata", "spec"] },
    prepareForUpdate(object, stored) {
      const old = options.read(stored);
      const { status, apiVersion } = object;
      const { managedFields, resourceVersion } = object.metadata;
      const members = object as unknown as JsonObject;
      for (const key of Object.keys(members)) delete members[key];
      Object.assign(object, cloneJson(old), { apiVersion });
      if (resourceVersion) object.metadata.resourceVersion = resourceVersion;
      if (managedFields) object.metadata.managedFields = managedFields;
      else delete object.metadata.managedFields;
      if (status === undefined) delete object.status;
      else object.status = status;
    },
    validateUpdate: (object, stored) => validateStatusUpdate(object, options.read(stored), options),
    canonicalize: options.pruneForStorage,
  };
}

function withoutMetadata({ metadata: _m, apiVersion: _v, ...rest }: KubeObject): object {
  return rest;
}

function validateCreate(object: CustomObject, options: CustomStrategyOptions): FieldError[] {
  const { schema, scale } = options;
  const value = asJson(object);
  return withRules(schema, [
    ...validateAnyObjectMeta(object.metadata, options.namespaced, nameIsDnsSubdomain),
    ...(schema ? fieldErrors(validateValue(value, schema, undefined).problems, "") : []),
    ...validateScaleSpec(value, scale),
    ...validateScaleStatus(value, scale),
    ...validateEmbedded(value, schema),
    ...validateListTypes(value, schema),
  ]);
}

function validateUpdate(
  object: CustomObject,
  old: CustomObject,
  options: CustomStrategyOptions,
): FieldError[] {
  const { schema, scale } = options;
  const [value, oldValue] = [asJson(object), asJson(old)];
  const problems = schema
    ? validateValue(value, schema, new Correlation(value, oldValue, schema)).problems
    : [];
  return withRules(schema, [
    ...fieldErrors(problems, ""),
    ...validateScaleSpec(value, scale),
    ...validateScaleStatus(value, scale),
    ...validateEmbedded(value, schema),
    ...newListErrors(value, oldValue, schema),
  ]);
}

function validateStatusUpdate(
  object: CustomObject,
  old: CustomObject,
  options: CustomStrategyOptions,
): FieldError[] {
  const { schema, scale } = options;
  const value = asJson(object);
  const statusSchema = propertyOf(schema, "status");
  const errors: FieldError[] = [];
  if (object.status !== undefined && statusSchema) {
    const correlation =
      old.status === undefined ? undefined : new Correlation(object.status, old.status, statusSchema);
    errors.push(...fieldErrors(validateValue(object.status, statusSchema, correlation).problems, "status"));
  }
  return withRules(schema, [
    ...errors,
    ...validateScaleStatus(value, scale),
    ...newListErrors(value, asJson(old), schema),
  ]);
}

/** A list that was wrong before may stay so. */
function newListErrors(value: JsonObject, old: JsonObject, schema: JsonSchema | undefined): FieldError[] {
  const errors = validateListTypes(value, schema);
  return errors.length > 0 && validateListTypes(old, schema).length === 0 ? errors : [];
}

/** Rules are not evaluated on what is not even of the right types. */
const blocking: ReadonlySet<FieldError["type"]> = new Set<FieldError["type"]>([
  "FieldValueNotSupported",
  "FieldValueRequired",
  "FieldValueTooLong",
  "FieldValueTooMany",
  "FieldValueTypeInvalid",
]);

/** The one place for x-kubernetes-validations: so far only said to be left out where upstream leaves them out. */
function withRules(schema: JsonSchema | undefined, errors: FieldError[]): FieldError[] {
  if (!schema || !errors.some(({ type }) => blocking.has(type)) || !hasRules(schema)) return errors;
  const skipped =
    "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";
  return [...errors, invalid("<nil>", null, skipped)];
}

function hasRules(schema: JsonSchema): boolean {
  for (const part of eachSchema(schema)) if (part["x-kubernetes-validations"]?.length) return true;
  return false;
}

const standardFinalizers = new Set(["kubernetes", "orphan", "foregroundDeletion"]);

function finalizerWarnings(finalizers: readonly string[], old: readonly string[]): string[] {
  const added = [...new Set(finalizers)].filter((finalizer) => !old.includes(finalizer)).sort();
  return added.flatMap((finalizer) => {
    const about = `metadata.finalizers: ${goQuote(finalizer)}:`;
    const warnings = checkQualifiedName(finalizer).map((problem) => `${about} ${problem}`);
    if (finalizer.includes("/") || standardFinalizers.has(finalizer)) return warnings;
    const form = finalizer.includes(".") ? "finalizer name including a path (/)" : "finalizer name";
    const purpose = "to avoid accidental conflicts with other finalizer writers";
    return [...warnings, `${about} prefer a domain-qualified ${form} ${purpose}`];
  });
}

/** A selectable field's value as selectors compare it. */
function fieldText(jsonPath: string): (object: KubeObject) => string {
  const path = parseJsonPath(jsonPath);
  return (object) => {
    try {
      const value = path(asJson(object))[0];
      return value === undefined || value === null ? "" : printJson(value);
    } catch (error) {
      if (error instanceof JsonPathError) return "";
      throw error;
    }
  };
}
