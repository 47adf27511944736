import { describe, expect, expectTypeOf, test } from "vitest";
import type { KubeObject } from "../object.ts";
import type { Schemas } from "../types.ts";
import { loadTables } from "./tables.ts";
import type { Field, StructType } from "./types.ts";

const tables = loadTables();

function field(struct: StructType | undefined, name: string): Field {
  const found = struct?.fields.get(name);
  if (!found) throw new Error(`no field ${name}`);
  return found;
}

describe("structs", () => {
  test("every struct can be taken apart, and reaches only structs of the table", () => {
    const seen = new Set<StructType>();
    const visit = (struct: StructType): void => {
      if (seen.has(struct)) return;
      seen.add(struct);
      expect(tables.struct(struct.name)).toBe(struct);
      for (const { type } of struct.fields.values()) {
        let inner = type;
        while (inner.kind === "array" || inner.kind === "map")
          inner = inner.kind === "array" ? inner.items : inner.values;
        if (inner.kind === "struct") visit(inner.struct);
      }
    };
    for (const { struct } of tables.resources) if (struct) visit(struct);
    expect(seen.size).toBeGreaterThan(500);
  });

  test("a field knows its type, its list type and how it is patched", () => {
    const spec = tables.struct("io.k8s.api.core.v1.PodSpec");
    const containers = field(spec, "containers");
    expect(containers).toMatchObject({ required: true, listType: "map", listMapKeys: ["name"] });
    expect(containers).toMatchObject({
      patchMergeKey: "name",
      patchStrategy: "merge",
      goType: "[]v1.Container",
    });
    expect(containers.type.kind).toBe("array");
    const items = containers.type.kind === "array" ? containers.type.items : undefined;
    const container = items?.kind === "struct" ? items.struct : undefined;
    expect(container).toBe(tables.struct("io.k8s.api.core.v1.Container"));
    const port = tables.struct("io.k8s.api.core.v1.ContainerPort");
    expect(field(port, "protocol").default).toBe("TCP");
    expect(field(port, "containerPort").type).toEqual({ kind: "scalar", scalar: "int32" });
  });

  test("a field knows what only the Go source tells", () => {
    const deployment = tables.struct("io.k8s.api.apps.v1.DeploymentSpec");
    expect(field(deployment, "replicas").presence).toBe("pointer");
    expect(field(deployment, "selector").presence).toBe("nullable");
    expect(field(tables.struct("io.k8s.api.core.v1.PodSpec"), "nodeName")).toMatchObject({
      presence: "omitempty",
      protoNumber: 10,
    });
    expect(field(tables.struct("io.k8s.api.core.v1.PodStatus"), "phase")).toMatchObject({
      goType: "v1.PodPhase",
      enum: ["Failed", "Pending", "Running", "Succeeded", "Unknown"],
    });
    expect(field(tables.struct("io.k8s.api.core.v1.Volume"), "emptyDir").inline).toEqual([
      { goName: "VolumeSource", protoNumber: 2 },
    ]);
    const order = [...(tables.kind("", "v1", "Pod")?.fields.keys() ?? [])];
    expect(order).toEqual(["kind", "apiVersion", "metadata", "spec", "status"]);
  });

  test("types that no definition describes are there, too", () => {
    expect(field(tables.kind("", "v1", "PodLogOptions"), "tailLines").type).toEqual({
      kind: "scalar",
      scalar: "int64",
    });
    expect(tables.kind("meta.k8s.io", "v1", "PartialObjectMetadata")).toBeDefined();
    expect(tables.kind("admission.k8s.io", "v1", "AdmissionReview")).toBeDefined();
  });

  test("kinds are found by group version, and those of meta/v1 in the core group", () => {
    expect(tables.kind("apps", "v1", "Deployment")?.name).toBe("io.k8s.api.apps.v1.Deployment");
    expect(tables.kind("apps", "v1", "DeploymentList")?.name).toBe("io.k8s.api.apps.v1.DeploymentList");
    expect(tables.kind("", "v1", "Status")?.name).toBe("io.k8s.apimachinery.pkg.apis.meta.v1.Status");
    expect(tables.kind("apps", "v1", "__proto__")).toBeUndefined();
    expect(tables.struct("constructor")).toBeUndefined();
  });
});

describe("resources", () => {
  test("a resource has its names, verbs and subresources", () => {
    const deployments = tables.resource("apps", "v1", "deployments");
    expect(deployments).toMatchObject({
      kind: "Deployment",
      listKind: "DeploymentList",
      singular: "deployment",
      namespaced: true,
      shortNames: ["deploy"],
      categories: ["all"],
      storageVersion: "v1",
      storageVersionHash: "8aSe+NMegvE=",
    });
    expect(deployments?.struct).toBe(tables.kind("apps", "v1", "Deployment"));
    expect(deployments?.subresources.get("scale")?.kind).toEqual({
      group: "autoscaling",
      kind: "Scale",
      version: "v1",
    });
  });

  test("verbs of connecting subresources are those of the HTTP methods", () => {
    const pods = tables.resource("", "v1", "pods");
    expect(pods?.subresources.get("exec")?.verbs).toEqual(["create", "get"]);
    expect(pods?.subresources.get("proxy")?.verbs).toEqual(["create", "delete", "get", "patch", "update"]);
  });
});

test("the generated types are objects of the API", () => {
  expectTypeOf<Schemas["io.k8s.api.core.v1.Pod"]>().toExtend<KubeObject>();
  expectTypeOf<Schemas["io.k8s.api.apps.v1.Deployment"]["metadata"]>().toExtend<KubeObject["metadata"]>();
});
