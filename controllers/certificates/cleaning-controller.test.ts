import { expect, test } from "vitest";
import type { SigningRequest } from "./certificate-requests.ts";
import { isOld } from "./cleaning-controller.ts";

const now = Date.UTC(2026, 0, 2);
const hoursAgo = (hours: number) => new Date(now - hours * 3_600_000).toISOString();

const request = (created: number, types: string[], at = created, certificate?: string) =>
  ({
    metadata: { name: "r", creationTimestamp: hoursAgo(created) },
    status: { certificate, conditions: types.map((type) => ({ type, lastUpdateTime: hoursAgo(at) })) },
  }) as unknown as SigningRequest;

test.each([
  ["pending for a day", request(24.1, []), true],
  ["pending for less", request(23.9, []), false],
  ["denied for an hour", request(9, ["Denied"], 1.1), true],
  ["denied just now", request(99, ["Denied"], 0.9), false],
  ["failed for an hour", request(9, ["Approved", "Failed"], 1.1), true],
  ["approved and not issued", request(23, ["Approved"]), false],
  ["approved and not issued for a day", request(24.1, ["Approved"]), true],
  ["issued an hour ago", request(9, ["Approved"], 1.1, "Zm9v"), true],
  ["issued just now", request(9, ["Approved"], 0.9, "Zm9v"), false],
])("%s", (_, request, expected) => expect(isOld(request, now)).toBe(expected));
