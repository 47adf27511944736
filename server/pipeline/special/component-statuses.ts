import type { KubeObject } from "../../../api/object.ts";
import { loadTables } from "../../../api/schema/tables.ts";
import { notFound } from "../../../api/status.ts";
import { tableOf } from "../../../api/tables/tables.ts";
import type { SpecialHandlers } from "../endpoint.ts";
import { spokenAnswer } from "./spoken.ts";

/** Where a bare server looks for the others, and what it says when they do not run beside it. */
const absent = (port: number) =>
  `Get "https://127.0.0.1:${port}/healthz": dial tcp 127.0.0.1:${port}: connect: connection refused`;

function component(name: string, message: string, healthy: boolean): KubeObject {
  const condition = {
    type: "Healthy",
    status: healthy ? "True" : "False",
    message,
  };
  return { metadata: { name }, conditions: [condition] } as KubeObject;
}

const components: readonly KubeObject[] = [
  component("controller-manager", absent(10257), false),
  component("etcd-0", "ok", true),
  component("scheduler", absent(10259), false),
];

/** The deprecated list of components. Source: pkg/registry/core/componentstatus. */
export function componentStatuses(): SpecialHandlers {
  const struct = (kind: string) => loadTables().kind("", "v1", kind)!;
  const table = tableOf("", "ComponentStatus");
  return {
    hasTable: true,
    async get({ name }) {
      const found = components.find(({ metadata }) => metadata.name === name);
      if (!found) throw notFound({ group: "", resource: "componentstatus" }, name);
      const shown = { kind: "ComponentStatus", apiVersion: "v1", ...found };
      return { ...spokenAnswer(struct("ComponentStatus"), shown, 200), table };
    },
    async list(selection) {
      const items = components.filter(({ metadata: { labels = {}, name = "" } }) =>
        selection.matches({ labels, fields: { "metadata.name": name, "metadata.namespace": "" } }),
      );
      const list = { kind: "ComponentStatusList", apiVersion: "v1", metadata: {}, items };
      return { ...spokenAnswer(struct("ComponentStatusList"), list, 200), table };
    },
  };
}
