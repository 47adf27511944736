/** The defaults of every built-in kind, composed of one table a group. */
import { admissionregistrationDefaults } from "./admissionregistration.ts";
import { apiextensionsDefaults } from "./apiextensions.ts";
import { apiregistrationDefaults } from "./apiregistration.ts";
import { appsDefaults } from "./apps.ts";
import { authenticationDefaults } from "./authentication.ts";
import { autoscalingDefaults } from "./autoscaling.ts";
import { batchDefaults } from "./batch.ts";
import { certificatesDefaults } from "./certificates.ts";
import { coreDefaults } from "./core.ts";
import { discoveryDefaults } from "./discovery.ts";
import { flowcontrolDefaults } from "./flowcontrol.ts";
import { networkingDefaults } from "./networking.ts";
import { rbacDefaults } from "./rbac.ts";
import { resourceDefaults } from "./resource.ts";
import { schedulingDefaults } from "./scheduling.ts";
import { storageDefaults } from "./storage.ts";
import type { Defaulter, DefaultsTable } from "./table.ts";

const tables: readonly DefaultsTable[] = [
  admissionregistrationDefaults,
  apiextensionsDefaults,
  apiregistrationDefaults,
  appsDefaults,
  authenticationDefaults,
  autoscalingDefaults,
  batchDefaults,
  certificatesDefaults,
  coreDefaults,
  discoveryDefaults,
  flowcontrolDefaults,
  networkingDefaults,
  rbacDefaults,
  resourceDefaults,
  schedulingDefaults,
  storageDefaults,
];

const byVersion = new Map<string, ReadonlyMap<string, Defaulter>>();
for (const table of tables) {
  for (const [apiVersion, kinds] of Object.entries(table)) {
    byVersion.set(apiVersion, new Map([...(byVersion.get(apiVersion) ?? []), ...Object.entries(kinds)]));
  }
}

/** What fills in the defaults of a kind in one version; undefined where it has none. */
export function defaulterOf(apiVersion: string, kind: string): Defaulter | undefined {
  return byVersion.get(apiVersion)?.get(kind);
}
