import { expect, test } from "vitest";
import type { KubeObject } from "../api/object.ts";
import { KnownObjects } from "./known-objects.ts";

const object = (name: string, resourceVersion: string, uid = "u"): KubeObject => ({
  kind: "Thing",
  apiVersion: "v1",
  metadata: { name, uid, resourceVersion },
});

function known() {
  const changes: (readonly [string | undefined, string | undefined])[] = [];
  const version = (one: KubeObject | undefined) =>
    one && `${one.metadata.name}@${one.metadata.resourceVersion}`;
  const objects = new KnownObjects((now, before) => changes.push([version(now), version(before)]));
  return { objects, changes };
}

test("every change is told with what was known before", () => {
  const { objects, changes } = known();
  objects.replace([object("a", "1")]);
  objects.set(object("a", "2"));
  objects.replace([object("b", "3")]);
  objects.delete(object("b", "4"));
  expect(changes).toEqual([
    ["a@1", undefined],
    ["a@2", "a@1"],
    ["b@3", undefined],
    [undefined, "a@2"],
    [undefined, "b@4"],
  ]);
  expect([...objects.values()]).toEqual([]);
});

test("an own write is known before it is told, and not forgotten for an older state", () => {
  const { objects } = known();
  objects.replace([object("a", "1")]);
  objects.remember(object("a", "10"));
  objects.set(object("a", "9"));
  expect(objects.get("a")?.metadata.resourceVersion).toBe("10");
  objects.set(object("a", "5", "another"));
  expect(objects.get("a")?.metadata.resourceVersion).toBe("5");
});
