import fc from "fast-check";
import { expect, test } from "vitest";
import { orderOf } from "./key-order.ts";

const key = fc.string({ unit: "binary", maxLength: 12 });

test("orders compare as the UTF-8 bytes of their keys do", () => {
  fc.assert(
    fc.property(key, key, (a, b) => {
      const [x, y] = [orderOf(a), orderOf(b)];
      const natively = x < y ? -1 : x > y ? 1 : 0;
      expect(natively).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
    }),
  );
});

test("the order of a prefix is a prefix of the order", () => {
  fc.assert(fc.property(key, key, (a, b) => orderOf(a + b).startsWith(orderOf(a))));
});
