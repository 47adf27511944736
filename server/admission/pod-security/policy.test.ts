import { expect, test } from "vitest";
import { compareLevels, levelText, policyOf, prefix } from "./policy.ts";

const privileged = { level: "privileged", minor: Infinity } as const;
const none = { enforce: privileged, audit: privileged, warn: privileged };
const of = (labels: Record<string, string>, defaults = none) => {
  const { policy, errors } = policyOf(
    Object.fromEntries(Object.entries(labels).map(([key, value]) => [prefix + key, value])),
    defaults,
  );
  const { enforce, audit, warn } = policy;
  return {
    policy: [enforce, audit, warn].map(levelText).join(" "),
    errors: errors.map(({ field, body }) => `${field}: ${body}`),
  };
};

test("labels name level and version of each mode; who is refused is warned", () => {
  expect(of({}).policy).toBe("privileged:latest privileged:latest privileged:latest");
  expect(of({ enforce: "baseline", "enforce-version": "v1.20" }).policy).toBe(
    "baseline:v1.20 privileged:latest baseline:v1.20",
  );
  expect(of({ enforce: "baseline", warn: "privileged" }).policy).toBe(
    "baseline:latest privileged:latest privileged:latest",
  );
  expect(of({ enforce: "restricted", audit: "baseline", "warn-version": "v1.3" }).policy).toBe(
    "restricted:latest baseline:latest restricted:v1.3",
  );
});

test("wrong labels are named, and count as the strictest or as none", () => {
  const labels = {
    enforce: "strict",
    audit: "x",
    warn: "y",
    "enforce-version": "1.2",
    "warn-version": "v1.03",
  };
  const problem = (label: string, value: string, what: string) =>
    `metadata.labels[${prefix}${label}]: Invalid value: "${value}": ${what}`;
  const level = "must be one of privileged, baseline, restricted";
  const version = 'must be "latest" or "v1.x"';
  expect(of(labels)).toEqual({
    policy: "restricted:latest privileged:latest privileged:latest",
    errors: [
      problem("enforce", "strict", level),
      problem("enforce-version", "1.2", version),
      problem("audit", "x", level),
      problem("warn", "y", level),
      problem("warn-version", "v1.03", version),
    ],
  });
});

test("levels have an order", () => {
  expect(compareLevels("baseline", "restricted")).toBeLessThan(0);
  expect(compareLevels("baseline", "baseline")).toBe(0);
  expect(compareLevels("restricted", "privileged")).toBeGreaterThan(0);
});
