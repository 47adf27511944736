import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Cluster, createCluster } from "./cluster.ts";

let folder: string;
let cluster: Cluster | undefined;
let hook: Server | undefined;
const errors: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "kubefacade-authorization-"));
  errors.length = 0;
});
afterEach(async () => {
  await cluster?.close();
  hook?.close();
  await rm(folder, { recursive: true, force: true });
});

const file = () => join(folder, "authorization.yaml");
const write = (authorizers: string) =>
  writeFile(
    file(),
    `apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\nauthorizers:\n${authorizers}`,
  );

async function start(more: object = {}): Promise<void> {
  cluster = await createCluster({
    tokenAuthFile: "t,alice,u",
    authorizationConfig: file(),
    onError: (error) => void errors.push((error as Error).message),
    ...more,
  });
}

/** The status that alice gets. */
function get(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = { rejectUnauthorized: false, agent: false, headers: { authorization: "Bearer t" } };
    const asked = request(cluster!.url + path, options, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on("error", reject).end();
  });
}

/** A webhook that answers so, and a kubeconfig that leads to it. */
async function webhook(answer: () => object | undefined, more = ""): Promise<string> {
  hook = createServer((_, response) => {
    const status = answer();
    if (!status) response.statusCode = 403;
    response.end(JSON.stringify({ status }));
  });
  await new Promise<void>((resolve) => hook!.listen(0, "127.0.0.1", resolve));
  const { port } = hook.address() as AddressInfo;
  const kubeconfig = join(folder, "webhook.kubeconfig");
  await writeFile(
    kubeconfig,
    JSON.stringify({
      "current-context": "c",
      clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}/` } }],
      contexts: [{ name: "c", context: { cluster: "c" } }],
    }),
  );
  return `- type: Webhook
  name: hook
  webhook:
    timeout: 3s
    subjectAccessReviewVersion: v1
    ${more}
    connectionInfo: {type: KubeConfigFile, kubeConfigFile: ${kubeconfig}}
`;
}

test("those of the file are asked in its order", async () => {
  let denied = true;
  const first = await webhook(
    () => ({ denied }),
    "failurePolicy: NoOpinion\n    cacheUnauthorizedRequests: false",
  );
  await write(`${first}- {type: AlwaysAllow, name: alwaysallow}\n`);
  await start();
  expect(await get("/api")).toBe(403);
  denied = false;
  expect(await get("/api")).toBe(200);
});

test.each([
  ["NoOpinion", 200],
  ["Deny", 500],
])("where a webhook fails, %s decides", async (policy, status) => {
  await write(
    `${await webhook(() => undefined, `failurePolicy: ${policy}`)}- {type: AlwaysAllow, name: alwaysallow}\n`,
  );
  await start();
  expect(await get("/api")).toBe(status);
});

test("the file is read again when it changes; a wrong one changes nothing", async () => {
  await write("- {type: RBAC, name: rbac}\n- {type: AlwaysAllow, name: alwaysallow}\n");
  await start();
  const nodes = "/api/v1/nodes";
  expect(await get(nodes)).toBe(200);
  await write("- {type: RBAC, name: rbac}\n");
  await vi.waitFor(() =>
    expect(errors).toContain("reloading authorization config: missing required types: [AlwaysAllow]"),
  );
  expect(await get(nodes)).toBe(200);
  await write(
    `- {type: RBAC, name: rbac}\n${await webhook(() => ({ denied: true }), "failurePolicy: Deny")}- {type: AlwaysAllow, name: alwaysallow}\n`,
  );
  await vi.waitFor(async () => expect(await get(nodes)).toBe(403));
  await write("- {type: AlwaysAllow, name: alwaysallow}\n- {type: RBAC, name: rbac}\n");
  await vi.waitFor(async () => expect(await get(nodes)).toBe(200));
});

test("what cannot be meant is one line", async () => {
  await write("- {type: ABAC, name: abac}\n");
  await expect(start()).rejects.toThrow("authorization-mode ABAC's authorization policy file not passed");
  await expect(start({ authorizationMode: ["RBAC"] })).rejects.toThrow(
    "--authorization-config can not be specified when --authorization-mode or --authorization-webhook-* flags are defined",
  );
  await expect(start({ authorizationConfig: "/absent" })).rejects.toThrow(
    "open /absent: no such file or directory",
  );
  await write(
    await webhook(
      () => ({}),
      "failurePolicy: Deny\n    matchConditions: [{expression: 'true'}]\n    matchConditionSubjectAccessReviewVersion: v1",
    ),
  );
  await expect(start()).rejects.toThrow(
    "authorizers[0].matchConditions: expressions cannot be evaluated yet",
  );
});
