import { expect, test } from "vitest";
import { intValue, parseIntOrString, scaledIntOrPercent } from "./int-or-string.ts";

test("a string counts as the number that it spells", () => {
  expect(intValue(80)).toBe(80);
  expect(intValue("80")).toBe(80);
  expect(intValue("http")).toBe(0);
});

test("percentages are scaled and rounded as asked", () => {
  expect(scaledIntOrPercent("25%", 10, true)).toBe(3);
  expect(scaledIntOrPercent("25%", 10, false)).toBe(2);
  expect(scaledIntOrPercent(4, 10, true)).toBe(4);
});

test("strings that are no percentage are refused in upstream's words", () => {
  expect(() => scaledIntOrPercent("4", 10, true)).toThrow(
    "invalid value for IntOrString: invalid type: string is not a percentage",
  );
  expect(() => scaledIntOrPercent("x%", 10, true)).toThrow(
    'invalid value for IntOrString: invalid value "x%": strconv.Atoi: parsing "x": invalid syntax',
  );
});

test("text becomes a number where it is an int32", () => {
  expect(parseIntOrString("80")).toBe(80);
  expect(parseIntOrString("2147483648")).toBe("2147483648");
  expect(parseIntOrString("http")).toBe("http");
});
