/** The documents of a server with default flags, compressed at build time, so that a server only sends them. */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { defaultFeatureGates } from "../api/feature-gates.ts";
import {
  buildV2Document,
  type DocumentOptions,
  documentKey,
  finish,
  groupVersionsOfDocument,
  writeV2Document,
  writeV3Document,
} from "../api/openapi/document.ts";
import { v3FileName } from "../api/openapi/file-names.ts";
import { encodeV2Document } from "../api/openapi/gnostic-v2.ts";
import { servedPaths } from "../api/openapi/served-paths.ts";
import { readSpecification } from "../api/openapi/specification.ts";
import { defaultRuntimeConfig, enabledResources } from "../api/runtime-config.ts";
import type { ResourceInfo } from "../api/schema/types.ts";
import { type BuiltSpecification, specificationText } from "./specification.ts";

/** The release that the client package is made of. */
const VERSION = "1.36";

/** ETags of the documents, which are also the hashes in /openapi/v3. */
export interface DocumentIndex {
  version: string;
  v2: string;
  v3: Record<string, string>;
}

/** The files of generated/openapi/, by name. */
export function buildDocuments(
  built: BuiltSpecification,
  resources: readonly ResourceInfo[],
): Map<string, Uint8Array> {
  const text = specificationText(built);
  const specification = readSpecification(text);
  const options: DocumentOptions = { info: { title: "Kubernetes", version: VERSION }, cbor: false };
  const enabled = enabledResources(resources, {
    runtimeConfig: defaultRuntimeConfig(),
    gates: defaultFeatureGates(),
  });
  const content = { ...specification, paths: servedPaths(specification.paths, enabled) };
  const v2 = finish(buildV2Document(content, options));
  const json = [...writeV2Document(v2, options)].join("");
  const index: DocumentIndex = { version: VERSION, v2: etag(json), v3: {} };
  const files = new Map([
    ["specification.txt.gz", compress(text)],
    ["v2.json.gz", compress(json)],
    ["v2.pb.gz", compress(Buffer.concat([...encodeV2Document(v2, options)]))],
  ]);
  for (const [key, paths] of Map.groupBy(content.paths, documentKey)) {
    const groupVersions = groupVersionsOfDocument(key);
    const document = [...writeV3Document({ ...content, paths, groupVersions }, options)].join("");
    index.v3[key] = etag(document);
    files.set(v3FileName(key), compress(document));
  }
  return files.set("index.json", Buffer.from(JSON.stringify(index)));
}

function etag(document: string): string {
  return createHash("sha512").update(document).digest("hex").toUpperCase();
}

function compress(content: string | Uint8Array): Uint8Array {
  return gzipSync(content, { level: 9 });
}
