/** Writes and clusters for tests of plug-ins. */
import { defaultFeatureGates, type FeatureGates } from "../../api/feature-gates.ts";
import type { KubeObject } from "../../api/object.ts";
import { StatusError } from "../../api/status.ts";
import { type AdmissionAttributes, resourceKey } from "./attributes.ts";
import { AdmissionChain, type AdmissionPlugin } from "./chain.ts";
import type { AdmissionObjects } from "./objects.ts";

export const gates: FeatureGates = defaultFeatureGates();

type Cluster = Readonly<Record<string, readonly object[]>>;

/** A cluster with objects by resource: { "ingressclasses.networking.k8s.io": [named("a")] }. */
export function objectsOf(cluster: Cluster): AdmissionObjects {
  const inside = (resource: Parameters<typeof resourceKey>[0], namespace: string) =>
    ((cluster[resourceKey(resource, "")] ?? []) as readonly KubeObject[]).filter(
      ({ metadata }) => namespace === "" || metadata.namespace === namespace,
    );
  return {
    get: async (resource, namespace, name) =>
      inside(resource, namespace).find(({ metadata }) => metadata.name === name),
    list: async (resource, namespace) => inside(resource, namespace),
  };
}

/** An object with a name, and whatever else a test gives it. */
export const named = <T extends object>(name: string, rest?: T, metadata: object = {}) => ({
  metadata: { name, namespace: "ns", ...metadata },
  ...(rest as T),
});

/** Strict types would only be in the way of a test's few fields. */
type Write = Partial<Omit<AdmissionAttributes, "object" | "oldObject">> & {
  object?: object;
  oldObject?: object;
};

export interface Admitted {
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever it made.
  object: any;
  warnings: string[];
  /** Of the StatusError that refused the write. */
  error: { code: number; reason: string; message: string; causes: unknown } | undefined;
}

/** What a plug-in does to a write in both phases; object and oldObject are as hub objects are. */
export async function admitted(plugin: AdmissionPlugin, write: Write): Promise<Admitted> {
  const chain = new AdmissionChain([plugin]);
  const warnings: string[] = [];
  const object = write.object && structuredClone(write.object);
  const attributes = {
    operation: write.oldObject ? (object ? "UPDATE" : "DELETE") : "CREATE",
    group: "",
    version: "v1",
    subresource: "",
    kind: "",
    namespace: "ns",
    name: ((object ?? write.oldObject) as KubeObject | undefined)?.metadata.name ?? "",
    dryRun: false,
    user: { name: "somebody", groups: [] },
    warn: (message: string) => warnings.push(message),
    ...write,
    object,
  } as AdmissionAttributes;
  try {
    await chain.admit(attributes);
    await chain.validate(attributes);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    const { code, reason, message, details } = error;
    return { object, warnings, error: { code, reason, message, causes: details?.causes } };
  }
  return { object, warnings, error: undefined };
}
