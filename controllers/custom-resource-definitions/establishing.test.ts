import { expect, test } from "vitest";
import type { CustomResourceDefinition } from "../../api/custom/definition.ts";
import { establish } from "./establishing.ts";

const now = "2026-01-01T00:00:00Z";

function definition(caBundle: string): CustomResourceDefinition {
  return {
    spec: { conversion: { strategy: "Webhook", webhook: { clientConfig: { caBundle } } } },
    status: { conditions: [{ type: "NamesAccepted", status: "True" }] },
  } as unknown as CustomResourceDefinition;
}

const last = (one: CustomResourceDefinition | undefined) => one?.status.conditions?.at(-1);

test("a definition with accepted names becomes established, once", () => {
  const next = establish(definition(""), now);
  expect(last(next)).toMatchObject({
    type: "Established",
    status: "True",
    reason: "InitialNamesAccepted",
    lastTransitionTime: now,
  });
  expect(establish(next!, now)).toBeUndefined();
});

test("one whose webhook cannot be trusted does not", () => {
  const next = establish(definition("eA=="), now);
  expect(last(next)).toMatchObject({ type: "Established", status: "False", reason: "InvalidCABundle" });
  expect(establish(next!, now)).toBeUndefined();
});
