/** What a CustomResourceDefinition adds to the documents. */
import { registeredGroupVersions } from "../group-versions.ts";
import type { Schemas } from "../types.ts";
import { type CustomVersion, customOperations } from "./custom-operations.ts";
import { commonTexts, customSchemas, type StructuralSchema } from "./custom-schemas.ts";
import type { DocumentContent, DocumentOptions } from "./document.ts";
import type { Operation } from "./operation.ts";
import type { Schema } from "./schema.ts";
import type { Specification } from "./specification.ts";

export type CustomResourceDefinition =
  Schemas["io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition"];

/** The v3 documents of custom resources are titled by the server that upstream runs for them. */
export const customDocumentOptions: DocumentOptions = {
  info: { title: "Kubernetes CRD Swagger", version: "v0.1.0" },
  cbor: false,
  security: false,
};

/** Custom resources know the kinds of client-go's scheme only. */
const UNKNOWN_GROUPS = /^(admission|apiextensions|apiregistration|imagepolicy)\.k8s\.io\//;

/** Versions that are served, of definitions that are established. */
function servedVersions({
  spec,
  status,
}: CustomResourceDefinition): CustomResourceDefinition["spec"]["versions"] {
  const established = status.conditions?.some((one) => one.type === "Established" && one.status === "True");
  return established ? spec.versions.filter(({ served }) => served) : [];
}

/** The keys of the v3 documents that custom resources have: "apis/GROUP/VERSION", with the definitions of each. */
export function customDocuments(
  definitions: readonly CustomResourceDefinition[],
): Map<string, CustomResourceDefinition[]> {
  const documents = new Map<string, CustomResourceDefinition[]>();
  for (const definition of definitions) {
    for (const { name } of servedVersions(definition)) {
      const key = `apis/${definition.spec.group}/${name}`;
      documents.set(key, [...(documents.get(key) ?? []), definition]);
    }
  }
  return documents;
}

/** What the v3 document of a group version describes, or, without a version, what all of them describe. */
export function customContent(
  definitions: readonly CustomResourceDefinition[],
  specification: Specification,
  version?: string,
): DocumentContent {
  const texts = commonTexts(specification);
  const operations: Operation[] = [];
  const v3 = new Map<string, StructuralSchema>();
  const v2 = new Map<string, StructuralSchema>();
  for (const definition of definitions) {
    for (const one of servedVersions(definition)) {
      if (version !== undefined && one.name !== version) continue;
      const custom = customVersion(definition, one);
      operations.push(...customOperations(custom, specification));
      const source = {
        texts,
        custom,
        schema: one.schema?.openAPIV3Schema as StructuralSchema | undefined,
        preserveUnknownFields: definition.spec.preserveUnknownFields === true,
        selectableFields: one.selectableFields?.map(({ jsonPath }) => jsonPath) ?? [],
      };
      for (const [name, schema] of customSchemas(source, "v3")) v3.set(name, schema);
      for (const [name, schema] of customSchemas(source, "v2")) v2.set(name, schema);
    }
  }
  const byPath = Map.groupBy(operations, ({ path }) => path);
  return {
    paths: [...byPath.keys()].sort(),
    operations: (path) => byPath.get(path) ?? [],
    schemaText: (name) => (v3.has(name) ? JSON.stringify(v3.get(name)) : specification.schemaText(name)),
    definition: (name) => v2.get(name) as Schema | undefined,
    groupVersions: registeredGroupVersions.filter((one) => !UNKNOWN_GROUPS.test(one)),
  };
}

function customVersion(
  { spec }: CustomResourceDefinition,
  { name, subresources }: CustomResourceDefinition["spec"]["versions"][number],
): CustomVersion {
  return {
    group: spec.group,
    version: name,
    plural: spec.names.plural,
    kind: spec.names.kind,
    listKind: spec.names.listKind ?? `${spec.names.kind}List`,
    namespaced: spec.scope === "Namespaced",
    hasStatus: subresources?.status !== undefined,
    hasScale: subresources?.scale !== undefined,
  };
}

/** Built-in and custom resources together, as the v2 document has them. */
export function mergedContent(builtIn: DocumentContent, custom: DocumentContent): DocumentContent {
  const customPaths = new Set(custom.paths.filter((path) => !builtIn.paths.includes(path)));
  return {
    ...builtIn,
    paths: [...builtIn.paths, ...customPaths].sort(),
    operations: (path) => (customPaths.has(path) ? custom : builtIn).operations(path),
    schemaText: (name) => (custom.definition?.(name) ? custom : builtIn).schemaText(name),
    ...(custom.definition ? { definition: custom.definition } : {}),
  };
}
