import { expect, test } from "vitest";
import { inGoOrder } from "./go-order.ts";
import { loadTables } from "./tables.ts";

const pod = loadTables().kind("", "v1", "Pod")!;
const definition = loadTables().kind("apiextensions.k8s.io", "v1", "CustomResourceDefinition")!;
const text = (value: object) => JSON.stringify(value);

test("fields stand as in the struct, keys of maps are sorted, at any depth", () => {
  const object = {
    spec: {
      restartPolicy: "Always",
      nodeSelector: { b: "1", a: "2" },
      containers: [{ image: "i", resources: { requests: { memory: "1", cpu: "1" } }, name: "c" }],
    },
    metadata: { labels: { b: "1", B: "2" }, name: "a" },
    kind: "Pod",
  };
  const before = text(object);
  expect(text(inGoOrder(pod, object))).toBe(
    text({
      kind: "Pod",
      metadata: { name: "a", labels: { B: "2", b: "1" } },
      spec: {
        containers: [{ name: "c", image: "i", resources: { requests: { cpu: "1", memory: "1" } } }],
        restartPolicy: "Always",
        nodeSelector: { a: "2", b: "1" },
      },
    }),
  );
  expect(text(object)).toBe(before);
});

test("what is in order stays the same object", () => {
  const object = { kind: "Pod", apiVersion: "v1", metadata: { name: "a", labels: { a: "1", b: "2" } } };
  expect(inGoOrder(pod, object)).toBe(object);
});

test("schemas are ordered wherever they are, what they hold as values is not", () => {
  const schema = { properties: { b: { type: "x", format: "y" }, a: {} }, type: "object" };
  const wrapped = (openAPIV3Schema: object) => ({ spec: { versions: [{ schema: { openAPIV3Schema } }] } });
  const nested = { items: schema, default: { b: 1, a: 2 } };
  const ordered = { type: "object", properties: { a: {}, b: { type: "x", format: "y" } } };
  expect(text(inGoOrder(definition, wrapped(nested)))).toBe(
    text(wrapped({ default: { b: 1, a: 2 }, items: ordered })),
  );
});
