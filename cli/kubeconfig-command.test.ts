import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cluster, createCluster } from "./cluster.ts";
import { connect } from "./connect.ts";

let cluster: Cluster;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kubefacade-kubeconfig-"));
  cluster = await createCluster();
  await writeFile(join(folder, "kubeconfig"), cluster.kubeconfig());
});
afterAll(async () => {
  await cluster.close();
  await rm(folder, { recursive: true, force: true });
});

async function kubefacade(...args: string[]): Promise<string> {
  const { KUBECONFIG: _, ...env } = process.env;
  const command = join(import.meta.dirname, "kubefacade.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [command, "kubeconfig", ...args], { env });
  return stdout;
}

test("a user gets a kubeconfig, and what is bound to the user and its groups", async () => {
  const file = join(folder, "jane.kubeconfig");
  await writeFile(file, await kubefacade("--user", "Jane: 1", "--group", "dev,ops", "--data-dir", folder));
  const jane = await connect({ kubeconfig: file });
  try {
    const reviews = { group: "authentication.k8s.io", version: "v1", resource: "selfsubjectreviews" };
    const review = { kind: "SelfSubjectReview", apiVersion: "authentication.k8s.io/v1", metadata: {} };
    expect(await jane.create(reviews, review)).toMatchObject({
      status: { userInfo: { username: "Jane: 1", groups: ["dev", "ops", "system:authenticated"] } },
    });
  } finally {
    jane.close();
  }
});

test("what the cluster refuses is one line", async () => {
  const refused = kubefacade("--user", "jane", "--group", "system:masters", "--data-dir", folder);
  await expect(refused).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^kubefacade: .*system:masters group is not allowed\n$/),
  });
  const absent = kubefacade("--user", "jane", "--kubeconfig", join(folder, "absent"));
  await expect(absent).rejects.toMatchObject({ stderr: expect.stringMatching(/^kubefacade: .*absent.*\n$/) });
});
