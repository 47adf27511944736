import { expect, test } from "vitest";
import { requestInfo } from "./request-info.ts";

const info = (method: string, path: string, query = "") =>
  requestInfo(method, path, new URLSearchParams(query));

test.each([
  ["GET", "/api/v1/pods", { verb: "list", group: "", version: "v1", resource: "pods", namespace: "" }],
  ["GET", "//api/v1/namespaces/n/pods/p/", { verb: "get", resource: "pods", namespace: "n", name: "p" }],
  ["PUT", "/api/v1/namespaces/n/pods/p/status", { verb: "update", subresource: "status", rest: [] }],
  ["POST", "/api/v1/namespaces/n/pods/p/proxy/a//b", { subresource: "proxy", rest: ["a", "", "b"] }],
  ["GET", "/api/v1/namespaces/n", { resource: "namespaces", namespace: "n", name: "n" }],
  ["PUT", "/api/v1/namespaces/n/finalize", { resource: "namespaces", name: "n", subresource: "finalize" }],
  ["DELETE", "/apis/apps/v1/namespaces/n/deployments", { verb: "deletecollection", group: "apps" }],
  ["GET", "/apis/apps/v1/watch/deployments", { verb: "watch", prefixVerb: "watch", resource: "deployments" }],
])("%s %s names a resource", (method, path, expected) => {
  expect(info(method, path)).toMatchObject({ isResource: true, ...expected });
});

test.each(["", "/", "//", "/api", "/api/v1", "/apis/apps/v1", "/healthz/ping/x/y"])(
  "%s names none",
  (path) => {
    expect(info("GET", path)).toMatchObject({ isResource: false, verb: "get", path });
  },
);

test("a field selector on metadata.name is the name, but not that of the path", () => {
  const selected = info("GET", "/api/v1/nodes", "fieldSelector=metadata.name%3Da&watch=1");
  expect(selected).toMatchObject({ verb: "watch", name: "a", pathName: "" });
});
