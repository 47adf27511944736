import { test } from "../../conversation.ts";
import { configMap, named } from "../../objects.ts";

export const cases = [
  test("namespaces: life", async (t) => {
    const all = "/api/v1/namespaces";
    const created = await t.post(all, named("v1", "Namespace", "ns-life"));
    await t.post(all, named("v1", "Namespace", "ns-life"));
    await t.post(
      all,
      named("v1", "Namespace", "ns-spec", {
        spec: { finalizers: ["example.com/f", "kubernetes"] },
        status: { phase: "Terminating" },
      }),
    );
    await t.post(all, named("v1", "Namespace", "ns-bad", { spec: { finalizers: ["bad"] } }));
    await t.post(all, named("v1", "Namespace", "Bad.Name"));
    await t.put(`${all}/ns-life`, created.with({ "metadata.labels": { a: "b" } }), {
      remark: "the name label goes",
    });
    await t.put(
      `${all}/ns-life`,
      created.with({ "metadata.resourceVersion": undefined, "spec.finalizers": ["example.com/g"] }),
    );
    await t.get(`${all}/ns-life/status`);
    await t.patch(`${all}/ns-life/status`, { status: { phase: "Terminating" } });
    await t.patch(`${all}/ns-life/status`, { status: { conditions: [{ type: "A", status: "True" }] } });
    await t.get(`${all}/ns-life`, { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" });
    await t.delete(`${all}/ns-life`, undefined, { query: { dryRun: "All" } });
  }),
  test("namespaces: deletion and finalize", async (t) => {
    const all = "/api/v1/namespaces";
    await t.post(all, named("v1", "Namespace", "ns-final"));
    await t.post(`${all}/ns-final/configmaps`, configMap("a"));
    await t.delete(`${all}/ns-final`);
    const doomed = await t.get(`${all}/ns-final`);
    await t.delete(`${all}/ns-final`, undefined, { remark: "again" });
    await t.put(`${all}/ns-final`, doomed.with({ "spec.finalizers": [] }));
    await t.put(
      `${all}/ns-final/finalize`,
      doomed.with({ "spec.finalizers": ["kubernetes", "example.com/x"] }),
      { query: { dryRun: "All" } },
    );
    await t.put(`${all}/ns-final/finalize`, doomed.with({ "spec.finalizers": ["bad"] }));
    await t.put(
      `${all}/ns-final/finalize`,
      doomed.with({ "spec.finalizers": [], "metadata.resourceVersion": undefined }),
    );
    await t.get(`${all}/ns-final`);
    await t.get(`${all}/ns-final/configmaps`);
    await t.put(`${all}/missing/finalize`, named("v1", "Namespace", "missing"));
    await t.patch(`${all}/default/finalize`, {});
    await t.get(`${all}/default/finalize`);
  }),
  test("namespaces: the first four", async (t) => {
    for (const name of ["default", "kube-system", "kube-public", "kube-node-lease"])
      await t.get(`/api/v1/namespaces/${name}`);
    await t.delete("/api/v1/namespaces/default", undefined, { query: { dryRun: "All" } });
    await t.get("/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication", {
      compare: "head",
    });
    await t.get("/apis/scheduling.k8s.io/v1/priorityclasses");
    await t.get("/apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations", { compare: "head" });
    await t.get("/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas", { compare: "head" });
    await t.get("/api/v1/componentstatuses", { compare: "status" });
    await t.get("/api/v1/componentstatuses/nothing");
  }),
];
