import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ManualClock } from "../../api/manual-clock.ts";
import { credentialsOf } from "./credentials.ts";
import { KubeconfigError, readKubeconfig } from "./kubeconfig.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "kubefacade-credentials-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function accessOf(user: string, cluster = "") {
  const path = join(folder, "config");
  const text = `
current-context: c
clusters: [{name: k, cluster: {server: "https://127.0.0.1:1"${cluster}}}]
users: [{name: me, user: ${user}}]
contexts: [{name: c, context: {cluster: k, user: me}}]
`;
  await writeFile(path, text);
  return readKubeconfig(path);
}

test("a token file is read again after a minute, and believed for longer where it cannot be", async () => {
  await writeFile(join(folder, "token"), "first\n");
  const clock = new ManualClock();
  const credentials = await credentialsOf(await accessOf("{tokenFile: token}"), clock);
  expect(await credentials.get()).toEqual({ authorization: "Bearer first" });
  await writeFile(join(folder, "token"), "second");
  expect(await credentials.get()).toEqual({ authorization: "Bearer first" });
  clock.advance(60_001);
  expect(await credentials.get()).toEqual({ authorization: "Bearer second" });
  await rm(join(folder, "token"));
  clock.advance(60_001);
  expect(await credentials.get()).toEqual({ authorization: "Bearer second" });
});

test("a program tells who asks, until that expires or is refused", async () => {
  const program = join(folder, "login");
  const script = `#!/bin/sh
echo x >> "${folder}/runs"
n=$(wc -l < "${folder}/runs" | tr -d ' ')
cat <<END
{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"$GREETING-$1-$n","expirationTimestamp":"2026-01-01T00:01:00Z"}}
END
echo "$KUBERNETES_EXEC_INFO" > "${folder}/info"
`;
  await writeFile(program, script);
  await chmod(program, 0o755);
  const exec =
    "{apiVersion: client.authentication.k8s.io/v1, command: ./login, args: [arg], env: [{name: GREETING, value: hi}], provideClusterInfo: true}";
  const clock = new ManualClock();
  const credentials = await credentialsOf(await accessOf(`{exec: ${exec}}`), clock);
  const [a, b] = await Promise.all([credentials.get(), credentials.get()]);
  expect([a, b]).toEqual([{ authorization: "Bearer hi-arg-1" }, { authorization: "Bearer hi-arg-1" }]);
  credentials.refused?.();
  expect(await credentials.get()).toEqual({ authorization: "Bearer hi-arg-2" });
  clock.advance(60_000);
  expect(await credentials.get()).toEqual({ authorization: "Bearer hi-arg-3" });
});

test("a kubeconfig that leads nowhere is refused with its name", async () => {
  await expect(readKubeconfig(join(folder, "none"))).rejects.toThrow(KubeconfigError);
  await writeFile(join(folder, "config"), "current-context: x");
  await expect(readKubeconfig(join(folder, "config"))).rejects.toThrow(
    `${folder}/config: its current-context names no context`,
  );
});

test("how the server is known can be said", async () => {
  const access = await accessOf("{}", ", tls-server-name: kubernetes, insecure-skip-tls-verify: true");
  expect(access).toEqual({ url: "https://127.0.0.1:1", serverName: "kubernetes", insecure: true });
});
