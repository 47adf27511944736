import { expect, test } from "vitest";
import type { AdmissionAttributes } from "./attributes.ts";
import { AdmissionChain, type AdmissionPlugin, type AdmissionRule } from "./chain.ts";

const write = (resource: string, subresource = "", operation = "CREATE") =>
  ({ operation, group: "", resource, subresource }) as AdmissionAttributes;

function noting(name: string, notes: string[], rule: Partial<AdmissionRule>): AdmissionPlugin {
  const note = (phase: string) => () => void notes.push(`${name} ${phase}`);
  const all = { operations: ["CREATE"], resources: "*" } as const;
  return { name, rules: [{ ...all, admit: note("admits"), validate: note("validates"), ...rule }] };
}

test("each phase runs the plug-ins that concern the write, in their order", async () => {
  const notes: string[] = [];
  const chain = new AdmissionChain([
    noting("pods", notes, { resources: ["pods"] }),
    noting("all", notes, {}),
    noting("updates", notes, { operations: ["UPDATE"] }),
    noting("resize", notes, { resources: ["pods/resize"] }),
    noting("late", notes, { resources: ["nodes", "pods"] }),
  ]);
  await chain.admit(write("pods"));
  await chain.validate(write("secrets"));
  await chain.admit(write("pods", "resize"));
  await chain.validate(write("pods", "", "UPDATE"));
  await chain.admit(write("pods", "", "DELETE"));
  expect(notes).toEqual([
    "pods admits",
    "all admits",
    "late admits",
    "all validates",
    "all admits",
    "resize admits",
    "updates validates",
  ]);
});
