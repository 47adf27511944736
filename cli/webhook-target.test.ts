import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readWebhookTarget } from "./webhook-target.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "kubefacade-webhook-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const read = async (text: string) => {
  const path = join(folder, "config");
  await writeFile(path, text);
  return readWebhookTarget("--flag", path);
};

const config = (server: string, more = "") => `
current-context: c
clusters:
- name: webhook
  cluster:
    server: ${server}
    certificate-authority: ca.pem
users:
- name: me
  user:
    token: secret
    client-key-data: ${Buffer.from("key").toString("base64")}
contexts:
- name: c
  context: {cluster: webhook, user: me${more}}
`;

test("a kubeconfig says where a webhook is and who asks; its files are beside it", async () => {
  await writeFile(join(folder, "ca.pem"), "authority");
  expect(await read(config("https://hook.example.com/x"))).toEqual({
    url: "https://hook.example.com/x",
    insecure: false,
    ca: "authority",
    key: "key",
    authorization: "Bearer secret",
  });
});

test("a webhook without TLS is told nothing secret", async () => {
  await writeFile(join(folder, "ca.pem"), "authority");
  const target = await read(config("http://hook.example.com/x"));
  expect(target).not.toHaveProperty("authorization");
  expect(target).not.toHaveProperty("key");
});

test("what cannot be read is said in one line", async () => {
  await expect(read(config("https://hook.example.com/x"))).rejects.toThrow(/^--flag: .*ca\.pem/);
  await expect(read("current-context: x")).rejects.toThrow("its current-context names no context");
  await expect(readWebhookTarget("--flag", join(folder, "absent"))).rejects.toThrow(/ENOENT/);
});
