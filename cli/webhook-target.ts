import { KubeconfigError, readKubeconfig } from "../client/http/kubeconfig.ts";
import type { WebhookTarget } from "../server/auth/webhook-client.ts";
import { UsageError } from "./cluster-options.ts";

/**
 * Where a webhook is, from a kubeconfig: its cluster is the webhook, its user the API server.
 * flag: names the file in errors. @throws UsageError
 */
export async function readWebhookTarget(flag: string, path: string): Promise<WebhookTarget> {
  try {
    const { tokenFile: _, exec: __, ...target } = await readKubeconfig(path);
    return target;
  } catch (error) {
    if (error instanceof KubeconfigError) throw new UsageError(`${flag}: ${error.message}`);
    throw error;
  }
}
