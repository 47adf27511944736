/** What controllers leave behind, in a form that is the same wherever they behave the same. */
import type { ResourceReference } from "../../index.ts";
import { type Any, core, inGroup, type World } from "./world.ts";

const workloads: readonly (readonly [group: string, resource: string])[] = [
  ...(["deployments", "replicasets", "statefulsets", "daemonsets", "controllerrevisions"] as const).map(
    (resource) => ["apps", resource] as const,
  ),
  ...(["jobs", "cronjobs"] as const).map((resource) => ["batch", resource] as const),
  ...(["replicationcontrollers", "pods", "persistentvolumeclaims"] as const).map(
    (resource) => ["", resource] as const,
  ),
];

/** Hashes of templates are of Go's structs upstream: nobody else can know them. */
const hashLabels = ["pod-template-hash", "controller-revision-hash"];

/** All objects of workloads in a namespace, and what events say about them. */
export async function workloadsIn({ client }: World, namespace: string): Promise<Any> {
  const outcome: Record<string, Any> = {};
  const listed = async (resource: ResourceReference) => (await client.list(resource)).items as Any[];
  for (const [group, resource] of workloads) {
    const items = await listed(
      group === "" ? core(resource, namespace) : inGroup(group, resource, namespace),
    );
    if (items.length > 0) outcome[resource] = items;
  }
  const said = (await listed(core("events", namespace)))
    .filter(({ involvedObject }) => !["Namespace", "ServiceAccount"].includes(involvedObject.kind))
    .map(({ involvedObject: { kind, name }, type, reason, message, source }) =>
      [kind, name, source?.component, type, reason, stepless(message)].join(" | "),
    );
  const { events, ...objects } = normalized({ ...outcome, events: said });
  return { ...objects, events: [...new Set(events)] };
}

/** In how many steps something grows, and how often similar things are said, is a matter of time. */
const stepless = (message: string): string =>
  message.replace("(combined from similar events): ", "").replace(/from \d+ to \d+$/, "from <n> to <n>");

function normalized(outcome: Any): Any {
  const hashes = new Set<string>();
  const collect = (value: Any): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, member] of Object.entries(value)) {
      if (hashLabels.includes(key) && typeof member === "string") hashes.add(member);
      collect(member);
    }
  };
  collect(outcome);
  // Longest first: a hash may be part of a revision's name.
  const known = [...hashes].sort((a, b) => b.length - a.length);
  const text = (value: string): string => {
    let plain = value.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>");
    plain = plain.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<uid>");
    for (const hash of known) plain = plain.replaceAll(hash, "<hash>");
    return plain
      .replace(/-[bcdfghjklmnpqrstvwxz2456789]{5}(?![\w-])/g, "-<random>")
      .replace(/-\d{8}(?!\d)/g, "-<minute>");
  };
  const plain = (value: Any, key = ""): Any => {
    if (key === "resourceVersion") return "<version>";
    // Each step of a rollout is one more.
    if (key === "generation" || key === "observedGeneration") return "<generation>";
    if (typeof value === "string") return text(value);
    if (Array.isArray(value)) return value.map((one) => plain(one));
    if (typeof value !== "object" || value === null) return value;
    const members = Object.entries(value).filter(([name]) => name !== "managedFields");
    return Object.fromEntries(
      members
        .map(([name, member]) => [text(name), plain(member, name)] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  };
  const sorted = (list: Any[]) =>
    list.map((one) => plain(one)).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return Object.fromEntries(Object.entries(outcome).map(([name, list]) => [name, sorted(list as Any[])]));
}

/** Lines of the second that the first has not, and the other way round. */
export function differences(expected: Any, actual: Any): string[] {
  const lines = (value: Any) => JSON.stringify(value, null, 2).split("\n");
  const [a, b] = [lines(expected), lines(actual)];
  const found: string[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (a[i] === b[j]) {
      i++;
      j++;
      continue;
    }
    const skipA = a.indexOf(b[j]!, i);
    const skipB = b.indexOf(a[i]!, j);
    if (skipB >= 0 && (skipA < 0 || skipB - j <= skipA - i)) found.push(`+ ${b[j++]}`);
    else if (i < a.length) found.push(`- ${a[i++]}`);
    else found.push(`+ ${b[j++]}`);
  }
  return found;
}
