import { expect, test } from "vitest";
import { mutations } from "./mutations.ts";

const object = {
  apiVersion: "v1",
  kind: "X",
  metadata: { name: "a" },
  spec: { text: "x", list: [{ "a/b": 1 }] },
};

test("each value is left out, emptied and mistyped, one at a time", () => {
  const remarks = mutations(object).map(({ remark }) => remark);
  expect(remarks).toContain("spec.text = absent");
  expect(remarks).toContain('spec.text = ""');
  expect(remarks).toContain("spec.text = 7");
  expect(remarks).toContain("spec.list.0.a/b = -1");
  expect(remarks).toContain("spec = absent");
});

test("the object itself and its type and name stay as they are", () => {
  const before = JSON.stringify(object);
  for (const { object: changed } of mutations(object)) {
    expect(changed["metadata"]).toEqual(object.metadata);
    expect(JSON.stringify(changed)).not.toBe(before);
  }
  expect(JSON.stringify(object)).toBe(before);
});
