import { expect, test } from "vitest";
import type { Definitions } from "../api/openapi/schema.ts";
import { lookUp, propertiesOf, structsOf } from "./fact-tables.ts";

const definitions: Definitions = {
  "io.k8s.api.core.v1.Pod": { properties: { spec: { type: "object" }, status: { type: "object" } } },
  "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta": { properties: { name: { type: "string" } } },
};

test("a line names a struct and its fields", () => {
  const table = `
    core.v1.Pod spec status
    meta.v1.ObjectMeta name`;
  expect(propertiesOf(table, definitions).map(({ property }) => property)).toEqual([
    "spec",
    "status",
    "name",
  ]);
  expect(structsOf("core.v1 Pod", definitions)).toEqual([definitions["io.k8s.api.core.v1.Pod"]]);
});

test("a fact about something that is not there fails the build", () => {
  expect(() => propertiesOf("core.v1.Pod spec nosuch", definitions)).toThrow(
    "missing field core.v1.Pod.nosuch",
  );
  expect(() => propertiesOf("core.v1.Nosuch spec", definitions)).toThrow("missing struct core.v1.Nosuch");
  expect(() => lookUp("apps.v1.Pod", definitions)).toThrow("missing struct apps.v1.Pod");
});
