import { describe, expect, test } from "vitest";
import type { FeatureGates } from "../../../api/feature-gates.ts";
import { localApiService, reconcileApiService } from "./api-services.ts";
import { type BootstrapConfig, bootstrapObjects, isUnwanted } from "./bootstrap-objects.ts";
import {
  apiServerId,
  bootstrapAuthenticationTrust,
  bootstrapKubernetesService,
  bootstrapServiceCidr,
  bootstrapTokenTracking,
} from "./control-plane-objects.ts";

/** Of the gates that these objects look at, the ones that 1.36 turns on. */
const onByDefault = new Set([
  "APIServerIdentity",
  "ComponentFlagz",
  "ComponentStatusz",
  "DRADeviceTaints",
  "DRAExtendedResource",
  "DRAResourceClaimGranularStatusAuthorization",
  "KubeletServiceAccountTokenForCredentialProviders",
  "UnknownVersionInteroperabilityProxy",
]);
const gatesWith = (...more: string[]): FeatureGates => ({
  enabled: (name) => onByDefault.has(name) || more.includes(name),
});

const config: BootstrapConfig = {
  gates: gatesWith(),
  now: Date.UTC(2026, 10, 21, 10, 13, 21, 333),
  uuid: "36f08d44-1098-4272-947f-1b4ed189d983",
  hostname: "vm",
  serviceCidrs: ["10.0.0.0/24"],
  trust: {},
  groupVersions: [
    { group: "", version: "v1" },
    { group: "apps", version: "v1" },
    { group: "apiregistration.k8s.io", version: "v1" },
  ],
  rbac: true,
  serviceIp: "10.0.0.1",
  advertiseAddress: "192.0.2.7",
  securePort: 6443,
};

function counts(of: BootstrapConfig): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const { object } of bootstrapObjects(of)) {
    counted[object.kind ?? ""] = (counted[object.kind ?? ""] ?? 0) + 1;
  }
  return counted;
}

describe("the objects of a bare server", () => {
  test("are as many as upstream's", () => {
    expect(counts(config)).toEqual({
      Namespace: 4,
      APIService: 2,
      ClusterRole: 69,
      ClusterRoleBinding: 50,
      Role: 7,
      RoleBinding: 7,
      FlowSchema: 11,
      PriorityLevelConfiguration: 8,
      PriorityClass: 2,
      ServiceCIDR: 1,
      Service: 1,
      Endpoints: 1,
      EndpointSlice: 1,
      ConfigMap: 1,
      Lease: 1,
    });
  });

  test("have no two of one name", () => {
    const names = bootstrapObjects(config).map(
      ({ object: { kind, metadata } }) => `${kind} ${metadata.namespace}/${metadata.name}`,
    );
    expect(new Set(names).size).toBe(names.length);
  });

  test("leave RBAC's out where RBAC is off", () => {
    expect(counts({ ...config, rbac: false })["ClusterRole"]).toBeUndefined();
  });

  test.each([
    ["GenericWorkload", 70],
    ["ClusterTrustBundle", 71],
    ["StorageVersionMigrator", 70],
    ["DRADeviceTaintRules", 69],
  ])("have the roles of feature %s when it is on", (gate, roles) => {
    expect(counts({ ...config, gates: gatesWith(gate) })["ClusterRole"]).toBe(roles);
  });

  test("keep a rule of a feature out of a role while the feature is off", () => {
    const editRules = (gates: FeatureGates) =>
      JSON.stringify(
        bootstrapObjects({ ...config, gates }).find(
          ({ object }) => object.metadata.name === "system:aggregate-to-edit",
        )?.object,
      );
    expect(editRules(gatesWith())).not.toContain("podgroups");
    expect(editRules(gatesWith("GenericWorkload"))).toContain("podgroups");
  });

  test("are unchanged by a second start", () => {
    for (const { object, reconcile } of bootstrapObjects(config)) {
      if (object.kind === "Lease") continue;
      expect([object.kind, object.metadata.name, reconcile(object).action]).toEqual([
        object.kind,
        object.metadata.name,
        "none",
      ]);
    }
  });
});

