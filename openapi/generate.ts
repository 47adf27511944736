/**
 * Rebuilds the API's specification from the pinned client package and the facts that it lacks, and writes what the
 * server needs of it to openapi/generated/. Run by "npm run generate", and by npm after an install.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { buildSpecification } from "./specification.ts";
import { typeScriptTypes } from "./typescript-types.ts";

const OUTPUT = new URL("generated/", import.meta.url);

function write(name: string, content: string): void {
  writeFileSync(new URL(name, OUTPUT), content);
}

const specification = buildSpecification();
mkdirSync(OUTPUT, { recursive: true });
write("types.json", JSON.stringify(specification.types));
write("resources.json", JSON.stringify(specification.resources));
write("types.d.ts", await typeScriptTypes(specification.v3Schemas));
