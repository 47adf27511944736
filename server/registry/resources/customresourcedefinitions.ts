/** Source: k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition. */
import { timestamp } from "../../../api/clock.ts";
import { type CustomResourceDefinition, definitionUsesPatterns } from "../../../api/custom/definition.ts";
import { eachSchema } from "../../../api/custom/each-schema.ts";
import { isKnownFormat } from "../../../api/custom/formats.ts";
import type { JsonSchema } from "../../../api/custom/json-schema.ts";
import { loadPatterns } from "../../../api/custom/pattern.ts";
import { goQuote } from "../../../api/go-format.ts";
import { semanticEqual } from "../../../api/semantic-equal.ts";
import { conflict } from "../../../api/status.ts";
import {
  validateCustomResourceDefinition,
  validateCustomResourceDefinitionStatusUpdate,
  validateCustomResourceDefinitionUpdate,
} from "../../../api/validation/apiextensions/custom-resource-definition.ts";
import { bumpGeneration } from "../generation.ts";
import { defineResource } from "../strategy.ts";
import type { DeleteOptions } from "../write-request.ts";

const group = "apiextensions.k8s.io";
const resource = "customresourcedefinitions";
const cleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";

export const customResourceDefinitions = defineResource<CustomResourceDefinition>({
  group,
  resource,
  strategy: {
    allowUnconditionalUpdate: false,
    resetFields: { "apiextensions.k8s.io/v1": ["status"] },
    prepareForCreate(definition) {
      // Go writes lists that are not there as null.
      const conditions = null as unknown as [];
      definition.status = { conditions, acceptedNames: { plural: "", kind: "" }, storedVersions: [] };
      definition.metadata.generation = 1;
      rememberStorageVersion(definition);
    },
    hooks: {
      async beginCreate(definition) {
        return preparePatterns(definition);
      },
      async beginUpdate(definition, old) {
        return preparePatterns(definition, old);
      },
    },
    validate: validateCustomResourceDefinition,
    warningsOnCreate: (definition) => formatWarnings(definition, undefined),
    prepareForUpdate(definition, old) {
      definition.status = structuredClone(old.status);
      if (!semanticEqual(definition.spec, old.spec)) bumpGeneration(definition, old);
      rememberStorageVersion(definition);
    },
    validateUpdate: validateCustomResourceDefinitionUpdate,
    warningsOnUpdate: formatWarnings,
    beginDelete(definition, options, { clock }) {
      checkPreconditions(definition, options);
      const { metadata } = definition;
      // Once marked, it goes as every object does.
      if (metadata.deletionTimestamp !== undefined) return undefined;
      const now = timestamp(clock);
      metadata.deletionTimestamp = now;
      const finalizers = metadata.finalizers ?? [];
      if (!finalizers.includes(cleanupFinalizer)) metadata.finalizers = [...finalizers, cleanupFinalizer];
      markTerminating(definition, now);
      return "update";
    },
  },
  subresources: {
    status: {
      resetFields: { "apiextensions.k8s.io/v1": ["spec"] },
      prepareForUpdate(definition, old) {
        definition.spec = old.spec;
      },
      validateUpdate: validateCustomResourceDefinitionStatusUpdate,
    },
  },
});

/** Patterns are compiled in the middle of validation, which does not wait. */
async function preparePatterns(...definitions: CustomResourceDefinition[]): Promise<undefined> {
  if (definitions.some(definitionUsesPatterns)) await loadPatterns();
}

/** Every version in which objects may be stored. */
function rememberStorageVersion({ spec, status }: CustomResourceDefinition): void {
  const version = spec.versions?.find(({ storage }) => storage);
  const stored = status.storedVersions ?? [];
  if (version && !stored.includes(version.name)) status.storedVersions = [...stored, version.name];
}

function markTerminating(definition: CustomResourceDefinition, now: string): void {
  const conditions = (definition.status.conditions ?? []).filter(({ type }) => type !== "Terminating");
  conditions.push({
    type: "Terminating",
    status: "True",
    lastTransitionTime: now,
    reason: "InstanceDeletionPending",
    message: "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
  });
  definition.status = { ...definition.status, conditions };
}

/** Worded otherwise than those of other resources. */
function checkPreconditions(
  { metadata }: CustomResourceDefinition,
  { preconditions: { uid, resourceVersion } = {} }: DeleteOptions,
): void {
  const { name = "" } = metadata;
  const refuse = (what: string, wanted: string, actual: string) =>
    conflict(
      { group, resource },
      name,
      `Precondition failed: ${what} in precondition: ${wanted}, ${what} in object meta: ${actual}`,
    );
  if (uid !== undefined && uid !== metadata.uid) throw refuse("UID", uid, metadata.uid ?? "");
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw refuse("ResourceVersion", resourceVersion, metadata.resourceVersion ?? "");
  }
}

function formatWarnings(
  definition: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
): string[] {
  const known = new Set(old && unknownFormats(old));
  return unknownFormats(definition)
    .filter((format) => !known.has(format))
    .map((format) => `unrecognized format ${goQuote(format)}`);
}

function unknownFormats({ spec }: CustomResourceDefinition): string[] {
  const formats: string[] = [];
  for (const { schema } of spec.versions ?? []) {
    const root = schema?.openAPIV3Schema as JsonSchema | undefined;
    for (const { format, type = "" } of root ? eachSchema(root) : []) {
      if (format && !isKnownFormat(format, type)) formats.push(format);
    }
  }
  return formats;
}
