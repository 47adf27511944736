/**
 * Rebuilds the API's specification from the pinned client package and the facts that it lacks, and writes what the
 * server needs of it to openapi/generated/. Run by "npm run generate", and by npm after an install.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { columnDocs } from "./column-docs.ts";
import { buildSpecification } from "./specification.ts";
import { typeScriptTypes } from "./typescript-types.ts";

const OUTPUT = new URL("generated/", import.meta.url);

function write(name: string, content: string | Uint8Array): void {
  writeFileSync(new URL(name, OUTPUT), content);
}

const specification = buildSpecification();
mkdirSync(OUTPUT, { recursive: true });
write("types.json", JSON.stringify(specification.types));
write("resources.json", JSON.stringify(specification.resources));
write("types.d.ts", await typeScriptTypes(specification.v3Schemas));

// Not before the tables are there: these modules read them.
const { loadTables } = await import("../api/schema/tables.ts");
const { describedFields } = await import("../api/tables/tables.ts");
write("column-docs.json", JSON.stringify(columnDocs(specification, describedFields())));
const { buildDocuments } = await import("./documents.ts");
rmSync(new URL("openapi/", OUTPUT), { recursive: true, force: true });
mkdirSync(new URL("openapi/v3/", OUTPUT), { recursive: true });
for (const [name, content] of buildDocuments(specification, loadTables().resources)) {
  write(`openapi/${name}`, content);
}
