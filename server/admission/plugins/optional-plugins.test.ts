import { describe, expect, test } from "vitest";
import { forbidden } from "../../../api/status.ts";
import { type Authorizer, alwaysDeny } from "../../auth/authorizer.ts";
import { admitted, named, objectsOf } from "../testing.ts";
import { denyServiceExternalIps } from "./deny-service-external-ips.ts";
import { namespaceAutoProvision, namespaceExists } from "./namespace-exists.ts";
import { ownerReferencesPermissionEnforcement } from "./owner-references-permission-enforcement.ts";

test("DenyServiceExternalIPs allows no address anew", async () => {
  const service = (...externalIPs: string[]) => named("s", { spec: { externalIPs } });
  const write = async (object: object, oldObject?: object) =>
    (
      await admitted(denyServiceExternalIps, {
        resource: "services",
        object,
        ...(oldObject ? { oldObject } : {}),
      })
    ).error?.message;
  const refused = 'services "s" is forbidden: Use of external IPs is denied by admission control';
  expect(await write(service())).toBeUndefined();
  expect(await write(service("1.2.3.4"))).toBe(refused);
  expect(await write(service("1.2.3.4"), service("1.2.3.4", "1.2.3.5"))).toBeUndefined();
  expect(await write(service("1.2.3.4"), service("1.2.3.5"))).toBe(refused);
});

describe("namespaces", () => {
  const objects = objectsOf({ namespaces: [named("ns", {}, { namespace: undefined })] });

  test("NamespaceExists: nothing is done where there is none", async () => {
    const plugin = namespaceExists(objects);
    const remove = { resource: "secrets", oldObject: named("s") };
    expect((await admitted(plugin, remove)).error).toBeUndefined();
    expect((await admitted(plugin, { ...remove, namespace: "none" })).error?.message).toBe(
      'namespaces "none" not found',
    );
    expect(
      (await admitted(plugin, { ...remove, resource: "namespaces", namespace: "none" })).error,
    ).toBeUndefined();
  });

  test("NamespaceAutoProvision: what is created brings its own along", async () => {
    const made: string[] = [];
    const plugin = namespaceAutoProvision(objects, async (name) => {
      if (name === "bad") throw forbidden({ group: "", resource: "namespaces" }, name, "no");
      made.push(name);
    });
    const create = (namespace: string, more: object = {}) =>
      admitted(plugin, { resource: "secrets", namespace, object: named("s"), ...more });
    await create("ns");
    await create("new");
    await create("tried", { dryRun: true });
    await create("self", { resource: "namespaces" });
    expect(made).toEqual(["new"]);
    expect((await create("bad")).error?.code).toBe(403);
  });
});

describe("OwnerReferencesPermissionEnforcement", () => {
  const owner = { apiVersion: "v1", kind: "ConfigMap", name: "o", uid: "u" };
  const blocking = { ...owner, blockOwnerDeletion: true };
  const owned = (...ownerReferences: object[]) => named("s", {}, { ownerReferences });
  const configMaps = { group: "", version: "v1", resource: "configmaps", namespaced: true };

  const write = async (allowed: readonly string[], object: object, oldObject?: object) => {
    const authorizer: Authorizer = {
      ...alwaysDeny,
      authorize: ({ verb, resource }) => {
        const asked = `${verb} ${resource?.resource}/${resource?.subresource} ${resource?.namespace}/${resource?.name}`;
        return { allowed: allowed.includes(asked), reason: "no" };
      },
    };
    const resourcesOf = (_: string, kind: string) => (kind === "ConfigMap" ? [configMaps] : []);
    const plugin = ownerReferencesPermissionEnforcement({ authorizer, resourcesOf });
    const { error } = await admitted(plugin, {
      resource: "secrets",
      object,
      ...(oldObject ? { oldObject } : {}),
    });
    return error?.message.replace('secrets "s" is forbidden: ', "");
  };

  test("whoever changes the owners may delete", async () => {
    expect(await write([], owned(owner))).toBeUndefined();
    expect(await write([], owned(owner), owned(owner))).toBeUndefined();
    expect(await write([], owned(owner), owned())).toBe(
      "cannot set an ownerRef on a resource you can't delete: no, <nil>",
    );
    expect(await write(["delete secrets/ ns/s"], owned(owner), owned())).toBeUndefined();
  });

  test("whoever makes owners wait may finalize them", async () => {
    expect(await write([], owned(blocking))).toBe(
      "cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: no, <nil>",
    );
    expect(await write(["update configmaps/finalizers ns/o"], owned(blocking))).toBeUndefined();
    expect(await write(["update */finalizers /*"], owned({ ...blocking, kind: "Nothing" }))).toBeUndefined();
    expect(await write([], owned({ ...blocking, kind: "Nothing" }))).toContain(
      'no matches for kind "Nothing" in version "v1"',
    );
    expect(await write(["delete secrets/ ns/s"], owned(blocking), owned(blocking, owner))).toBeUndefined();
  });
});
