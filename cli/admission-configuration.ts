import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { JsonObject, JsonValue } from "../api/object.ts";
import { parseYaml } from "../api/yaml.ts";
import { UsageError } from "./cluster-options.ts";

const flag = "--admission-control-config-file";
const apiVersions: readonly string[] = ["v1", "v1alpha1"].map(
  (version) => `apiserver.config.k8s.io/${version}`,
);

/**
 * The configurations of plug-ins, by their names, of an AdmissionConfiguration: what stands in it, or in files that it
 * names. Source: k8s.io/apiserver/pkg/admission/config.go.
 */
export async function readAdmissionConfiguration(path: string): Promise<Record<string, JsonObject>> {
  const { apiVersion, kind, plugins = [] } = await readObject(path);
  if (!apiVersions.includes(String(apiVersion)) || kind !== "AdmissionConfiguration") {
    throw new UsageError(`${flag}: ${path} holds no AdmissionConfiguration of ${apiVersions.join(" or ")}`);
  }
  const configurations: Record<string, JsonObject> = {};
  for (const plugin of plugins as JsonValue[] as JsonObject[]) {
    const { name, configuration, path: file } = plugin;
    if (configuration) configurations[String(name)] = configuration as JsonObject;
    else if (file) configurations[String(name)] = await readObject(resolve(dirname(path), String(file)));
  }
  return configurations;
}

async function readObject(path: string): Promise<JsonObject> {
  try {
    const { value } = parseYaml(await readFile(path));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    throw new UsageError(`${flag}: cannot read ${path}: ${(error as Error).message}`);
  }
  throw new UsageError(`${flag}: ${path} holds no object`);
}
