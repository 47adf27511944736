import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  buildV2Document,
  contentWithoutEnums,
  type DocumentOptions,
  documentKey,
  finish,
  groupVersionsOfDocument,
  writeV2Document,
  writeV3Document,
} from "../api/openapi/document.ts";
import { definitionV2 } from "../api/openapi/schemas.ts";
import { readSpecification } from "../api/openapi/specification.ts";
import { buildSpecification, specificationText } from "./specification.ts";
import { descriptionsOf, structureOf } from "./structure.ts";

const built = buildSpecification();
const specification = contentWithoutEnums(readSpecification(specificationText(built)));
/** As upstream wrote the documents that it keeps in its repository: everything on, no enums. */
const options: DocumentOptions = { info: { title: "Kubernetes", version: "unversioned" }, cbor: true };

const v2 = JSON.parse(
  [...writeV2Document(finish(buildV2Document(specification, options)), options)].join(""),
) as {
  paths: Record<string, Record<string, unknown>>;
  definitions: Record<string, { properties?: object }>;
};

const v3 = new Map(
  [...Map.groupBy(specification.paths, documentKey)].map(([key, paths]) => {
    const groupVersions = groupVersionsOfDocument(key);
    return [
      key,
      JSON.parse(
        [...writeV3Document({ ...specification, paths, groupVersions }, options)].join(""),
      ) as unknown,
    ];
  }),
);

function digest(document: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(structureOf(document)))
    .digest("hex")
    .slice(0, 16);
}

// The digests were taken where the comparison with the Go module, below, held.
describe("the specification that is rebuilt from the client package", () => {
  test("has as many parts as upstream's", () => {
    const operations = Object.values(v2.paths).flatMap((item) =>
      Object.keys(item).filter((key) => key !== "parameters"),
    );
    const properties = Object.values(v2.definitions).flatMap((one) => Object.keys(one.properties ?? {}));
    expect({
      paths: Object.keys(v2.paths).length,
      operations: operations.length,
      definitions: Object.keys(v2.definitions).length,
      properties: properties.length,
      documents: v3.size,
    }).toEqual({ paths: 562, operations: 1123, definitions: 771, properties: 3137, documents: 64 });
  });

  test("has upstream's structure", () => {
    expect(digest(v2)).toBe("e1936fa9a8a7ec10");
    expect(digest(Object.fromEntries([...v3].sort()))).toBe("f8c2843c09c200a7");
  });

  test("describes all that upstream describes", () => {
    const undescribed = Object.entries(built.definitions).flatMap(
      ([name, { description, properties = {} }]) => [
        ...(description === undefined ? [name] : []),
        ...Object.entries(properties).flatMap(([key, schema]) =>
          schema.description ? [] : [`${name}.${key}`],
        ),
      ],
    );
    expect(undescribed).toHaveLength(51);
  });

  test("says in its v2 definitions what it says in its v3 schemas", () => {
    for (const [name, schema] of Object.entries(built.v3Schemas)) {
      expect(definitionV2(name, schema)).toEqual(built.definitions[name]);
    }
  });
});

const specFolder = goModuleFolder();

function goModuleFolder(): string | undefined {
  try {
    const cache = execFileSync("go", ["env", "GOMODCACHE"], { encoding: "utf8" }).trim();
    const folder = `${cache}/k8s.io/kubernetes@v1.36.3/api/openapi-spec`;
    return existsSync(folder) ? folder : undefined;
  } catch {
    return undefined;
  }
}

describe.skipIf(specFolder === undefined)("compared with the documents in the Go module", () => {
  const read = (file: string): unknown => JSON.parse(readFileSync(`${specFolder}/${file}`, "utf8"));

  test("the v2 document has the same structure", () => {
    expect(structureOf(v2)).toEqual(structureOf(read("swagger.json")));
  });

  test("the v3 documents are the same ones, with the same structure", () => {
    const files = readdirSync(`${specFolder}/v3`).sort();
    expect([...v3.keys()].map((key) => `${key.replaceAll("/", "__")}_openapi.json`).sort()).toEqual(files);
    for (const [key, document] of v3) {
      const file = `v3/${key.replaceAll("/", "__")}_openapi.json`;
      expect(digest(document), key).toBe(digest(read(file)));
    }
  });

  test("few descriptions are in our own words", () => {
    const [ours, theirs] = [descriptionsOf(v2), descriptionsOf(read("swagger.json"))];
    expect([...ours.keys()].sort()).toEqual([...theirs.keys()].sort());
    const different = [...ours].filter(([path, text]) => theirs.get(path) !== text);
    expect(different).toHaveLength(65);
  });
});
