/** The client's models: every object type of the release with its fields, as far as TypeScript shows them. */
import { commentText, readSource, unescapeQuotes } from "./source.ts";

export interface ClientField {
  /** Name in JSON. */
  name: string;
  /** The client's type, e.g. "Array<V1Container>". */
  type: string;
  /** The OpenAPI format, or "". */
  format: string;
  required: boolean;
  description: string | undefined;
}

export interface ClientModel {
  name: string;
  description: string;
  fields: ClientField[];
}

interface Attribute {
  name: string;
  baseName: string;
  type: string;
  format: string;
}

/** Reads the models that models/all.js names: the folder also holds stale files of older releases. */
export function readModels(): Map<string, ClientModel> {
  const models = new Map<string, ClientModel>();
  for (const [, name = ""] of readSource("models/all.js").matchAll(/models\/(\w+)\.js/g)) {
    if (!models.has(name)) models.set(name, readModel(name));
  }
  return models;
}

function readModel(name: string): ClientModel {
  const declaration = readSource(`models/${name}.d.ts`);
  const start = declaration.indexOf(`export declare class ${name}`);
  // A comment in column 1 is the model's; the file's own is indented.
  const [, comment] = declaration.slice(0, start).match(/^\/\*\*\n\*((?:(?!\/\*\*)[\s\S])*?)\*\/\s*$/m) ?? [];
  const declared = readDeclaredFields(declaration.slice(start));
  const fields = readAttributes(name).map(({ name: property, baseName, type, format }) => {
    const field = declared.get(property);
    if (!field) throw new Error(`client model ${name}: ${property} is not declared`);
    return { name: baseName, type, format, ...field };
  });
  return { name, description: unescapeQuotes(commentText(comment ?? "")), fields };
}

function readAttributes(name: string): Attribute[] {
  const source = readSource(`models/${name}.js`);
  const marker = ".attributeTypeMap = [";
  const start = source.indexOf(marker);
  if (start < 0) throw new Error(`client model ${name} has no attribute map`);
  return JSON.parse(source.slice(start + marker.length - 1, source.indexOf("];", start) + 1)) as Attribute[];
}

function readDeclaredFields(body: string): Map<string, Pick<ClientField, "required" | "description">> {
  const fields = new Map<string, Pick<ClientField, "required" | "description">>();
  const declaration = /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?^ {4}'([^']+)'(\?)?:/gm;
  for (const [, comment, name = "", optional] of body.matchAll(declaration)) {
    fields.set(name, {
      required: optional === undefined,
      description: comment === undefined ? undefined : unescapeQuotes(commentText(comment)),
    });
  }
  return fields;
}
