import { expect, test } from "vitest";
import { resourceAttributes } from "./resource-attributes.ts";

const user = { name: "u", groups: [] };
const query = new URLSearchParams({ fieldSelector: "spec.nodeName=a", labelSelector: "b=c" });
const asked = (verb: string, from: URLSearchParams | undefined = query) =>
  resourceAttributes(
    user,
    { verb, group: "", version: "v1", resource: "pods", subresource: "", namespace: "", name: "" },
    from,
  ).resource;

test("selectors count where collections are read or deleted", () => {
  for (const verb of ["list", "watch", "deletecollection"]) {
    expect(asked(verb)).toMatchObject({
      fieldSelector: [{ field: "spec.nodeName", operator: "=", value: "a" }],
      labelSelector: [{ key: "b", operator: "=", values: ["c"] }],
    });
  }
  expect(asked("get")).not.toHaveProperty("fieldSelector");
});

test("a selector that cannot be understood requires nothing, and by the old watch path none does", () => {
  expect(asked("list", new URLSearchParams({ fieldSelector: "a" }))?.fieldSelector).toEqual([]);
  const old = resourceAttributes(
    user,
    { verb: "watch", group: "", version: "v1", resource: "pods", subresource: "", namespace: "", name: "" },
    undefined,
  );
  expect(old.resource).not.toHaveProperty("fieldSelector");
});
