import { expect, test } from "vitest";
import type { KubeObject, ObjectMeta } from "../../api/object.ts";
import { isUnused } from "./legacy-token-cleaner.ts";
import { secretNamesOf } from "./mounted-secrets.ts";

const since = Date.UTC(2026, 0, 10);
const lastUsed = (day: string) => ({ labels: { "kubernetes.io/legacy-token-last-used": day } });
const unused = (metadata: ObjectMeta, type = "kubernetes.io/service-account-token") =>
  isUnused({ type, metadata: { creationTimestamp: "2026-01-01T00:00:00Z", ...metadata } }, since);

test("tokens that are older than their last use can be are unused", () => {
  expect(unused({})).toBe(true);
  expect(unused(lastUsed("2026-01-09"))).toBe(true);
  expect(unused(lastUsed("2026-01-10"))).toBe(false);
  expect(unused(lastUsed("lately"))).toBe(false);
  expect(unused({ creationTimestamp: "2026-01-10T00:00:00Z" })).toBe(false);
  expect(unused({ deletionTimestamp: "2026-01-10T00:00:00Z" })).toBe(false);
  expect(unused({}, "Opaque")).toBe(false);
});

test("all secrets of a pod are found", () => {
  const secretKeyRef = { name: "env", key: "k" };
  const spec = {
    imagePullSecrets: [{ name: "pull" }],
    volumes: [
      { name: "v", secret: { secretName: "volume" } },
      {
        name: "p",
        projected: { sources: [{ secret: { name: "projected" } }, { configMap: { name: "no" } }] },
      },
      { name: "c", csi: { driver: "d", nodePublishSecretRef: { name: "csi" } } },
      { name: "a", azureFile: { secretName: "azure", shareName: "s" } },
    ],
    initContainers: [{ name: "i", envFrom: [{ secretRef: { name: "from" } }] }],
    containers: [{ name: "c", env: [{ name: "E", valueFrom: { secretKeyRef } }] }],
  };
  const names = secretNamesOf({ metadata: {}, spec } as KubeObject);
  expect([...names].sort()).toEqual(["azure", "csi", "env", "from", "projected", "pull", "volume"]);
});
