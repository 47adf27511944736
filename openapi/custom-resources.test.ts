import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { defaultFeatureGates } from "../api/feature-gates.ts";
import {
  type CustomResourceDefinition,
  customContent,
  customDocumentOptions,
  customDocuments,
  mergedContent,
} from "../api/openapi/custom-content.ts";
import { buildV2Document, finish, writeV2Document, writeV3Document } from "../api/openapi/document.ts";
import { servedPaths } from "../api/openapi/served-paths.ts";
import { readSpecification } from "../api/openapi/specification.ts";
import { defaultRuntimeConfig, enabledResources } from "../api/runtime-config.ts";
import { loadTables } from "../api/schema/tables.ts";
import fixtures from "./fixtures/custom-resource-definitions.json" with { type: "json" };
import { buildSpecification, specificationText } from "./specification.ts";
import { structureOf } from "./structure.ts";

const definitions = fixtures as unknown as CustomResourceDefinition[];
const specification = readSpecification(specificationText(buildSpecification()));

function digest(document: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(structureOf(document)))
    .digest("hex")
    .slice(0, 16);
}

// The digests are those of what kube-apiserver 1.36.3 serves with the same definitions.
test("custom resources are described as upstream describes them", () => {
  const v3 = [...customDocuments(definitions)].sort().map(([key, ofKey]) => {
    const content = customContent(ofKey, specification, key.split("/")[2]);
    return [key, JSON.parse([...writeV3Document(content, customDocumentOptions)].join("")) as unknown];
  });
  expect(v3).toHaveLength(6);
  expect(digest(Object.fromEntries(v3))).toBe("452e947c616411af");

  const resources = enabledResources(loadTables().resources, {
    runtimeConfig: defaultRuntimeConfig(),
    gates: defaultFeatureGates(),
  });
  const builtIn = { ...specification, paths: servedPaths(specification.paths, resources) };
  const options = { info: { title: "Kubernetes", version: "1.36" }, cbor: false };
  const merged = mergedContent(builtIn, customContent(definitions, specification));
  const v2 = [...writeV2Document(finish(buildV2Document(merged, options)), options)].join("");
  expect(digest(JSON.parse(v2))).toBe("3a0f794756b47afc");
});

test("versions that are not served, and definitions that are not established, are not described", () => {
  expect(customDocuments(definitions).has("apis/example.com/v1alpha1")).toBe(false);
  const [first] = definitions;
  const pending = { ...first, status: {} } as CustomResourceDefinition;
  expect(customDocuments([pending]).size).toBe(0);
});
