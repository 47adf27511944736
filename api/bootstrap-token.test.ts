import { expect, test } from "vitest";
import { timeLeft } from "./bootstrap-token.ts";

const now = Date.UTC(2026, 0, 1);
const left = (expiration: string) =>
  timeLeft({ metadata: {}, data: { expiration: Buffer.from(expiration).toString("base64") } }, now);

test("a token without an expiration is never over, one that cannot be read is", () => {
  expect(timeLeft({ metadata: {} }, now)).toBeUndefined();
  expect(left("2026-01-01T00:00:05Z")).toBe(5000);
  expect(left("2026-01-01T02:00:00+02:00")).toBe(0);
  expect(left("tomorrow")).toBe(0);
});
