import type { KubeObject } from "../../api/object.ts";
import { WorkQueue } from "../../client/work-queue.ts";
import type { ControllerContext } from "../controller.ts";
import { type Namespace, namespacesResource } from "../namespace/finish-namespace.ts";
import { isNamespaceGone } from "../namespace-gone.ts";

const configMapsResource = { group: "", version: "v1", resource: "configmaps" } as const;
const name = "kube-root-ca.crt";
const description = "kubernetes.io/description";
/** What upstream writes there, and tools compare. */
const descriptionText =
  "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the " +
  "internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";

interface ConfigMap extends KubeObject {
  data?: Readonly<Record<string, string>>;
}

/**
 * Keeps the authority that the server's certificate comes from in a ConfigMap of every namespace.
 * Source: pkg/controller/certificates/rootcacertpublisher.
 */
export function makeRootCaCertificatePublisher(context: ControllerContext): void {
  const { client, clock, signal, onError, informers, ready, rootCa } = context;
  const namespaces = informers.of<Namespace>(namespacesResource);
  const configMaps = informers.of<ConfigMap>(configMapsResource);
  const data = { "ca.crt": rootCa };
  const work = async (namespace: string): Promise<void> => {
    const resource = { ...configMapsResource, namespace };
    const known = configMaps.objects.get(`${namespace}/${name}`);
    if (known) {
      if (isRight(known, rootCa)) return;
      const annotations = { ...known.metadata.annotations, [description]: descriptionText };
      await client.update(resource, {
        ...known,
        metadata: { ...known.metadata, annotations },
        data,
      } as ConfigMap);
      return;
    }
    const metadata = { name, namespace, annotations: { [description]: descriptionText } };
    try {
      await client.create(resource, { kind: "ConfigMap", apiVersion: "v1", metadata, data } as ConfigMap);
    } catch (error) {
      if (!isNamespaceGone(error)) throw error;
    }
  };
  const queue = new WorkQueue({ clock, signal, onError, ready, work });
  configMaps.onChange((now, before) => {
    const { metadata } = (now ?? before)!;
    if (before && metadata.name === name) queue.add(metadata.namespace ?? "");
  });
  namespaces.onChange((now, before) => {
    const isActive = (now as Namespace | undefined)?.status?.phase === "Active";
    if (now && (!before || isActive)) queue.add(now.metadata.name ?? "");
  });
}

function isRight({ data, metadata }: ConfigMap, rootCa: string): boolean {
  const only = Object.keys(data ?? {}).length === 1 && data?.["ca.crt"] === rootCa;
  return only && !!metadata.annotations?.[description];
}
