/** Keeps the number of updaters small. Source: k8s.io/apimachinery managedfields/internal/capmanagers.go. */
import { compareBytes } from "../byte-order.ts";
import { type FieldSet, unionOf } from "./field-set.ts";
import {
  identityText,
  type Manager,
  type ManagerIdentity,
  type Managers,
  type ManagersBuilder,
  seconds,
} from "./managers.ts";

const maxUpdaters = 10;
const bucketName = "ancient-changes";

interface Bucket {
  identity: ManagerIdentity;
  fields: FieldSet[];
  time: string | undefined;
}

/** With more than ten updaters the oldest of each version become one, "ancient-changes". */
export function capManagers(managers: ManagersBuilder): Managers {
  if (managers.size <= maxUpdaters) return managers;
  const updaters = [...managers].filter(([, { operation }]) => operation === "Update");
  let count = updaters.length;
  if (count <= maxUpdaters) return managers;
  updaters.sort(([a, x], [b, y]) => seconds(x.time) - seconds(y.time) || compareBytes(a, b));
  const firstOfVersion = new Map<string, string>();
  const buckets = new Map<string, Bucket>();
  for (const [id, updater] of updaters) {
    if (count <= maxUpdaters) break;
    const { apiVersion } = updater;
    const first = firstOfVersion.get(apiVersion);
    if (first === undefined) {
      firstOfVersion.set(apiVersion, id);
      continue;
    }
    const bucket = buckets.get(apiVersion) ?? takeBucket(managers, apiVersion, first);
    buckets.set(apiVersion, bucket);
    managers.delete(id);
    bucket.fields.push(updater.fields);
    bucket.time = updater.time;
    count--;
  }
  for (const { identity, fields, time } of buckets.values()) {
    managers.set(identityText(identity), { ...identity, time, fields: unionOf(fields) });
  }
  return managers;
}

/** The bucket of a version: the one that there is, or its oldest updater. */
function takeBucket(managers: ManagersBuilder, apiVersion: string, first: string): Bucket {
  const identity = { manager: bucketName, operation: "Update", apiVersion, subresource: "" } as const;
  const id = identityText(identity);
  const known = managers.has(id) ? id : first;
  const { fields, time } = managers.get(known) as Manager;
  managers.delete(known);
  return { identity, fields: [fields], time };
}
