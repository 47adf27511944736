import { describe, expect, test } from "vitest";
import { ManualClock } from "../../../api/manual-clock.ts";
import type { AdmissionObjects } from "../objects.ts";
import { admitted, named, objectsOf } from "../testing.ts";
import { serviceAccount } from "./service-account.ts";

const accounts = [
  named("default"),
  named("silent", { automountServiceAccountToken: false }),
  named("pulling", { imagePullSecrets: [{ name: "pull" }], automountServiceAccountToken: false }),
  named(
    "strict",
    { secrets: [{ name: "s" }], automountServiceAccountToken: false },
    { annotations: { "kubernetes.io/enforce-mountable-secrets": "true" } },
  ),
];

const pluginWith = (objects: AdmissionObjects, clock = new ManualClock()) =>
  serviceAccount({
    objects,
    clock,
    random: { next: () => 0, uuid: () => "" },
    generateName: (base) => `${base}abcde`,
  });
const plugin = pluginWith(objectsOf({ serviceaccounts: accounts }));
const create = (spec: object, metadata: object = {}) =>
  admitted(plugin, {
    resource: "pods",
    object: named("p", { spec: { containers: [{ name: "c" }], ...spec }, status: {} }, metadata),
  });
const start = 'pods "p" is forbidden: ';
const mountPath = "/var/run/secrets/kubernetes.io/serviceaccount";

describe("a pod's token", () => {
  test("is mounted in every container, as the default account", async () => {
    const { object } = await create({ initContainers: [{ name: "i" }] });
    const { serviceAccountName, volumes, containers, initContainers } = object.spec;
    expect(serviceAccountName).toBe("default");
    expect(volumes).toHaveLength(1);
    expect(volumes[0]).toMatchObject({
      name: "kube-api-access-abcde",
      projected: { sources: [{ serviceAccountToken: { expirationSeconds: 3607 } }, {}, {}] },
    });
    const mounts = [{ name: "kube-api-access-abcde", readOnly: true, mountPath }];
    expect(containers[0].volumeMounts).toEqual(mounts);
    expect(initContainers[0].volumeMounts).toEqual(mounts);
  });

  test("leaves alone what a container has in its place", async () => {
    const own = [{ name: "own", mountPath }];
    const { object } = await create({ containers: [{ name: "c", volumeMounts: own }] });
    expect(object.spec.volumes).toBeUndefined();
    expect(object.spec.containers[0].volumeMounts).toEqual(own);
  });

  test("is not mounted where pod or account do not want it", async () => {
    expect((await create({ automountServiceAccountToken: false })).object.spec.volumes).toBeUndefined();
    expect((await create({ serviceAccountName: "silent" })).object.spec.volumes).toBeUndefined();
    const wanted = { serviceAccountName: "silent", automountServiceAccountToken: true };
    expect((await create(wanted)).object.spec.volumes).toHaveLength(1);
  });
});

test("pull secrets come from the account, unless the pod has its own", async () => {
  const secretsOf = async (spec: object) =>
    (await create({ serviceAccountName: "pulling", ...spec })).object.spec.imagePullSecrets;
  expect(await secretsOf({})).toEqual([{ name: "pull" }]);
  expect(await secretsOf({ imagePullSecrets: [{ name: "own" }] })).toEqual([{ name: "own" }]);
});

describe("an account that is not there", () => {
  test("refuses the pod", async () => {
    expect((await create({ serviceAccountName: "none" })).error).toMatchObject({
      code: 403,
      message: `${start}error looking up service account ns/none: serviceaccount "none" not found`,
    });
  });

  test("is waited for, if it is the default one", async () => {
    const clock = new ManualClock();
    let looks = 0;
    const late: AdmissionObjects = {
      list: async () => [],
      get: async () => (++looks > 3 ? accounts[0] : undefined),
    };
    const object = named("p", { spec: { containers: [] } });
    const pending = admitted(pluginWith(late, clock), { resource: "pods", object });
    for (let i = 0; i < 20; i++) {
      await new Promise(setImmediate);
      clock.advance(100);
    }
    expect((await pending).error).toBeUndefined();
    expect(looks).toBe(5);
  });
});

test("a mirror pod has no account and no secrets", async () => {
  const message = async (spec: object) =>
    (await create(spec, { annotations: { "kubernetes.io/config.mirror": "x" } })).error?.message;
  expect(await message({})).toBeUndefined();
  expect(await message({ serviceAccountName: "default" })).toBe(
    `${start}a mirror pod may not reference service accounts`,
  );
  const secret = { volumes: [{ name: "v", secret: { secretName: "s" } }] };
  expect(await message(secret)).toBe(`${start}a mirror pod may not reference secrets`);
  const token = { volumes: [{ name: "v", projected: { sources: [{ serviceAccountToken: {} }] } }] };
  expect(await message(token)).toBe(
    `${start}a mirror pod may not use ServiceAccountToken volume projections`,
  );
});

describe("an account that lists its secrets", () => {
  const env = (name: string) => [{ name: "E", valueFrom: { secretKeyRef: { name } } }];
  const envFrom = (name: string) => [{ secretRef: { name } }];
  const strict = async (spec: object) => {
    const { error } = await create({ serviceAccountName: "strict", ...spec });
    return error?.message.replace(start, "");
  };
  const tail = (what = "secret") =>
    `is not allowed because service account strict does not reference that ${what}`;

  test("allows no others", async () => {
    const listed = [{ name: "c", env: env("s"), envFrom: envFrom("s") }];
    expect(
      await strict({ containers: listed, volumes: [{ name: "v", secret: { secretName: "s" } }] }),
    ).toBeUndefined();
    expect(await strict({ volumes: [{ name: "v", secret: { secretName: "t" } }] })).toBe(
      `volume with secret.secretName="t" ${tail()}`,
    );
    expect(await strict({ initContainers: [{ name: "i", env: env("t") }] })).toBe(
      `init container i with envVar E referencing secret.secretName="t" ${tail()}`,
    );
    expect(await strict({ containers: [{ name: "c", envFrom: envFrom("t") }] })).toBe(
      `container c with envFrom referencing secret.secretName="t" ${tail()}`,
    );
    expect(await strict({ imagePullSecrets: [{ name: "t" }] })).toBe(
      `imagePullSecrets[0].name="t" ${tail("imagePullSecret")}`,
    );
  });

  test("nor in ephemeral containers", async () => {
    const debugged = (name: string) =>
      named("p", {
        spec: { serviceAccountName: "strict", ephemeralContainers: [{ name: "e", env: env(name) }] },
      });
    const debug = async (name: string) =>
      (
        await admitted(plugin, {
          ...{ resource: "pods", subresource: "ephemeralcontainers" },
          object: debugged(name),
          oldObject: debugged("s"),
        })
      ).error;
    expect(await debug("s")).toBeUndefined();
    expect(await debug("t")).toMatchObject({
      code: 500,
      message: `ephemeral container e with envVar E referencing secret.secretName="t" ${tail()}`,
    });
  });
});
