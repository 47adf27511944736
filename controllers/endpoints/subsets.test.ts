import { expect, test } from "vitest";
import type { EndpointAddress, EndpointPort } from "../../api/core-types.ts";
import { isOverCapacity, repackSubsets, truncated } from "./subsets.ts";

const address = (ip: string, uid?: string): EndpointAddress => ({
  ip,
  ...(uid === undefined ? {} : { targetRef: { kind: "Pod", uid } }),
});
const port = (number: number, name?: string): EndpointPort => ({
  ...(name === undefined ? {} : { name }),
  ...{ port: number, protocol: "TCP" as const },
});
const [a, b] = [address("10.0.0.1", "a"), address("10.0.0.2", "b")];

test("addresses that offer the same ports stand together, ports in the order of upstream's hashes", () => {
  const subsets = [a, b].flatMap((one) =>
    [port(80, "web"), port(443)].map((its) => ({ addresses: [one], ports: [its] })),
  );
  const ports = [port(443), { ...port(80, "web") }];
  expect(repackSubsets(subsets.reverse())).toEqual([{ addresses: [a, b], ports }]);
});

test("addresses with other ports or another readiness of a port stand apart", () => {
  const packed = repackSubsets([
    { addresses: [a], ports: [port(80)] },
    { addresses: [b], ports: [port(81)] },
  ]);
  expect(packed).toHaveLength(2);
  expect(packed).toContainEqual({ addresses: [b], ports: [port(81)] });
});

test("an address that is not ready in one place is not ready", () => {
  const packed = repackSubsets([
    { addresses: [a, b], ports: [port(80)] },
    { notReadyAddresses: [a], ports: [port(80)] },
  ]);
  expect(packed).toEqual([{ addresses: [b], notReadyAddresses: [a], ports: [port(80)] }]);
});

test("the same IP of two pods is two addresses; without ports they are kept", () => {
  const twin = address("10.0.0.1", "b");
  expect(repackSubsets([{ addresses: [twin] }, { addresses: [a] }])).toEqual([{ addresses: [a, twin] }]);
});

const many = (count: number, start: number) =>
  Array.from({ length: count }, (_, i) => address(`10.${start}.${i >> 8}.${i & 255}`));

test("more than a thousand addresses are truncated by shares, ready ones first", () => {
  const lengths = (subsets: ReturnType<typeof truncated>) =>
    subsets.map(({ addresses = [], notReadyAddresses = [] }) => [addresses.length, notReadyAddresses.length]);
  const full = [{ addresses: many(1000, 1), ports: [port(80)] }];
  expect(isOverCapacity(full)).toBe(false);
  const ready = [{ addresses: many(900, 1) }, { addresses: many(300, 2), notReadyAddresses: many(5, 3) }];
  expect(isOverCapacity(ready)).toBe(true);
  expect(lengths(truncated(ready))).toEqual([
    [750, 0],
    [250, 0],
  ]);
  const mixed = [
    { addresses: many(900, 1), notReadyAddresses: many(150, 2) },
    { notReadyAddresses: many(50, 3) },
  ];
  expect(lengths(truncated(mixed))).toEqual([
    [900, 75],
    [0, 25],
  ]);
});
