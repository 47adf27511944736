import { test } from "../conversation.ts";

const configMap = (name: string, data: Record<string, string> = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name },
  data,
});

export const cases = [
  test("configmaps: life", async (t) => {
    const all = t.path("v1/configmaps");
    const created = await t.post(all, configMap("a", { x: "1" }));
    await t.post(all, configMap("a"));
    await t.get(`${all}/a`);
    const updated = await t.put(`${all}/a`, created.with({ "data.x": "2" }));
    await t.put(`${all}/a`, updated.object);
    await t.put(`${all}/a`, created.object);
    const watch = await t.watch(all, { query: { resourceVersion: created.resourceVersion } });
    await watch.events(1);
    await t.delete(`${all}/a`);
    await watch.events(1);
    await watch.quiet();
    await t.get(all);
    await t.get(`${all}/a`);
  }),
];
