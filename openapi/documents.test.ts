import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { parseFeatureGates } from "../api/feature-gates.ts";
import {
  buildV2Document,
  documentKey,
  finish,
  groupVersionsOfDocument,
  writeV2Document,
  writeV3Document,
} from "../api/openapi/document.ts";
import { v3FileName } from "../api/openapi/file-names.ts";
import { servedPaths } from "../api/openapi/served-paths.ts";
import { readSpecification } from "../api/openapi/specification.ts";
import { enabledResources, parseRuntimeConfig } from "../api/runtime-config.ts";
import { loadTables } from "../api/schema/tables.ts";
import { buildDocuments, type DocumentIndex } from "./documents.ts";
import { buildSpecification, specificationText } from "./specification.ts";
import { structureOf } from "./structure.ts";

const { resources } = loadTables();
const built = buildSpecification();

function digest(document: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(structureOf(document)))
    .digest("hex")
    .slice(0, 16);
}

// The digests are those of the documents that kube-apiserver 1.36.3 serves with the same flags.
test("the compressed documents have the structure of what upstream serves by default", () => {
  const files = buildDocuments(built, resources);
  const text = (name: string): string => {
    const file = files.get(name);
    if (!file) throw new Error(`no file ${name}`);
    return gunzipSync(file).toString();
  };
  const index = JSON.parse(Buffer.from(files.get("index.json") ?? "").toString()) as DocumentIndex;
  const v3 = Object.keys(index.v3)
    .sort()
    .map((key) => [key, JSON.parse(text(v3FileName(key))) as unknown]);
  expect(digest(JSON.parse(text("v2.json.gz")))).toBe("740cb01d5455a552");
  expect(v3).toHaveLength(47);
  expect(digest(Object.fromEntries(v3))).toBe("68cffc734f3917f7");
  const etag = createHash("sha512").update(text("v2.json.gz")).digest("hex").toUpperCase();
  expect(index.v2).toBe(etag);
});

test.each([
  ["--runtime-config=api/all=true", "", "81c9bff032948795", "70fb3eb4f8ed84c1"],
  ["and with all feature gates on", "AllAlpha=true,AllBeta=true", "e6d990c92c6a2276", "572423679b4c2656"],
])("what is put together for other flags has upstream's structure: %s", (_, flag, v2Digest, v3Digest) => {
  const specification = readSpecification(specificationText(built));
  const gates = parseFeatureGates(flag);
  const enabled = enabledResources(resources, { runtimeConfig: parseRuntimeConfig("api/all=true"), gates });
  const content = { ...specification, paths: servedPaths(specification.paths, enabled) };
  const info = { title: "Kubernetes", version: "1.36" };
  const options = { info, cbor: gates.enabled("CBORServingAndStorage") };
  const v2 = [...writeV2Document(finish(buildV2Document(content, options)), options)].join("");
  expect(digest(JSON.parse(v2))).toBe(v2Digest);
  const v3 = [...Map.groupBy(content.paths, documentKey)].sort().map(([key, paths]) => {
    const document = writeV3Document(
      { ...content, paths, groupVersions: groupVersionsOfDocument(key) },
      options,
    );
    return [key, JSON.parse([...document].join("")) as unknown];
  });
  expect(digest(Object.fromEntries(v3))).toBe(v3Digest);
});
