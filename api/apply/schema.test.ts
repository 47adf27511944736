import fc from "fast-check";
import { expect, test } from "vitest";
import { FieldMap, LazyField, type SchemaField, stringScalar } from "./schema.ts";

test("fields are found whatever comes before them, and what is no field is not", () => {
  const names = ["a", "b", "c", "d"];
  const map = new FieldMap(() => names.map((name) => new LazyField(name, () => stringScalar)), false);
  const drawn = fc.array(fc.constantFrom(...names, "x", "constructor"), { maxLength: 8 });
  fc.assert(
    fc.property(drawn, (members) => {
      let field: SchemaField | undefined;
      for (const name of members) {
        field = map.field(name, field);
        expect(field?.name).toBe(names.includes(name) ? name : undefined);
      }
    }),
  );
});
