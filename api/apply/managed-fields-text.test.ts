import { expect, test } from "vitest";
import { stringifyJson } from "../json.ts";
import type { JsonObject, ManagedFieldsEntry } from "../object.ts";
import { managedFieldsText } from "./managed-fields-text.ts";
import { readFieldSet } from "./read-field-set.ts";

test("the text of managedFields is their JSON", () => {
  const fieldsV1 = () => ({ "f:metadata": { "f:labels": { ".": {}, "f:<a>": {} } } });
  const entries: ManagedFieldsEntry[] = [
    { manager: "<me>", operation: "Update", apiVersion: "v1", fieldsType: "FieldsV1", fieldsV1: fieldsV1() },
    { operation: "Apply", fieldsV1: readFieldSet(fieldsV1()) as JsonObject, subresource: "status" },
    { manager: "none", subresource: "scale" },
    { fieldsV1: {} },
    {},
  ];
  for (let times = 0; times < 2; times++) {
    expect(managedFieldsText(entries)).toBe(stringifyJson(entries));
    for (const entry of entries) expect(managedFieldsText([entry])).toBe(stringifyJson([entry]));
  }
});
