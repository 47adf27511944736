import { expect, test } from "vitest";
import { readPodSecurityConfiguration } from "./configuration.ts";

const own = { apiVersion: "pod-security.admission.config.k8s.io/v1", kind: "PodSecurityConfiguration" };

test("what is not said is privileged, in its newest version", () => {
  const exemptions = { namespaces: ["kube-system"] };
  expect(
    readPodSecurityConfiguration({
      ...own,
      defaults: { enforce: "baseline", "warn-version": "v1.30" },
      exemptions,
    }),
  ).toEqual({
    defaults: {
      enforce: { level: "baseline", minor: Infinity },
      warn: { level: "privileged", minor: 30 },
      audit: { level: "privileged", minor: Infinity },
    },
    exemptions: { namespaces: ["kube-system"], runtimeClasses: [], usernames: [] },
  });
});

test("what cannot be meant is named", () => {
  const problem = (more: object) => () => readPodSecurityConfiguration({ ...own, ...more });
  expect(problem({ kind: "Other" })).toThrow('no kind "Other" is known for version');
  expect(problem({ defaults: { enforce: "x" } })).toThrow(
    'defaults.enforce: Invalid value: "x": must be one of privileged, baseline, restricted',
  );
  expect(problem({ defaults: { "audit-version": "1.2" } })).toThrow(
    'defaults.audit-version: Invalid value: "1.2"',
  );
  expect(problem({ exemptions: { usernames: [""] } })).toThrow("exemptions.usernames[0]");
  expect(problem({ exemptions: { namespaces: ["a", "a"] } })).toThrow(
    'exemptions.namespaces[1]: Duplicate value: "a"',
  );
  expect(problem({ exemptions: { runtimeClasses: ["A_"] } })).toThrow(
    "exemptions.runtimeClasses[0]: Invalid value",
  );
});
