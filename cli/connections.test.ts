import { Agent, type RequestOptions, request } from "node:https";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cluster, createCluster } from "./cluster.ts";

let cluster: Cluster;
beforeAll(async () => {
  cluster = await createCluster({ controllers: [] });
});
afterAll(() => cluster.close());

function connectionHeaders(options: RequestOptions): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    request(`${cluster.url}/version`, { rejectUnauthorized: false, ...options }, (answer) => {
      const { connection, "keep-alive": keepAlive } = answer.headers;
      answer.resume().on("end", () => resolve({ connection, keepAlive }));
    })
      .on("error", reject)
      .end();
  });
}

test("of a connection that stays open nothing is said, as Go's server does; the end of one is told", async () => {
  const agent = new Agent({ keepAlive: true });
  const nothing = { connection: undefined, keepAlive: undefined };
  expect(await connectionHeaders({ agent })).toEqual(nothing);
  const closing = { connection: "close", keepAlive: undefined };
  expect(await connectionHeaders({ agent: false, headers: { connection: "close" } })).toEqual(closing);
  agent.destroy();
});
