import { test } from "../../conversation.ts";

const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

export const cases = [
  test("component statuses", async (t) => {
    const all = "/api/v1/componentstatuses";
    await t.get(all, { compare: "head" });
    await t.get(`${all}/etcd-0`);
    await t.get(`${all}/etcd-0`, { accept: TABLE });
    await t.get(all, { accept: TABLE, query: { fieldSelector: "metadata.name=etcd-0" } });
    await t.get(all, { query: { fieldSelector: "metadata.name=etcd-0" } });
    await t.get(all, { query: { fieldSelector: "nonsense=1" } });
    await t.get(all, { query: { labelSelector: "a=b" } });
    await t.get(all, { query: { labelSelector: "a in b" } });
    await t.get(all, { query: { watch: true } });
    await t.get("/api/v1/watch/componentstatuses");
    await t.get(`${all}/nothing`);
    await t.post(all, {});
    await t.delete(all);
  }),
];
