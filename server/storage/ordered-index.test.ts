import fc from "fast-check";
import { expect, test } from "vitest";
import { OrderedIndex } from "./ordered-index.ts";

interface Item {
  order: string;
}

function ordersIn(index: OrderedIndex<Item>, prefix: string, after?: string): string[] {
  const orders: string[] = [];
  index.visit(index.range(prefix, after), ({ order }) => orders.push(order) > 0);
  return orders;
}

test("ranges and counts are those of a sorted array, whatever was inserted and deleted", () => {
  const order = fc.string({ unit: fc.constantFrom("a", "b", "/"), maxLength: 4 });
  const change = fc.record({ insert: fc.boolean(), order });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 300 }), order, fc.option(order), (changes, prefix, after) => {
      const index = new OrderedIndex<Item>();
      const expected = new Set<string>();
      for (const { insert, order } of changes) {
        if (!insert) index.delete(order);
        else if (!expected.has(order)) index.insert({ order });
        if (insert) expected.add(order);
        else expected.delete(order);
      }
      const sorted = [...expected].sort();
      const inRange = sorted.filter((order) => order.startsWith(prefix) && (after === null || order > after));
      expect(index.size).toBe(expected.size);
      expect(ordersIn(index, prefix, after ?? undefined)).toEqual(inRange);
    }),
  );
});

test("thousands of items stay in order, inserted upwards, downwards or mixed, and half of them deleted", () => {
  const count = 5000;
  const name = (number: number) => String(number).padStart(5, "0");
  for (const position of [
    (i: number) => i,
    (i: number) => count - 1 - i,
    (i: number) => (i * 7919) % count,
  ]) {
    const index = new OrderedIndex<Item>();
    for (let i = 0; i < count; i++) index.insert({ order: name(position(i)) });
    expect(ordersIn(index, "")).toEqual(Array.from({ length: count }, (_, i) => name(i)));
    for (let i = 0; i < count; i += 2) index.delete(name(position(i)));
    expect(index.size).toBe(count / 2);
    expect(ordersIn(index, "")).toHaveLength(count / 2);
    expect(index.range("0123")).toMatchObject({
      end: index.range("0123").from + ordersIn(index, "0123").length,
    });
  }
});

test("a visit ends where the visitor wants", () => {
  const index = new OrderedIndex<Item>();
  for (const order of ["a", "b", "c"]) index.insert({ order });
  const seen: string[] = [];
  index.visit(index.range(""), ({ order }) => seen.push(order) < 2);
  expect(seen).toEqual(["a", "b"]);
});
