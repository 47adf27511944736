import { test } from "../../conversation.ts";
import { pod } from "../../objects.ts";

export const cases = [
  test("quantities: texts that are not canonical", async (t) => {
    const all = t.path("v1/pods");
    const texts = [
      "31.25Ki",
      "31.25Mi",
      "0.5Ki",
      "1000Ki",
      "1024",
      "1024Ki",
      "-0",
      "1e3",
      "1.5e3",
      "100E-1",
      "1000m",
    ];
    for (const [place, memory] of texts.entries()) {
      const container = { name: "c", image: "i", resources: { requests: { memory } } };
      const sent = pod(`p${place}`, { containers: [container] });
      await t.post(all, sent, { remark: memory });
      await t.get(`${all}/p${place}`);
      await t.post(all, { ...sent, metadata: { name: "tried" } }, { query: { dryRun: "All" } });
    }
    const refused = { limits: { memory: "1Ki" }, requests: { memory: "31.25Ki" } };
    await t.post(all, pod("q", { containers: [{ name: "c", image: "i", resources: refused }] }));
  }),
];
