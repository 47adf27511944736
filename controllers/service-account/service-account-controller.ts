import { StatusError } from "../../api/status.ts";
import { WorkQueue } from "../../client/work-queue.ts";
import type { ControllerContext } from "../controller.ts";
import { type Namespace, namespacesResource } from "../namespace/finish-namespace.ts";
import { isNamespaceGone } from "../namespace-gone.ts";

const serviceAccountsResource = { group: "", version: "v1", resource: "serviceaccounts" } as const;

/** Sees to it that every active namespace has the account "default". Source: pkg/controller/serviceaccount. */
export function makeServiceAccountController(context: ControllerContext): void {
  const { client, clock, signal, onError, informers, ready } = context;
  const namespaces = informers.of<Namespace>(namespacesResource);
  const accounts = informers.of(serviceAccountsResource);
  const work = async (name: string): Promise<void> => {
    if (namespaces.objects.get(name)?.status?.phase !== "Active" || accounts.objects.has(`${name}/default`))
      return;
    const account = {
      kind: "ServiceAccount",
      apiVersion: "v1",
      metadata: { name: "default", namespace: name },
    };
    try {
      await client.create({ ...serviceAccountsResource, namespace: name }, account);
    } catch (error) {
      const exists = error instanceof StatusError && error.reason === "AlreadyExists";
      if (!exists && !isNamespaceGone(error)) throw error;
    }
  };
  const queue = new WorkQueue({ clock, signal, onError, ready, work });
  accounts.onChange((now, before) => {
    if (!now) queue.add(before?.metadata.namespace ?? "");
  });
  namespaces.onChange((now) => {
    if (now) queue.add(now.metadata.name ?? "");
  });
}
