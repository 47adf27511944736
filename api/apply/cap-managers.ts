/** Keeps the number of updaters small. Source: k8s.io/apimachinery managedfields/internal/capmanagers.go. */
import { compareBytes } from "../byte-order.ts";
import { union } from "./field-set.ts";
import { changed, identityText, type Managers, type ManagersBuilder, seconds } from "./managers.ts";

const maxUpdaters = 10;
const bucketName = "ancient-changes";

/** With more than ten updaters the oldest of each version become one, "ancient-changes". */
export function capManagers(managers: ManagersBuilder): Managers {
  if (managers.size <= maxUpdaters) return managers;
  const updaters = [...managers].filter(([, { operation }]) => operation === "Update");
  let count = updaters.length;
  if (count <= maxUpdaters) return managers;
  updaters.sort(([a, x], [b, y]) => seconds(x.time) - seconds(y.time) || compareBytes(a, b));
  const firstOfVersion = new Map<string, string>();
  for (const [id, updater] of updaters) {
    if (count <= maxUpdaters) break;
    const { apiVersion } = updater;
    const first = firstOfVersion.get(apiVersion);
    if (first === undefined) {
      firstOfVersion.set(apiVersion, id);
      continue;
    }
    const bucket = { manager: bucketName, operation: "Update", apiVersion, subresource: "" } as const;
    const bucketId = identityText(bucket);
    let current = managers.get(bucketId);
    if (current === undefined) {
      const oldest = managers.get(first)!;
      managers.delete(first);
      current = { ...oldest, ...bucket };
    }
    managers.delete(id);
    managers.set(
      bucketId,
      changed(current, { fields: union(updater.fields, current.fields), time: updater.time }),
    );
    count--;
  }
  return managers;
}