test("the identity lease is named by a hash of the host name, and made anew at each start", () => {
  expect(apiServerId("vm")).toBe("apiserver-wlv32tlttr4jl3gtroqexyxapa");
  const lease = bootstrapObjects(config).find(({ object }) => object.kind === "Lease");
  expect(lease?.object).toMatchObject({
    metadata: { annotations: { "kubernetes.io/peer-advertise-address": "192.0.2.7:6443" } },
    spec: {
      holderIdentity: "apiserver-wlv32tlttr4jl3gtroqexyxapa_36f08d44-1098-4272-947f-1b4ed189d983",
      renewTime: "2026-11-21T10:13:21.333000Z",
    },
  });
  expect(lease?.reconcile(lease.object).action).toBe("recreate");
});

describe("the API services", () => {
  const expected = localApiService("apps", "v1")!;

  test("exist for every served version but the aggregator's own", () => {
    expect(expected.spec).toMatchObject({ groupPriorityMinimum: 17800, versionPriority: 15 });
    expect(localApiService("apiregistration.k8s.io", "v1")).toBeUndefined();
    expect(localApiService("__proto__", "v1")).toBeUndefined();
    expect(localApiService("apps", "constructor")).toBeUndefined();
  });

  test("follow the server unless somebody took the label away", () => {
    const edited = { ...expected, spec: { ...expected.spec, versionPriority: 1 } };
    expect(reconcileApiService(edited, expected)).toEqual({ action: "update", object: expected });
    const freed = { ...edited, metadata: { name: "v1.apps" } };
    expect(reconcileApiService(freed, expected)).toEqual({ action: "none" });
  });

  test("of versions that are no longer served are not wanted", () => {
    const old = localApiService("batch", "v1")!;
    expect(isUnwanted(old, config)).toBe(true);
    expect(isUnwanted(expected, config)).toBe(false);
    expect(isUnwanted({ ...old, metadata: { name: "v1.batch" } }, config)).toBe(false);
  });
});

describe("default/kubernetes", () => {
  const [, endpoints, slice] = bootstrapKubernetesService(config);

  test("takes over a new address", () => {
    const [, moved, movedSlice] = bootstrapKubernetesService({ ...config, advertiseAddress: "192.0.2.8" });
    expect(moved?.reconcile(endpoints!.object)).toMatchObject({
      action: "update",
      object: { subsets: [{ addresses: [{ ip: "192.0.2.8" }] }] },
    });
    expect(movedSlice?.reconcile(slice!.object).action).toBe("update");
  });

  test("gets a new slice for another address family, because the type is immutable", () => {
    const [, , other] = bootstrapKubernetesService({ ...config, advertiseAddress: "2001:db8::1" });
    expect(other?.reconcile(slice!.object)).toMatchObject({
      action: "recreate",
      object: { addressType: "IPv6" },
    });
  });
});

test("the service range only ever grows by a second family", () => {
  const now = "2026-11-21T10:13:21Z";
  const single = bootstrapServiceCidr(["10.0.0.0/24"], now);
  const dual = bootstrapServiceCidr(["10.0.0.0/24", "fd00::/112"], now);
  const other = bootstrapServiceCidr(["10.1.0.0/24"], now);
  expect(dual.reconcile(single.object)).toMatchObject({ action: "update", object: dual.object });
  expect(other.reconcile(single.object).action).toBe("none");
  expect(single.reconcile(dual.object).action).toBe("none");
});

test.each([
  ["2025-01-02", "none"],
  ["yesterday", "update"],
  ["2025-13-02", "update"],
])("a token-tracking date of %s means %s", (since, action) => {
  const { object, reconcile } = bootstrapTokenTracking("2026-11-21T10:13:21Z");
  expect(object.data).toEqual({ since: "2026-11-21" });
  expect(reconcile({ ...object, data: { since } }).action).toBe(action);
});

describe("what extension servers trust", () => {
  const ca = `-----BEGIN CERTIFICATE-----
MIIBgDCCASegAwIBAgIUMUM1EfKeLgsvU4CQJj2CkyAXzmwwCgYIKoZIzj0EAwIw
FjEUMBIGA1UEAwwLZXhhbXBsZS1jYTAeFw0yMDAxMDEwMDAwMDBaFw0yMDAxMDIw
-----END CERTIFICATE-----
`;

  test("is not written where there is nothing to trust", () => {
    expect(bootstrapAuthenticationTrust({}, config.now)).toEqual([]);
  });

  test("does not trip over a damaged bundle", () => {
    expect(bootstrapAuthenticationTrust({ clientCa: ca }, config.now)).toEqual([]);
  });
});
