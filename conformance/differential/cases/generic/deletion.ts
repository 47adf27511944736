import { raw, test } from "../../conversation.ts";
import { configMap, deployment, named, pod } from "../../objects.ts";

export const cases = [
  test("deletion: options", async (t) => {
    const all = t.path("v1/configmaps");
    const bodies: [string, Parameters<typeof t.delete>[1]][] = [
      ["an empty object", {}],
      ["no bytes", raw("application/json", "")],
      ["kind and version", { apiVersion: "v1", kind: "DeleteOptions" }],
      ["meta version", { apiVersion: "meta.k8s.io/v1", kind: "DeleteOptions" }],
      ["group version", { apiVersion: "apps/v1", kind: "DeleteOptions" }],
      ["wrong kind", { apiVersion: "v1", kind: "ConfigMap" }],
      ["wrong kind without a version", { kind: "ConfigMap" }],
      ["wrong version", { apiVersion: "example.com/v1", kind: "DeleteOptions" }],
      ["unknown field", { apiVersion: "v1", kind: "DeleteOptions", nonsense: 1 }],
      ["wrong type", { apiVersion: "v1", kind: "DeleteOptions", gracePeriodSeconds: "x" }],
      ["negative grace", { gracePeriodSeconds: -1 }],
      ["unknown policy", { propagationPolicy: "Sideways" }],
      ["policy and orphan", { propagationPolicy: "Orphan", orphanDependents: true }],
      ["orphan", { orphanDependents: true }],
      ["no orphan", { orphanDependents: false }],
      ["dry run", { dryRun: ["All"] }],
      ["unknown dry run", { dryRun: ["Some"] }],
      ["broken", raw("application/json", "{")],
      ["text", raw("text/plain", "{}")],
      ["YAML", raw("application/yaml", "kind: DeleteOptions\napiVersion: v1\n")],
      ["wrong uid", { preconditions: { uid: "11111111-1111-1111-1111-111111111111" } }],
      ["ignored store read error", { ignoreStoreReadErrorWithClusterBreakingPotential: true }],
      [
        "ignored store read error, dry",
        { ignoreStoreReadErrorWithClusterBreakingPotential: true, dryRun: ["All"] },
      ],
    ];
    for (const [remark, body] of bodies) {
      await t.ask("POST", all, configMap("a"));
      await t.delete(`${all}/a`, body, { remark });
      await t.get(`${all}/a`, { remark });
      await t.ask("DELETE", `${all}/a`);
      await t.ask(
        "PATCH",
        `${all}/a`,
        { metadata: { finalizers: null } },
        { headers: { "content-type": "application/merge-patch+json" } },
      );
    }
  }),
  test("deletion: options in the query", async (t) => {
    const all = t.path("v1/configmaps");
    const queries: Record<string, string>[] = [
      { dryRun: "All" },
      { dryRun: "x" },
      { dryRun: "" },
      { gracePeriodSeconds: "x" },
      { gracePeriodSeconds: "-1" },
      { gracePeriodSeconds: "5" },
      { propagationPolicy: "Orphan" },
      { propagationPolicy: "Foreground" },
      { propagationPolicy: "x" },
      { orphanDependents: "true" },
      { orphanDependents: "x" },
    ];
    for (const query of queries) {
      await t.ask("POST", all, configMap("a"));
      await t.delete(`${all}/a`, undefined, { query });
      await t.get(`${all}/a`);
      await t.ask(
        "PATCH",
        `${all}/a`,
        { metadata: { finalizers: null } },
        { headers: { "content-type": "application/merge-patch+json" } },
      );
      await t.ask("DELETE", `${all}/a`);
    }
  }),
  test("deletion: preconditions", async (t) => {
    const all = t.path("v1/configmaps");
    const created = await t.post(all, configMap("a"));
    const changed = await t.patch(`${all}/a`, { data: { a: "b" } });
    await t.delete(`${all}/a`, { preconditions: { resourceVersion: created.resourceVersion } });
    await t.delete(`${all}/a`, {
      preconditions: { uid: created.uid, resourceVersion: created.resourceVersion },
    });
    await t.delete(`${all}/a`, {
      preconditions: { uid: created.uid, resourceVersion: changed.resourceVersion },
    });
    await t.delete(`${all}/a`, { preconditions: { uid: created.uid } });
  }),
  test("deletion: finalizers", async (t) => {
    const all = t.path("v1/configmaps");
    await t.post(all, configMap("a", { metadata: { finalizers: ["example.com/x", "example.com/y"] } }));
    await t.delete(`${all}/a`);
    const doomed = await t.get(`${all}/a`);
    await t.delete(`${all}/a`, { propagationPolicy: "Foreground" }, { remark: "again" });
    await t.put(`${all}/a`, doomed.with({ "data.a": "b" }));
    await t.patch(
      `${all}/a`,
      { metadata: { finalizers: ["example.com/x", "example.com/y", "example.com/z"] } },
      { remark: "a new finalizer" },
    );
    await t.patch(`${all}/a`, { metadata: { finalizers: ["example.com/y"] } });
    await t.patch(`${all}/a`, { metadata: { deletionTimestamp: null } });
    await t.post(all, configMap("a"), { remark: "while it goes" });
    await t.apply(`${all}/a`, configMap("a", { data: { c: "d" } }), "m", { remark: "while it goes" });
    await t.patch(`${all}/a`, [{ op: "remove", path: "/metadata/finalizers" }]);
    await t.get(`${all}/a`);
  }),
  test("deletion: propagation", async (t) => {
    const all = t.path("apps/v1/deployments");
    for (const propagationPolicy of ["Orphan", "Foreground", "Background"]) {
      const name = propagationPolicy.toLowerCase();
      await t.post(all, deployment(name));
      await t.delete(`${all}/${name}`, { propagationPolicy });
      await t.get(`${all}/${name}`);
      await t.patch(`${all}/${name}`, { metadata: { finalizers: null } });
    }
    await t.post(all, deployment("both", {}));
    await t.delete(`${all}/both`, { orphanDependents: true });
    await t.delete(`${all}/both`, { propagationPolicy: "Foreground" });
    await t.delete(`${all}/both`, { propagationPolicy: "Background" });
    await t.get(`${all}/both`);
    const jobs = t.path("batch/v1/jobs");
    const job = named("batch/v1", "Job", "j", {
      spec: { template: { spec: { containers: [{ name: "c", image: "i" }], restartPolicy: "Never" } } },
    });
    await t.post(jobs, job);
    await t.delete(`${jobs}/j`, undefined, { remark: "the default of jobs" });
    await t.get(`${jobs}/j`);
    const rcs = t.path("v1/replicationcontrollers");
    const rc = named("v1", "ReplicationController", "r", {
      spec: {
        template: { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "c", image: "i" }] } },
      },
    });
    await t.post(rcs, rc);
    await t.delete(`${rcs}/r`, undefined, { remark: "the default of controllers" });
    await t.get(`${rcs}/r`);
  }),
  test("deletion: pods go gracefully", async (t) => {
    const all = t.path("v1/pods");
    await t.post(all, pod("unscheduled"));
    await t.delete(`${all}/unscheduled`);
    await t.get(`${all}/unscheduled`);
    await t.post(all, pod("bound", { nodeName: "n", terminationGracePeriodSeconds: 20 }));
    await t.delete(`${all}/bound`, { dryRun: ["All"] });
    await t.delete(`${all}/bound`);
    await t.delete(`${all}/bound`, undefined, { remark: "again" });
    await t.delete(`${all}/bound`, { gracePeriodSeconds: 50 }, { remark: "longer" });
    await t.delete(`${all}/bound`, { gracePeriodSeconds: 5 }, { remark: "shorter" });
    await t.get(`${all}/bound`);
    await t.delete(`${all}/bound`, { gracePeriodSeconds: 0 });
    await t.get(`${all}/bound`);
    await t.post(all, pod("done", { nodeName: "n" }));
    await t.patch(`${all}/done/status`, { status: { phase: "Succeeded" } });
    await t.delete(`${all}/done`);
    await t.post(all, pod("kept", { nodeName: "n" }, { finalizers: ["example.com/x"] }));
    await t.delete(`${all}/kept`, { gracePeriodSeconds: 0 });
    await t.get(`${all}/kept`);
    await t.post(all, pod("zero", { nodeName: "n", terminationGracePeriodSeconds: 0 }));
    await t.delete(`${all}/zero`);
    await t.get(`${all}/zero`);
    await t.post(all, pod("negative", { nodeName: "n" }));
    await t.delete(`${all}/negative`, { gracePeriodSeconds: -5 });
  }),
  test("deletion: collections", async (t) => {
    const all = t.path("v1/configmaps");
    for (const name of ["a", "b", "c", "d"]) {
      await t.ask("POST", all, configMap(name, { metadata: { labels: { name } } }));
    }
    await t.delete(all, undefined, { query: { labelSelector: "name=a" } });
    await t.delete(all, undefined, { query: { fieldSelector: "metadata.name=b" } });
    await t.delete(all, { preconditions: { uid: "x" } }, { remark: "preconditions" });
    await t.delete(all, undefined, { query: { dryRun: "All" } });
    await t.delete(all, undefined, { query: { limit: 1 } });
    await t.get(all);
    await t.delete(all, { propagationPolicy: "Foreground" }, { query: { labelSelector: "name=c" } });
    await t.delete(all, { propagationPolicy: "x" });
    await t.delete(all, undefined, { query: { resourceVersion: "x" } });
    await t.delete(all);
    await t.delete(all, undefined, { remark: "nothing left" });
    await t.get(all);
    const pods = t.path("v1/pods");
    await t.ask("POST", pods, pod("a"));
    await t.ask("POST", pods, pod("b", { nodeName: "n" }));
    await t.delete(pods, { gracePeriodSeconds: 5 });
    await t.get(pods);
    await t.delete("/api/v1/namespaces");
  }),
  test("deletion: other kinds for options", async (t) => {
    const at = t.path("v1/configmaps/none");
    const kinds = ["Status", "APIGroup", "WatchEvent", "ListOptions", "CreateOptions", "PatchOptions"];
    for (const kind of [...kinds, "Table", "PartialObjectMetadataList", "List", "Pod"]) {
      for (const apiVersion of ["v1", "meta.k8s.io/v1", "apps/v1", "nothing/v1", ""]) {
        await t.delete(at, { apiVersion, kind }, { remark: `${kind} of ${apiVersion || "nothing"}` });
      }
    }
  }),
  test("deletion: services and their leftovers", async (t) => {
    const all = t.path("v1/services");
    await t.post(all, named("v1", "Service", "s", { spec: { ports: [{ port: 80 }] } }));
    await t.delete(`${all}/s`);
    await t.delete(`${all}/s`);
    await t.post(t.path("v1/secrets"), named("v1", "Secret", "x"));
    await t.delete(`${t.path("v1/secrets")}/x`, undefined, {
      accept: "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
    });
  }),
];
