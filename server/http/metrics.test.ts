import { expect, test } from "vitest";
import { ManualClock } from "../../api/manual-clock.ts";
import { RequestMetrics } from "./metrics.ts";
import { requestInfo } from "./request-info.ts";

const get = (path: string) => requestInfo("GET", path, new URLSearchParams());

test("requests are told of what is served, and of nothing else that clients think of", () => {
  const served = new Set(["pods", ""]);
  const metrics = new RequestMetrics(new ManualClock(), ({ isResource, resource, path }) =>
    isResource ? served.has(resource) : path === "/version",
  );
  for (const path of ["/api/v1/pods", "/api/v1/pods", "/api/v1/made-up", "/version", "/made-up"]) {
    metrics.begin(get(path), false)(200);
  }
  const text = metrics.expose();
  expect(text).toMatch(/apiserver_request_total\{[^}]*resource="pods"[^}]*\} 2/);
  expect(text).toMatch(/apiserver_request_total\{[^}]*subresource="\/version"[^}]*\} 1/);
  expect(text).not.toContain("made-up");
});
