import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { goStructTypes, readGoTypes, readLifecycles } from "./go-types.ts";

const types = readGoTypes();

const field = (struct: string, name: string) =>
  types.get(struct)?.fields.find((candidate) => candidate.name === name);

test("fields come in Go's order, inlined structs in their place", () => {
  const names = types.get("io.k8s.api.core.v1.Volume")?.fields.map(({ name }) => name);
  expect(names?.slice(0, 3)).toEqual(["name", "hostPath", "emptyDir"]);
  expect(types.get("io.k8s.api.core.v1.Pod")?.fields.map(({ name }) => name)).toEqual([
    "kind",
    "apiVersion",
    "metadata",
    "spec",
    "status",
  ]);
});

test("presence tells what is written when a field is empty", () => {
  expect(field("io.k8s.api.apps.v1.DeploymentSpec", "replicas")?.presence).toBe("pointer");
  expect(field("io.k8s.api.apps.v1.DeploymentSpec", "selector")?.presence).toBe("nullable");
  expect(field("io.k8s.api.apps.v1.DeploymentSpec", "strategy")?.presence).toBe("always");
  expect(field("io.k8s.api.core.v1.PodSpec", "nodeName")?.presence).toBe("omitempty");
  expect(field("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", "creationTimestamp")?.presence).toBe(
    "omitempty",
  );
});

test("Go's names of types, protobuf numbers and inlined structs are known", () => {
  expect(field("io.k8s.api.core.v1.PodStatus", "phase")).toMatchObject({
    goType: "v1.PodPhase",
    protoNumber: 1,
  });
  expect(field("io.k8s.api.core.v1.Volume", "emptyDir")).toMatchObject({
    goType: "v1.EmptyDirVolumeSource",
    protoNumber: 2,
    inline: [{ goName: "VolumeSource", protoNumber: 2 }],
  });
  expect(field("io.k8s.api.core.v1.ResourceRequirements", "limits")?.goType).toBe("v1.ResourceList");
  expect(field("io.k8s.api.core.v1.Pod", "kind")).not.toHaveProperty("protoNumber");
});

test("enums carry their values and the text for the description", () => {
  expect(field("io.k8s.api.core.v1.Container", "imagePullPolicy")?.enum?.values).toEqual([
    "Always",
    "IfNotPresent",
    "Never",
  ]);
  expect(field("io.k8s.api.core.v1.Container", "imagePullPolicy")?.enum?.description).toContain(
    '\n\nPossible enum values:\n - `"Always"` means that kubelet always',
  );
  expect(
    field("io.k8s.api.admissionregistration.v1.RuleWithOperations", "operations")?.enum?.values,
  ).toContain("CREATE");
});

test("deprecated kinds are known", () => {
  expect(readLifecycles().get("io.k8s.api.core.v1.Endpoints")).toEqual({
    deprecated: "1.33",
    replacement: "discovery.k8s.io/v1/EndpointSlice",
  });
});

test("every field has a type that the tables can hold", () => {
  const built = goStructTypes();
  const lost = [...types.values()].flatMap((struct) =>
    struct.fields
      .filter(({ name }) => !built.get(struct.name)?.fields.has(name))
      .map(({ name, goType }) => `${struct.name}.${name}: ${goType}`),
  );
  expect(lost).toEqual([]);
});

const moduleCache = goModuleCache();

function goModuleCache(): string | undefined {
  try {
    const cache = execFileSync("go", ["env", "GOMODCACHE"], { encoding: "utf8" }).trim();
    return existsSync(`${cache}/k8s.io/api@v0.36.3`) ? cache : undefined;
  } catch {
    return undefined;
  }
}

test.skipIf(moduleCache === undefined)("the facts are those of the Go sources", { timeout: 60_000 }, () => {
  const extractor = fileURLToPath(new URL("../conformance/upstream/facts/main.go", import.meta.url));
  const extracted = execFileSync("go", ["run", extractor], { maxBuffer: 1e7 });
  const committed = readFileSync(new URL("./facts/go-types.json", import.meta.url));
  expect(extracted.equals(committed)).toBe(true);
});
