import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** The files that openapi/generate.ts writes for this server. */
export interface OpenApiFiles {
  read(name: string): Promise<Uint8Array>;
}

/**
 * Beside the bundle, or where the generator puts them when run from the sources. They are read when somebody asks
 * for a document: most servers are stopped before anybody does.
 */
export function generatedOpenApiFiles(): OpenApiFiles {
  const beside = new URL("openapi/", import.meta.url);
  const folder = existsSync(fileURLToPath(new URL("index.json", beside)))
    ? beside
    : new URL("../../openapi/generated/openapi/", import.meta.url);
  return { read: (name) => readFile(new URL(name, folder)) };
}
