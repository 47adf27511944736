import fc from "fast-check";
import { expect, test } from "vitest";
import { Folders } from "./folders.ts";

const key = fc
  .array(fc.constantFrom("a", "b", "ab"), { minLength: 1, maxLength: 4 })
  .map((parts) => `/${parts.join("/")}`);

test("a folder is empty when no key begins with it", () => {
  const operations = fc.array(fc.record({ key, adds: fc.boolean() }), { maxLength: 40 });
  fc.assert(
    fc.property(operations, key, (steps, asked) => {
      const folders = new Folders();
      const keys = new Set<string>();
      for (const step of steps) {
        if (step.adds === keys.has(step.key)) continue;
        if (step.adds) folders.add(step.key);
        else folders.delete(step.key);
        if (step.adds) keys.add(step.key);
        else keys.delete(step.key);
      }
      const prefix = `${asked}/`;
      expect(folders.isEmpty(prefix)).toBe(![...keys].some((one) => one.startsWith(prefix)));
      expect(folders.isEmpty("/")).toBe(keys.size === 0);
    }),
  );
});

test("of a prefix that is no folder nothing is known", () => {
  expect(new Folders().isEmpty("/a")).toBe(false);
});
