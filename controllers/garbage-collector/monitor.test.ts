import { expect, test } from "vitest";
import { resourcesToFollow } from "./monitor.ts";

const served = (group: string, resource: string, verbs = ["delete", "list", "watch"]) => ({
  ...{ group, version: "v1", resource, kind: "Kind", namespaced: true, verbs },
});

test("all that can be deleted and watched is followed, events are not", () => {
  const pods = served("", "pods");
  const resources = [pods, served("", "bindings", ["create"]), served("", "events")];
  expect(resourcesToFollow({ resources, failed: [] }, [])).toEqual([pods]);
});

test("what a group has is still followed while its server does not answer, and not when it is gone", () => {
  const before = [served("lost.example.com", "things"), served("gone.example.com", "things")];
  const followed = resourcesToFollow({ resources: [], failed: ["lost.example.com/v1"] }, before);
  expect(followed).toEqual([before[0]]);
});
