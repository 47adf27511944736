import { expect, test } from "vitest";
import { ManualClock } from "../../api/manual-clock.ts";
import { PathRoutes } from "./path-routes.ts";
import type { Exchange } from "./request-context.ts";
import { addZPages } from "./z-pages.ts";

async function get(path: string, accept?: string) {
  const paths = new PathRoutes();
  const clock = new ManualClock();
  const flags = { "secure-port": "6443", "bind-address": "127.0.0.1" };
  addZPages(paths, { clock, startTime: clock.now(), flags: () => flags });
  for (const other of ["/", "/api", "/healthz", "/healthz/ping"]) paths.add(other, () => {});
  clock.advance(3_725_000);
  const sent = { headers: {} as Record<string, unknown>, body: "" };
  const warnings = new Set<string>();
  const response = {
    writeHead: (_code: number, headers: Record<string, unknown>) => Object.assign(sent.headers, headers),
    end: (content: Uint8Array) => {
      sent.body = Buffer.from(content).toString();
    },
  };
  const endOfTurn = { add: (write: () => void) => write(), addEvents: () => undefined };
  const exchange = {
    request: { headers: { accept } },
    response,
    method: "GET",
    headers: {},
    warnings,
    endOfTurn,
  };
  await paths.find(path)!(exchange as unknown as Exchange);
  return { ...sent, warnings: [...warnings] };
}

test("people are told what the server is", async () => {
  const { headers, body } = await get("/statusz");
  expect(headers["Content-Type"]).toBe("text/plain; charset=utf-8");
  expect(body).toContain("\napiserver statusz\nWarning: This endpoint is not meant to be machine parseable");
  expect(body).toContain("\nStarted: Thu Jan  1 00:00:00 UTC 2026\nUp: 1 hr 02 min 05 sec\n");
  expect(body).toContain("\nPaths: /flagz /healthz /statusz\n");
  expect((await get("/statusz", "*/*")).body).toBe(body);
});

test("programs ask for the kind", async () => {
  const { headers, body } = await get("/flagz", "application/json;as=Flagz;v=v1beta1;g=config.k8s.io");
  expect(headers["Content-Type"]).toBe("application/json;g=config.k8s.io;v=v1beta1;as=Flagz");
  expect(JSON.parse(body)).toEqual({
    kind: "Flagz",
    apiVersion: "config.k8s.io/v1beta1",
    metadata: { name: "apiserver" },
    flags: { "bind-address": "127.0.0.1", "secure-port": "6443" },
  });
});

test("an old version is deprecated", async () => {
  const { warnings } = await get("/statusz", "application/yaml;as=Statusz;v=v1alpha1;g=config.k8s.io");
  expect(warnings).toEqual([
    "This version of the statusz endpoint is deprecated. Please use a newer version.",
  ]);
});

test.each(["application/json", "text/html", "application/json;as=Flagz;v=v1beta1;g=config.k8s.io"])(
  "%s is no form of the status page",
  async (accept) => {
    await expect(get("/statusz", accept)).rejects.toMatchObject({
      code: 406,
      message: "only the following media types are accepted: application/json, application/yaml, text/plain",
    });
  },
);
