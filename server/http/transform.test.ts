import { expect, test } from "vitest";
import { defaultFeatureGates } from "../../api/feature-gates.ts";
import { describeColumn } from "../../api/tables/describe-column.ts";
import { tableOf } from "../../api/tables/tables.ts";
import { wholeTable } from "./transform.ts";

test.each([
  ["LimitRange", null],
  ["Pod", []],
])("a table of no %s has %j for rows", (kind, rows) => {
  const source = {
    definition: tableOf("", kind),
    version: "v1" as const,
    options: { includeObject: "Metadata" as const },
    context: { now: 0, gates: defaultFeatureGates() },
    describe: describeColumn,
    spoken: (object: never) => object,
  };
  expect(wholeTable(source, {}, [])["rows"]).toEqual(rows);
});
