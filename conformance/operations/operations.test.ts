/**
 * Every operation of the API is there: with all versions and features on, each one that the published specification
 * names is asked, and answered by its own handler. What the answers say is the differential tests' business.
 */
import { request } from "node:https";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Cluster, createCluster } from "../../index.ts";

const methods = ["get", "put", "post", "delete", "options", "head", "patch"] as const;

interface Operation {
  method: string;
  path: string;
  action: string;
}

interface Answer {
  code: number;
  body: string;
}

let cluster: Cluster;
const operations: Operation[] = [];

const token = "operations-token";

function ask(method: string, path: string, body: string | undefined, contentType: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sending = request(
      cluster.url + path,
      {
        method,
        rejectUnauthorized: false,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { "content-type": contentType, "content-length": body.length }),
        },
      },
      (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => {
          text += chunk.toString();
        });
        response.on("end", () => resolve({ code: response.statusCode ?? 0, body: text }));
        response.on("error", reject);
      },
    );
    sending.on("error", reject);
    sending.end(body);
  });
}

beforeAll(async () => {
  cluster = await createCluster({
    storage: "memory",
    runtimeConfig: "api/all=true",
    featureGates: "AllAlpha=true,AllBeta=true",
    tokenAuthFile: `${token},admin,1,"system:masters"\n`,
  });
  const { code, body } = await ask("GET", "/openapi/v2", undefined, "");
  expect(code).toBe(200);
  const { paths } = JSON.parse(body) as { paths: Record<string, Record<string, Record<string, string>>> };
  for (const [path, item] of Object.entries(paths)) {
    for (const method of methods) {
      const operation = item[method];
      if (operation) operations.push({ method, path, action: operation["x-kubernetes-action"] ?? "" });
    }
  }
  // Workers take from the end: what others need (the ranges of Service addresses) is deleted last.
  operations.sort(
    (a, b) => Number(b.action === "deletecollection") - Number(a.action === "deletecollection"),
  );
}, 60_000);

afterAll(() => cluster.close());

const bodies: Readonly<Record<string, [body: string, contentType: string]>> = {
  post: ["{}", "application/json"],
  put: ["{}", "application/json"],
  patch: ["{}", "application/merge-patch+json"],
};

/** A name that is valid for every resource, of an object that is not there. */
function address({ path, action }: Operation): string {
  const concrete = path
    .replace("{namespace}", "default")
    .replace("{name}", "nothing")
    .replace("{path}", "a")
    .replace("{logpath}", "a");
  return action.startsWith("watch") ? `${concrete}?timeoutSeconds=1` : concrete;
}

/** Upstream answers what is wrong with a binding as if it had failed inside. */
const plainErrors = ["target.name: Required value"];

const noRoute = ["the server could not find the requested resource", "404 page not found"];

describe("with every version and feature on", () => {
  test("the specification names upstream's operations", () => {
    // The committed specification counts 1,123; what a live server publishes leaves out the logs of its own machine.
    expect(operations.length).toBeGreaterThan(1100);
  });

  test("each operation reaches a handler, and none fails inside", async () => {
    const wrong: string[] = [];
    const left = [...operations];
    const worker = async () => {
      for (let operation = left.pop(); operation; operation = left.pop()) {
        const { method, path, action } = operation;
        const [body, contentType] = (action !== "connect" && bodies[method]) || [];
        const { code, body: text } = await ask(
          method.toUpperCase(),
          address(operation),
          body,
          contentType ?? "",
        );
        const unserved = code === 405 || (code === 404 && noRoute.some((message) => text.includes(message)));
        const isPlain = plainErrors.some((message) => text.includes(`"message":"${message}"`));
        // A server that reaches no node says 503 to connections.
        const broken = code >= 500 && !isPlain && !(action === "connect" && code === 503);
        if (unserved || broken) wrong.push(`${method} ${path}: ${code} ${text.slice(0, 160)}`);
      }
    };
    await Promise.all(Array.from({ length: 16 }, worker));
    expect(wrong).toEqual([]);
  }, 120_000);
});
