import { describe, expect, it } from "vitest";
import { defaultFeatureGates } from "../feature-gates.ts";
import type { KubeObject } from "../object.ts";
import { tableOf } from "./tables.ts";
import rows from "./upstream-cells.json" with { type: "json" };

/** What kube-apiserver 1.36.3 shows of objects; null where it tells an age. */
interface Row {
  group: string;
  kind: string;
  columns: string[];
  object: unknown;
  cells: unknown[];
}

const answers = rows as unknown as Row[];
const context = { now: Date.parse("2026-11-21T10:05:00Z"), gates: defaultFeatureGates() };
const nameOf = ({ object }: Row) => (object as KubeObject).metadata.name;

describe("shows as upstream does", () => {
  it.each(answers.map((row) => [`${row.kind} ${nameOf(row)}`, row] as const))("%s", (_, row) => {
    const table = tableOf(row.group, row.kind);
    const object = structuredClone(row.object) as KubeObject;
    object.metadata.creationTimestamp = "2026-11-21T10:00:00Z";
    const cells = JSON.parse(JSON.stringify(table.row(object, context))) as unknown[];
    expect(table.columns.map(({ name }) => name)).toEqual(row.columns);
    expect(cells.map((cell, index) => (row.cells[index] === null ? null : cell))).toEqual(row.cells);
  });

  it("ages since their creation", () => {
    const metadata = { name: "a", creationTimestamp: "2026-11-21T10:00:00Z" };
    expect(tableOf("", "ConfigMap").row({ metadata, data: { a: "" } } as KubeObject, context)).toEqual([
      "a",
      1,
      "5m",
    ]);
  });
});
