import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readAdmissionConfiguration } from "./admission-configuration.ts";
import { createCluster } from "./cluster.ts";

const podSecurity = `apiVersion: pod-security.admission.config.k8s.io/v1
kind: PodSecurityConfiguration
defaults: {enforce: baseline}
`;
const start = "apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\n";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kubefacade-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function written(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

test("configurations stand in the file or in others beside it", async () => {
  await written("own.yaml", podSecurity);
  const plugins = "plugins:\n- {name: PodSecurity, path: own.yaml}\n- {name: Other, configuration: {a: b}}\n";
  expect(await readAdmissionConfiguration(await written("all.yaml", start + plugins))).toMatchObject({
    PodSecurity: { defaults: { enforce: "baseline" } },
    Other: { a: "b" },
  });
});

test("what cannot be read or is no such configuration is said", async () => {
  const said = (path: string) => expect(readAdmissionConfiguration(path)).rejects;
  await said(join(folder, "none.yaml")).toThrow("--admission-control-config-file: cannot read");
  await said(await written("list.yaml", "- a")).toThrow("holds no object");
  await said(await written("other.yaml", "kind: Other")).toThrow("holds no AdmissionConfiguration");
});

test("a cluster holds to its defaults", async () => {
  const PodSecurity = {
    apiVersion: "pod-security.admission.config.k8s.io/v1",
    kind: "PodSecurityConfiguration",
    defaults: { enforce: "baseline" },
  };
  const disableAdmissionPlugins = ["ServiceAccount"];
  const cluster = await createCluster({ admissionConfigurations: { PodSecurity }, disableAdmissionPlugins });
  try {
    const pods = { group: "", version: "v1", resource: "pods", namespace: "default" };
    const pod = { metadata: { name: "p" }, spec: { hostPID: true, containers: [{ name: "c", image: "i" }] } };
    await expect(cluster.client.create(pods, pod)).rejects.toThrow(
      'violates PodSecurity "baseline:latest": host namespaces (hostPID=true)',
    );
  } finally {
    await cluster.close();
  }
  await expect(createCluster({ admissionConfigurations: { Other: {} } })).rejects.toThrow(
    "admission plug-in Other cannot be configured",
  );
});
