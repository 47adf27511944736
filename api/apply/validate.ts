/** Whether a value fits its schema, in upstream's words. Source: structured-merge-diff/v6/typed/validate.go. */
import { goQuote } from "../go-format.ts";
import type { JsonObject, JsonValue } from "../object.ts";
import { goTypeName, goValue } from "../patch/go-value.ts";
import { ApplyTypeError, canHaveElement, itemElement, sameItem } from "./list-items.ts";
import { elementText, fieldElement } from "./path-element.ts";
import type { ListSchema, MapSchema, Schema, SchemaField } from "./schema.ts";
import { isEmptyMap, shapeOf } from "./shape.ts";

export interface ValidationOptions {
  /** Lists that should be sets may hold an item twice: live objects do. */
  allowDuplicates: boolean;
}

interface Problem {
  path: string;
  message: string;
}

/** @throws ApplyTypeError that names everything that does not fit */
export function validate(object: JsonObject, schema: Schema, options: ValidationOptions): void {
  if (fits(object, schema, options)) return;
  const validation = new Validation(options);
  validation.value(object, schema, []);
  const { problems } = validation;
  if (problems.length === 0) return;
  const texts = problems.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
  throw new ApplyTypeError(
    texts.length === 1 ? texts[0] : ["errors:", ...texts.map((text) => `  ${text}`)].join("\n"),
  );
}

/** The same without looking for the place: nearly everything fits. */
function fits(value: JsonValue, schema: Schema, options: ValidationOptions): boolean {
  if (value === null) return true;
  if (typeof value !== "object") {
    return shapeOf(value, schema) === "scalar" && scalars[schema.scalar!].accepts(value);
  }
  if (Array.isArray(value)) return schema.list !== undefined && fitsList(value, schema.list, options);
  const { map } = schema;
  if (map === undefined) return false;
  let field: SchemaField | undefined;
  for (const name in value) {
    field = map.field(name, field);
    const type = field === undefined ? map.element : field.schema;
    if (type === undefined || !fits(value[name]!, type, options)) return false;
  }
  return true;
}

function fitsList(items: readonly JsonValue[], list: ListSchema, options: ValidationOptions): boolean {
  for (const item of items) if (!fits(item, list.items, options)) return false;
  if (list.atomic) return true;
  for (const item of items) if (!canHaveElement(item, list)) return false;
  return options.allowDuplicates || areDistinct(items, list);
}

/** Lists this short are searched without making the path elements. */
const shortList = 8;

function areDistinct(items: readonly JsonValue[], list: ListSchema): boolean {
  if (items.length > shortList)
    return new Set(items.map((item) => itemElement(item, list))).size === items.length;
  for (let i = 1; i < items.length; i++) {
    for (let j = 0; j < i; j++) if (sameItem(items[i]!, items[j]!, list)) return false;
  }
  return true;
}

class Validation {
  readonly problems: Problem[] = [];
  readonly #allowDuplicates: boolean;

  constructor({ allowDuplicates }: ValidationOptions) {
    this.#allowDuplicates = allowDuplicates;
  }

  value(value: JsonValue, schema: Schema, path: string[]): void {
    // Null fits every type.
    if (value === null) return;
    const shape = shapeOf(value, schema);
    if (shape === "map") this.#map(value, schema.map!, path);
    else if (shape === "list") this.#list(value, schema.list!, path);
    else this.#scalar(value, schema.scalar, path);
  }

  #scalar(value: JsonValue, scalar: Schema["scalar"], path: string[]): void {
    const fits = scalars[scalar ?? "untyped"];
    if (!fits.accepts(value)) this.#report(path, fits.complaint(value));
  }

  #list(value: JsonValue, list: ListSchema, path: string[]): void {
    if (!Array.isArray(value)) {
      this.#report(path, `expected list, got ${goPointer(value)}`);
      return;
    }
    const seen = new Set<string>();
    for (const [index, item] of value.entries()) {
      let element = `i:${index}`;
      if (!list.atomic) {
        try {
          element = itemElement(item, list);
        } catch (error) {
          if (!(error instanceof ApplyTypeError)) throw error;
          this.#report(path, `element ${index}: ${error.message}`);
          return;
        }
        if (seen.has(element) && !this.#allowDuplicates) {
          this.#report(path, `duplicate entries for key ${elementText(element)}`);
        }
        seen.add(element);
      }
      this.#below(element, item, list.items, path);
    }
  }

  #map(value: JsonValue, map: MapSchema, path: string[]): void {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.#report(path, `expected map, got ${goPointer(value)}`);
      return;
    }
    if (isEmptyMap(value)) return;
    for (const name of Object.keys(value)) {
      const schema = map.field(name)?.schema ?? map.element;
      if (schema === undefined) {
        this.#report([...path, fieldElement(name)], "field not declared in schema");
        return;
      }
      this.#below(fieldElement(name), value[name]!, schema, path);
    }
  }

  #below(element: string, value: JsonValue, schema: Schema, path: string[]): void {
    path.push(element);
    this.value(value, schema, path);
    path.pop();
  }

  #report(path: readonly string[], message: string): void {
    this.problems.push({ path: path.map(elementText).join(""), message });
  }
}

const isNumber = (value: JsonValue): boolean => typeof value === "number" || typeof value === "bigint";

const scalars: Record<
  NonNullable<Schema["scalar"]>,
  { accepts: (value: JsonValue) => boolean; complaint: (value: JsonValue) => string }
> = {
  numeric: {
    accepts: isNumber,
    complaint: (value) => `expected numeric (int or float), got ${goTypeName(value)}`,
  },
  string: {
    accepts: (value) => typeof value === "string",
    complaint: (value) => `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`,
  },
  boolean: {
    accepts: (value) => typeof value === "boolean",
    complaint: (value) => `expected boolean, got ${goPointer(value)}`,
  },
  untyped: {
    accepts: (value) => typeof value !== "object",
    complaint: (value) => `expected any scalar, got ${goPointer(value)}`,
  },
};

/** Go prints the wrapper that holds the value. */
const goPointer = (value: JsonValue): string => `&{${goValue(value)}}`;

/** fmt's %#v of an unmarshalled JSON value. */
function goSyntax(value: JsonValue): string {
  if (value === null) return "interface {}(nil)";
  if (typeof value === "string") return goQuote(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(", ")}}`;
  if (typeof value !== "object") return goValue(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${goQuote(key)}:${goSyntax(value[key]!)}`);
  return `map[string]interface {}{${members.join(", ")}}`;
}
