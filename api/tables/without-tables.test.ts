import { expect, test } from "vitest";
import { loadTables } from "../schema/tables.ts";
import { hasNoTable, withoutTables } from "./without-tables.ts";

test("most subresources have tables", () => {
  expect(hasNoTable({ group: "", resource: "pods" }, "resize")).toBe(true);
  expect(hasNoTable({ group: "", resource: "pods" }, "status")).toBe(false);
});

test("those without are subresources that there are", () => {
  const known = loadTables().resources.flatMap(({ group, resource, subresources }) =>
    [...subresources.keys()].map((name) => `${resource}.${group}/${name}`),
  );
  for (const one of withoutTables) expect(known).toContain(one);
});
