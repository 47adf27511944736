import { expect, test } from "vitest";
import { timestamp, timestampAt } from "./clock.ts";
import { ManualClock } from "./manual-clock.ts";

test("a time stamp is the second that it is, of each clock", () => {
  const [clock, other] = [new ManualClock(), new ManualClock()];
  expect(timestamp(clock)).toBe("2026-01-01T00:00:00Z");
  clock.advance(999);
  expect(timestamp(clock)).toBe("2026-01-01T00:00:00Z");
  clock.advance(1);
  expect(timestamp(clock)).toBe("2026-01-01T00:00:01Z");
  expect(timestamp(other)).toBe("2026-01-01T00:00:00Z");
  expect(timestampAt(59_999)).toBe("1970-01-01T00:00:59Z");
});
